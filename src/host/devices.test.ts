import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { isCdromDrive, majorOf, mayOpen, renderNodes, scsiGeneric } from "./devices.ts";
import type { FileTree } from "./node/file-tree.ts";

const tree = (files: Record<string, readonly string[]>): FileTree => ({
  read: async () => null,
  list: async (path) => files[path] ?? [],
});

test("a SCSI device's generic node", async () => {
  const sys = tree({ "bus/scsi/devices/3:0:1:4/scsi_generic": ["sg7"] });
  const place = { adapter: "scsi_host3", bus: 0, target: 1, unit: 4n };
  assert.equal(await scsiGeneric(place, sys), "/dev/sg7");
  assert.equal(await scsiGeneric({ ...place, unit: 5n }, sys), null);
  assert.equal(await scsiGeneric({ ...place, adapter: "../3" }, sys), null);
});

test("graphics cards that render, by number", async () => {
  const dev = tree({ dri: ["renderD130", "card0", "by-path", "renderD128", "renderD1000"] });
  assert.deepEqual(await renderNodes(dev), ["/dev/dri/renderD128", "/dev/dri/renderD130", "/dev/dri/renderD1000"]);
  assert.deepEqual(await renderNodes(tree({})), []);
});

test("the major number of devices", () => {
  // 11:0 and 259:3, as the kernel packs them.
  assert.equal(majorOf(0xb00), 11);
  assert.equal(majorOf(0x1_0303), 0x103);
});

test("what is no CD-ROM drive, whatever it is called", async () => {
  assert.equal(await isCdromDrive("/dev/null"), false);
  assert.equal(await isCdromDrive("/no/such/sr0"), false);
});

test("a real CD-ROM drive", { skip: existsSync("/dev/sr0") ? false : "this host has no /dev/sr0" }, async () => {
  assert.equal(await isCdromDrive("/dev/sr0"), true);
});

test("whether a device may be opened", async () => {
  assert.equal(await mayOpen("/dev/null"), true);
  assert.equal(await mayOpen("/dev/no-such-device"), null);
});
