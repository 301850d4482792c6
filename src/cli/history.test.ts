import assert from "node:assert/strict";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { History } from "./history.ts";

test("history keeps the latest lines, for its owner only", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-history-"));
  try {
    const history = new History("tsvirt", { XDG_CACHE_HOME: folder, TSVIRT_HISTSIZE: "2" });
    assert.deepEqual(await history.load(), []);
    await history.save(["a", "b", "c"]);
    assert.deepEqual(await history.load(), ["b", "c"]);
    assert.equal((await stat(join(folder, "tsvirt", "history"))).mode & 0o777, 0o600);
    assert.equal((await stat(join(folder, "tsvirt"))).mode & 0o777, 0o700);
  } finally {
    await rm(folder, { recursive: true });
  }
});
