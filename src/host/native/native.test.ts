import assert from "node:assert/strict";
import { once } from "node:events";
import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { descriptorOf, loadNative, type Native, NativeError, whenReadable } from "./index.ts";

async function nativeOrSkip(t: TestContext): Promise<Native | null> {
  const part = await loadNative();
  if (part.native === null) t.skip(`no native part: ${part.reason}`);
  return part.native;
}

async function socketPair(t: TestContext): Promise<readonly [Socket, Socket]> {
  const folder = await mkdtemp(join(tmpdir(), "native-"));
  const server = createServer({ pauseOnConnect: true });
  await new Promise<void>((resolve) => server.listen(join(folder, "s"), resolve));
  const here = connect(join(folder, "s"));
  const [there] = (await once(server, "connection")) as [Socket];
  t.after(async () => {
    here.destroy();
    there.destroy();
    server.close();
    await rm(folder, { recursive: true });
  });
  return [here, there];
}

const fdOf = (socket: Socket): number => descriptorOf(socket) ?? assert.fail("no descriptor");
const openFiles = () => readdirSync("/proc/self/fd").length;

test("the other end of a unix socket is known", async (t) => {
  const native = await nativeOrSkip(t);
  if (native === null) return;
  const [, there] = await socketPair(t);
  const mine = { pid: process.pid, uid: process.getuid?.(), gid: process.getgid?.() };
  assert.deepEqual(native.peerCredentials(fdOf(there)), mine);
  const file = openSync("/dev/null", "r");
  t.after(() => closeSync(file));
  assert.throws(
    () => native.peerCredentials(file),
    (error) => error instanceof NativeError && error.code === "ENOTSOCK",
  );
});

test("an open file goes through a unix socket, one with each byte, and none stays behind", async (t) => {
  const native = await nativeOrSkip(t);
  if (native === null) return;
  const [here, there] = await socketPair(t);
  const folder = await mkdtemp(join(tmpdir(), "native-"));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "f"), "what is in it");
  const before = openFiles();
  assert.equal(native.receiveDescriptor(fdOf(there)), null);
  for (let round = 0; round < 20; round++) {
    const file = openSync(join(folder, "f"), "r");
    assert.equal(native.sendDescriptor(fdOf(here), file), true);
    closeSync(file);
    const received = native.receiveDescriptor(fdOf(there));
    assert.equal(typeof received, "number");
    const buffer = Buffer.alloc(20);
    const length: number = readSync(Number(received), buffer, 0, 20, 0);
    assert.equal(buffer.toString("utf8", 0, length), "what is in it");
    assert.match(readFileSync(`/proc/self/fdinfo/${received}`, "utf8"), /^flags:\s+0?2\d{6,}/m, "children inherit it");
    closeSync(Number(received));
  }
  assert.equal(native.receiveDescriptor(fdOf(there)), null);
  assert.equal(openFiles(), before);
  here.write("x");
  await new Promise<void>((resolve) => whenReadable(native.duplicate(fdOf(there)), resolve));
  assert.throws(() => native.receiveDescriptor(fdOf(there)), /0 descriptors came/);
  assert.throws(() => native.sendDescriptor(fdOf(here), 9999), /EBADF|bad file/);
  here.destroy();
  await new Promise<void>((resolve) => whenReadable(native.duplicate(fdOf(there)), resolve));
  assert.equal(native.receiveDescriptor(fdOf(there)), "end");
});

test("a watch tells of what is there, takes nothing, and ends without a trace", async (t) => {
  const native = await nativeOrSkip(t);
  if (native === null) return;
  const [here, there] = await socketPair(t);
  const before = openFiles();
  const given = whenReadable(native.duplicate(fdOf(there)), () => assert.fail("it was given up"));
  given();
  const told = new Promise<void>((resolve) => whenReadable(native.duplicate(fdOf(there)), resolve));
  here.write("hello");
  await told;
  there.resume();
  const [data] = (await once(there, "data")) as [Buffer];
  assert.equal(data.toString(), "hello");
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(openFiles(), before);
});
