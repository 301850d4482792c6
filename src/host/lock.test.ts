import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isLibvirtError } from "../errors.ts";
import { lockFolder, lockPart } from "./lock.ts";
import { processId } from "./proc.ts";

async function temporaryFolder(context: { after(fn: () => Promise<void>): void }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-lock-"));
  context.after(() => rm(folder, { recursive: true }));
  return folder;
}

/** Another program that takes the lock, says so, and holds it until it is ended. */
async function holder(folder: string) {
  const module = JSON.stringify(import.meta.url.replace(/\.test\.([jt]s)$/, ".$1"));
  const script = `import(${module}).then(async ({ lockFolder }) => {
    await lockFolder(${JSON.stringify(folder)}, { domain: "QEMU" });
    process.stdout.write("held");
    setInterval(() => {}, 1000);
  })`;
  const child = spawn(process.execPath, [...process.execArgv, "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  return child;
}

test("a folder has one owner, and is free again when it lets go", async (context) => {
  const folder = await temporaryFolder(context);
  const lock = await lockFolder(folder, { domain: "QEMU" });
  await assert.rejects(lockFolder(folder, { domain: "QEMU" }), (error) => isLibvirtError(error, "RESOURCE_BUSY"));
  await lock.release();
  await lock.release();
  assert.deepEqual(await readdir(folder), []);
  await (await lockFolder(folder, { domain: "QEMU" })).release();
});

test("another program's lock names it, and goes with it when it is killed", async (context) => {
  const folder = await temporaryFolder(context);
  const child = await holder(folder);
  await assert.rejects(
    lockFolder(folder, { domain: "QEMU" }),
    new RegExp(`in use by the process with pid ${child.pid}`),
  );
  const waiting = lockFolder(folder, { domain: "QEMU", wait: new AbortController().signal });
  child.kill("SIGKILL");
  await (await waiting).release();
});

test("a waiting program may give up", async (context) => {
  const folder = await temporaryFolder(context);
  await using _lock = await lockFolder(folder, { domain: "QEMU" });
  const waiting = lockFolder(folder, { domain: "QEMU", wait: AbortSignal.timeout(20) });
  await assert.rejects(waiting, (error) => isLibvirtError(error, "OPERATION_TIMEOUT"));
});

test("an owner in another network namespace is seen by its file", async (context) => {
  const folder = await temporaryFolder(context);
  const other = await processId(process.ppid);
  await writeFile(join(folder, "owner.lock"), `${other?.pid} ${other?.startTime}\n`);
  await assert.rejects(lockFolder(folder, { domain: "QEMU" }), (error) => isLibvirtError(error, "RESOURCE_BUSY"));
  await writeFile(join(folder, "owner.lock"), `${other?.pid} 1\n`);
  await (await lockFolder(folder, { domain: "QEMU" })).release();
});

test("a holder is named whatever the file says of it", async (context) => {
  const folder = await temporaryFolder(context);
  const child = await holder(folder);
  const busy = (error: unknown) =>
    isLibvirtError(error, "RESOURCE_BUSY") && error.message.includes(`the process with pid ${child.pid}:`);
  try {
    // As between taking the lock and writing the file, and after a holder that was killed.
    await rm(join(folder, "owner.lock"));
    await assert.rejects(lockFolder(folder, { domain: "QEMU" }), busy);
    await writeFile(join(folder, "owner.lock"), `${process.pid} 1\n`);
    await assert.rejects(lockFolder(folder, { domain: "QEMU" }), busy);
  } finally {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  await (await lockFolder(folder, { domain: "QEMU" })).release();
});

test("parts of one program hold a lock together, each once", async (context) => {
  const folder = await temporaryFolder(context);
  const [one, other] = await Promise.all(["one", "other"].map((part) => lockPart(folder, part, { domain: "NETWORK" })));
  assert.ok(one && other);
  await assert.rejects(lockPart(folder, "one", { domain: "NETWORK" }), (error) =>
    isLibvirtError(error, "RESOURCE_BUSY"),
  );
  await one.release();
  await one.release();
  const [pid] = (await readFile(join(folder, "owner.lock"), "utf8")).split(" ");
  assert.equal(pid, String(process.pid));
  await other.release();
  assert.deepEqual(await readdir(folder), []);
});
