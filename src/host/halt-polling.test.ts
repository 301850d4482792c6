import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { haltPollingOf } from "./halt-polling.ts";

test("the kernel's polling for a guest is read, where it is told", async (t) => {
  const root = await mkdtemp(join(tmpdir(), "tsvirt-kvm-"));
  t.after(() => rm(root, { recursive: true }));
  assert.equal(await haltPollingOf(12, root), null);
  await mkdir(join(root, "12-9"));
  assert.equal(await haltPollingOf(12, root), null);
  await writeFile(join(root, "12-9", "halt_poll_success_ns"), "123\n");
  await writeFile(join(root, "12-9", "halt_poll_fail_ns"), "18446744073709551615\n");
  assert.deepEqual(await haltPollingOf(12, root), { success: 123n, fail: 18446744073709551615n });
  assert.equal(await haltPollingOf(1, root), null);
  assert.equal(await haltPollingOf(12, join(root, "missing")), null);
});
