import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readImageChain } from "./image-chain.ts";

const folder = mkdtempSync(join(tmpdir(), "tsvirt-chain-"));
after(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const create = (...args: string[]) => execFileSync("qemu-img", ["create", "-q", ...args], { cwd: folder });

/** An overlay as old tools made them, without its backing image's format: the extension that names it is blanked. */
function createUnnamed(name: string, backing: string): void {
  create("-f", "qcow2", "-u", "-b", backing, "-F", "raw", name, "1M");
  const bytes = readFileSync(at(name));
  bytes.writeUInt32BE(0x12345678, bytes.indexOf(Buffer.from("e2792aca", "hex")));
  writeFileSync(at(name), bytes);
}

create("-f", "raw", "base.raw", "2M");
create("-f", "qcow2", "-b", "base.raw", "-F", "raw", "middle.qcow2");
create("-f", "qcow2", "-b", at("middle.qcow2"), "-F", "qcow2", "top.qcow2", "5M");

test("a chain is followed to its end, relative references from where they stand", async () => {
  const { layers, remote } = await readImageChain(at("top.qcow2"), "qcow2", "QEMU");
  assert.deepEqual(
    layers.map(({ path, format, capacity, type }) => ({ path, format, capacity, type })),
    [
      { path: at("top.qcow2"), format: "qcow2", capacity: 5n << 20n, type: "file" },
      { path: at("middle.qcow2"), format: "qcow2", capacity: 2n << 20n, type: "file" },
      { path: at("base.raw"), format: "raw", capacity: null, type: "file" },
    ],
  );
  assert.equal(layers[2]?.length, 2n << 20n);
  assert.equal(remote, null);
});

test("a chain may go on elsewhere", async () => {
  create("-f", "qcow2", "-u", "-b", "nbd://host/export", "-F", "raw", "remote.qcow2", "1M");
  const { layers, remote } = await readImageChain(at("remote.qcow2"), "qcow2", "QEMU");
  assert.equal(layers.length, 1);
  assert.deepEqual(remote, { reference: "nbd://host/export", format: "raw" });
});

test("missing images name themselves and who needs them", async () => {
  create("-f", "qcow2", "-u", "-b", "gone.raw", "-F", "raw", "orphan.qcow2", "1M");
  await assert.rejects(readImageChain(at("none"), "raw", "QEMU"), {
    code: 38,
    int1: 2,
    message: `Cannot access storage file '${at("none")}': No such file or directory`,
  });
  await assert.rejects(
    readImageChain(at("orphan.qcow2"), "qcow2", "QEMU"),
    /Cannot access backing file '.*gone.raw' of storage file '.*orphan.qcow2': No such file/,
  );
});

test("a loop ends in an error", async () => {
  create("-f", "qcow2", "-u", "-b", "b.qcow2", "-F", "qcow2", "a.qcow2", "1M");
  create("-f", "qcow2", "-u", "-b", "a.qcow2", "-F", "qcow2", "b.qcow2", "1M");
  await assert.rejects(readImageChain(at("a.qcow2"), "qcow2", "QEMU"), /self-referential/);
});

test("a backing image without a named format is raw or refused", async () => {
  createUnnamed("unnamed.qcow2", "base.raw");
  assert.equal((await readImageChain(at("unnamed.qcow2"), "qcow2", "QEMU")).layers[1]?.format, "raw");
  createUnnamed("risky.qcow2", "middle.qcow2");
  await assert.rejects(readImageChain(at("risky.qcow2"), "qcow2", "QEMU"), /was not specified in the image metadata/);
});

test("what is no image is refused", async () => {
  mkdirSync(at("folder"));
  await assert.rejects(readImageChain(at("folder"), "raw", "QEMU"), { code: 67 });
  writeFileSync(at("text"), "not qcow2 at all");
  chmodSync(at("text"), 0o600);
  await assert.rejects(
    readImageChain(at("text"), "qcow2", "QEMU"),
    /cannot read qcow2 image '.*text': this is no qcow2/,
  );
});
