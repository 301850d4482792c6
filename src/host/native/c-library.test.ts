/** The same by both ways to the C library, as far as they are there. */
import assert from "node:assert/strict";
import { closeSync, fstatSync, openSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { loadKoffi } from "./koffi.ts";
import { LinuxNative, NativeError } from "./native.ts";
import { loadNodeFfi } from "./node-ffi.ts";

const openFiles = (): number => readdirSync("/proc/self/fd").length;

for (const [name, library] of [
  ["koffi", await loadKoffi()],
  ["node:ffi", loadNodeFfi()],
] as const) {
  const skip = typeof library === "string" && library;
  if (typeof library === "string") {
    test(`sockets and open files by ${name}`, { skip }, () => {});
    continue;
  }
  test(`sockets and open files by ${name}`, () => {
    const before = openFiles();
    const native = new LinuxNative(library);
    const [one, other] = native.socketPair();
    const mine = { pid: process.pid, uid: process.getuid?.(), gid: process.getgid?.() };
    assert.deepEqual(native.peerCredentials(one), mine);
    assert.equal(native.receiveDescriptor(other), null);
    const file = openSync("/dev/null", "r");
    const again = native.duplicate(file);
    assert.notEqual(again, file);
    for (let count = 0; count < 200; count++) {
      assert.equal(native.sendDescriptor(one, file, count), true);
      const received = native.receiveDescriptor(other);
      assert.ok(typeof received === "number");
      assert.equal(fstatSync(received).rdev, fstatSync(file).rdev);
      closeSync(received);
    }
    let sent = 0;
    while (sent < 10_000 && native.sendDescriptor(one, file)) sent++;
    // It is full at some time, says so, and keeps what was sent.
    assert.ok(sent < 10_000);
    for (let left = sent; left > 0; left--) closeSync(native.receiveDescriptor(other) as number);
    closeSync(one);
    assert.equal(native.receiveDescriptor(other), "end");
    const failure = (error: unknown) => error instanceof NativeError && error.code === "EBADF";
    assert.throws(() => native.duplicate(99_999), failure);
    assert.throws(() => native.peerCredentials(99_999), failure);
    assert.throws(
      () => native.peerCredentials(file),
      (error) => error instanceof NativeError && error.code === "ENOTSOCK",
    );
    for (const descriptor of [other, file, again]) closeSync(descriptor);
    assert.equal(openFiles(), before);
  });

  test(`memory and calls to devices by ${name}`, () => {
    const [readWrite, privateAnonymous] = [3, 0x22];
    const address = library.mmap(8192, readWrite, privateAnonymous, -1);
    const view = new Uint8Array(library.view(address, 8192));
    view[8191] = 7;
    assert.equal(new Uint8Array(library.view(address, 8192))[8191], 7);
    assert.equal(library.mmap(8192, readWrite, privateAnonymous, -1) === address, false);
    assert.equal(library.mmap(0, readWrite, privateAnonymous, -1), 0xffff_ffff_ffff_ffffn);
    assert.equal(library.errno(), 22);
    // How many bytes can be read from a pipe or socket (FIONREAD).
    const native = new LinuxNative(library);
    const [one, other] = native.socketPair();
    native.sendDescriptor(one, other);
    const count = Buffer.alloc(4);
    assert.equal(library.ioctl(other, 0x541b, count), 0);
    assert.equal(new Int32Array(Uint8Array.from(count).buffer)[0], 1);
    for (const descriptor of [one, other]) closeSync(descriptor);
    assert.equal(library.ioctl(one, 0x541b, count), -1);
  });
}
