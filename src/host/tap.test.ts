import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile, readlink } from "node:fs/promises";
import { basename } from "node:path";
import { type TestContext, test } from "node:test";
import { isLibvirtError } from "../errors.ts";
import { runProgram } from "./program.ts";
import { createTap, deleteTap, tapAddress } from "./tap.ts";

const domain = "QEMU";
const ip = (...args: string[]) => runProgram("ip", args, { domain });

const bridge = `tsvb${process.pid % 100_000}`;
const form = `tsvt${process.pid % 100_000}x%d`;

/** Making devices takes the right to do so. */
function mayMakeDevices(): boolean {
  const probe = `tsvp${process.pid % 100_000}`;
  if (spawnSync("ip", ["tuntap", "add", "dev", probe, "mode", "tap"]).status !== 0) return false;
  return spawnSync("ip", ["link", "delete", "dev", probe]).status === 0;
}

const skip = mayMakeDevices() ? false : "network devices cannot be made here";

async function withBridge(t: TestContext): Promise<void> {
  await ip("link", "add", bridge, "type", "bridge");
  t.after(() => ip("link", "delete", "dev", bridge));
}

const read = async (name: string, file: string) => (await readFile(`/sys/class/net/${name}/${file}`, "utf8")).trim();

test("a tap device is up, in its bridge, with its address and owner", { skip }, async (t) => {
  await withBridge(t);
  const mac = tapAddress("52:54:00:12:34:56");
  const name = await createTap({ name: form, bridge, mac, mtu: 1400, owner: { uid: 65534, gid: 65534 }, domain });
  t.after(() => deleteTap(name, domain));
  assert.equal(basename(await readlink(`/sys/class/net/${name}/master`)), bridge);
  assert.equal(await read(name, "address"), "fe:54:00:12:34:56");
  assert.equal(await read(name, "mtu"), "1400");
  assert.equal(await read(name, "owner"), "65534");
  assert.equal(Number(await read(name, "flags")) & 1, 1, "it is not up");
});

test("numbers are not given twice, and deleting is done once", { skip }, async (t) => {
  const names = await Promise.all([1, 2, 3].map(() => createTap({ name: form, domain })));
  t.after(() => Promise.all(names.map((name) => deleteTap(name, domain))));
  assert.equal(new Set(names).size, 3);
  const [first = ""] = names;
  await deleteTap(first, domain);
  await deleteTap(first, domain);
});

test("a bridge that is not there is named, and nothing is left", { skip }, async () => {
  const name = form.replace("%d", "99");
  await assert.rejects(
    createTap({ name, bridge: "nosuchbridge", domain }),
    (error) => isLibvirtError(error, "SYSTEM_ERROR") && /nosuchbridge/.test(error.message),
  );
  await assert.rejects(read(name, "address"));
});

test("a fault after the device was made takes it away again", { skip }, async () => {
  const name = form.replace("%d", "98");
  await assert.rejects(createTap({ name, mtu: 1, domain }), /mtu|invalid/i);
  await assert.rejects(read(name, "address"));
});

test("names that are none are refused before anything is run", async () => {
  for (const name of ["", "a/b", "x".repeat(16), "..", "a b"]) {
    await assert.rejects(createTap({ name, domain }), (error) => isLibvirtError(error, "INVALID_ARG"), name);
  }
});
