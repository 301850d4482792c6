import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeCapabilities } from "../../../../../test/helpers/qemu-capabilities.ts";
import { keyValue, ranges } from "./key-value.ts";
import { chardev, device, netdev, object, option } from "./make-part.ts";
import type { Part } from "./part.ts";
import { renderParts } from "./render.ts";

const older = fakeCapabilities([]);
const newer = fakeCapabilities(["object.qapified", "device.json+hotplug", "netdev.json"]);
const line = (...parts: Part[]) => renderParts(parts, older);

test("a comma in a value does not end it", () => {
  assert.equal(keyValue("a,b", { path: "/x,y", skip: undefined }), "a,,b,path=/x,,y");
});

test("members of members are dotted, plain lists repeat the key, other lists are numbered", () => {
  assert.equal(keyValue(undefined, { a: { b: true, c: { d: 1 } } }), "a.b=on,a.c.d=1");
  assert.equal(
    keyValue(undefined, { nodes: [0, 1, 2, 5], "dns-search": [{ str: "x" }, { str: "y" }] }),
    "nodes=0-2,nodes=5,dns-search=x,dns-search=y",
  );
  assert.equal(
    keyValue(undefined, { server: [{ host: "a", port: 1 }, { host: "b" }] }),
    "server.0.host=a,server.0.port=1,server.1.host=b",
  );
  assert.deepEqual(ranges([3, 4, 5, 9]), ["3-5", "9"]);
});

test("objects, devices and netdevs are JSON for emulators that take it", () => {
  const parts = [object("iothread", "t1", {}), device("pvpanic", { ioport: 5 }), netdev("user", "n0", {})];
  assert.deepEqual(renderParts(parts, older), [
    ...["-object", "iothread,id=t1"],
    ...["-device", "pvpanic,ioport=5"],
    ...["-netdev", "user,id=n0"],
  ]);
  assert.deepEqual(renderParts(parts, newer), [
    ...["-object", '{"qom-type":"iothread","id":"t1"}'],
    ...["-device", '{"driver":"pvpanic","ioport":5}'],
    ...["-netdev", '{"type":"user","id":"n0"}'],
  ]);
});

test("numbers beyond what a JavaScript number holds keep their digits", () => {
  const size = 2n ** 63n + 1n;
  assert.deepEqual(renderParts([object("memory-backend-ram", "m", { size })], newer), [
    "-object",
    `{"qom-type":"memory-backend-ram","id":"m","size":${size}}`,
  ]);
});

test("character devices go by the command line's names", () => {
  const unix = { addr: { type: "unix", data: { path: "/s,t" } }, server: true, wait: false };
  assert.deepEqual(line(chardev("c", "socket", unix)), ["-chardev", "socket,id=c,path=/s,,t,server=on,wait=off"]);
  const fd = { addr: { type: "fd", data: { str: "3" } }, server: false };
  assert.deepEqual(line(chardev("c", "socket", fd)), ["-chardev", "socket,id=c,fd=3"]);
  const inet = (host: string, port: string) => ({ type: "inet", data: { host, port } });
  assert.deepEqual(line(chardev("c", "udp", { remote: inet("h", "1"), local: inet("", "2") })), [
    "-chardev",
    "udp,id=c,host=h,port=1,localaddr=,localport=2",
  ]);
  assert.deepEqual(line(chardev("c", "file", { out: "/f", append: true, logfile: "/l", logappend: false })), [
    "-chardev",
    "file,id=c,path=/f,append=on,logfile=/l",
  ]);
});

test("options are said as they are", () => {
  assert.deepEqual(line(option("-append", "a, b")), ["-append", "a, b"]);
});
