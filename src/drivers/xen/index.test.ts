import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Session } from "../../driver/session.ts";
import { parseConnectionUri } from "../../driver/uri.ts";
import { isLibvirtError } from "../../errors.ts";
import { Hypervisor } from "./hypervisor/index.ts";
import { xenDriver } from "./index.ts";

const skip = existsSync("/run/xenstored/socket") ? "Xen runs here" : false;

test("where Xen does not run, that is said, and nothing is held", { skip }, async (t) => {
  const root = await mkdtemp(join(tmpdir(), "xen-"));
  t.after(() => rm(root, { recursive: true }));
  const uri = parseConnectionUri(`xen:///embed?root=${root}`);
  for (let attempt = 0; attempt < 2; attempt++) {
    const session = new Session({ uri, readOnly: false, sink: () => {} });
    await assert.rejects(
      async () => xenDriver.open(session, {}),
      (error) => isLibvirtError(error, "NO_CONNECT") && /Xen does not run here/.test(error.message),
    );
  }
});

test("a hypervisor that cannot be called is a reason, not a failure", { skip }, async () => {
  const opened = await Hypervisor.open();
  assert.match(String(opened), /privcmd|koffi|C library|made for/);
});
