import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isLibvirtError } from "../errors.ts";
import { exists } from "./files.ts";
import { takePidFile } from "./pid-file.ts";

test("a pid file has one holder, who is named to others, and goes with him", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-pid-"));
  context.after(() => rm(folder, { recursive: true }));
  const path = join(folder, "run", "daemon.pid");
  const lock = await takePidFile(path, "NONE");
  assert.equal(await readFile(path, "utf8"), `${process.pid}\n`);
  await assert.rejects(takePidFile(path, "NONE"), (error) => {
    return isLibvirtError(error, "RESOURCE_BUSY") && error.message.includes(`pid ${process.pid}`);
  });
  await lock.release();
  assert.equal(await exists(path), false);
  // What a daemon that was killed leaves behind keeps nobody out.
  await writeFile(path, "1234567890\n");
  const next = await takePidFile(path, "NONE");
  assert.equal(await readFile(path, "utf8"), `${process.pid}\n`);
  await next.release();
});
