import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { temporaryFolder } from "../../test/helpers/qemu.ts";
import { connectUnix, listenForChild } from "./unix.ts";

/** Serves descriptor 3: greets each caller after a while, ends with the first. */
const SERVER = `
  const server = require("net").createServer((s) => { s.end("hello"); server.close(); });
  setTimeout(() => server.listen({ fd: 3 }), 50);
`;

test("a child serves the listener; callers need not wait until it does", async (t) => {
  const folder = join(await temporaryFolder(t), "long".repeat(40));
  await mkdir(folder);
  const path = join(folder, "s");
  const listener = await listenForChild(path);
  const child = spawn(process.execPath, ["-e", SERVER], { stdio: ["ignore", "inherit", "inherit", listener.fd] });
  await listener.release();
  assert.deepEqual(await readdir(folder), ["s"]);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.equal(await text(await connectUnix(path)), "hello");
  await once(child, "exit");
});

test("a child that dies before it answers breaks the waiting connection", async (t) => {
  const path = join(await temporaryFolder(t), "s");
  const listener = await listenForChild(path);
  const child = spawn(process.execPath, ["-e", "0"], { stdio: ["ignore", "inherit", "inherit", listener.fd] });
  await listener.release();
  const socket = await connectUnix(path);
  const [error] = await once(socket, "error").catch((e: unknown) => [e]);
  assert.equal((error as NodeJS.ErrnoException).code, "ECONNRESET");
  if (child.exitCode === null) await once(child, "exit");
  await assert.rejects(connectUnix(path), { code: "ECONNREFUSED" });
});

test("a listener takes over the path that a dead one left", async (t) => {
  const path = join(await temporaryFolder(t), "s");
  await (await listenForChild(path)).release();
  await assert.rejects(connectUnix(path), { code: "ECONNREFUSED" });
  const again = await listenForChild(path);
  await connectUnix(path).then((socket) => socket.destroy());
  await again.release();
});

test("no folder, no listener", async () => {
  await assert.rejects(listenForChild("/nonexistent/folder/s"), { code: "EACCES" }); // What libuv makes of ENOENT.
});
