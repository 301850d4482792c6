/** A gibibyte into a volume and out of it, by libvirt's client and by ours; a guest's console by the real virsh. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createReadStream, existsSync } from "node:fs";
import { open, stat, statfs, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { open as openConnection, type StorageVol, silenceErrors } from "../../../src/api/index.ts";
import { type ProgramResult, Tsvirtd } from "../../helpers/tsvirtd.ts";
import { startHousehold } from "./guest.ts";

silenceErrors();

const mebibyte = 1024 * 1024;
const size = 1024 * mebibyte;
const { bavail, bsize } = await statfs(tmpdir());
const skip =
  spawnSync("virsh", ["--version"]).status !== 0
    ? "virsh is not installed"
    : bavail * bsize < 6 * size && `${tmpdir()} has less than 6 GiB to spare`;

/** A file whose every mebibyte is another one. */
async function writeData(path: string): Promise<void> {
  const file = await open(path, "w");
  const block = randomBytes(mebibyte);
  for (let at = 0; at < size / mebibyte; at++) {
    block.writeUInt32BE(at);
    await file.write(block);
  }
  await file.close();
}

async function digest(path: string): Promise<string> {
  const hash = createHash("sha1");
  for await (const chunk of createReadStream(path, { highWaterMark: mebibyte })) hash.update(chunk);
  return hash.digest("hex");
}

const allocated = async (path: string): Promise<number> => (await stat(path)).blocks * 512;

function ok({ code, stderr }: ProgramResult): void {
  assert.equal(code, 0, stderr);
}

test("a gibibyte goes into a volume and comes out of it", { skip }, async (t) => {
  const daemon = await Tsvirtd.start(t);
  const qemu = daemon.uri("qemu");
  const virsh = async (command: string) => ok(await daemon.virsh([command], qemu));
  const at = (name: string) => join(daemon.root, name);
  const pool = at("pool");
  const data = at("data");
  await virsh(`pool-define-as p dir --target ${pool}; pool-build p; pool-start p`);
  await virsh("vol-create-as p v 1G --allocation 0; vol-create-as p thin 1G --allocation 0");
  await writeData(data);
  const expected = await digest(data);

  await t.test("by libvirt's client", async () => {
    await virsh(`vol-upload v ${data} --pool p`);
    assert.equal(await digest(join(pool, "v")), expected);
    await virsh(`vol-download v ${at("back")} --pool p`);
    assert.equal(await digest(at("back")), expected);
  });

  await using conn = await openConnection(qemu);
  const volumes = await conn.storagePoolLookupByName("p");
  const volume = await volumes.storageVolLookupByName("v");

  await t.test("by ours", async () => {
    const hash = createHash("sha1");
    for await (const chunk of await volume.download()) hash.update(chunk as Uint8Array);
    assert.equal(hash.digest("hex"), expected);
  });

  await t.test("leaving out what was never written", async () => {
    const thin = at("thin");
    await truncate(data, 16 * mebibyte);
    await truncate(data, size);
    await virsh(`vol-upload thin ${data} --pool p --sparse; vol-download thin ${thin} --pool p --sparse`);
    assert.equal(await digest(thin), await digest(data));
    assert.ok((await allocated(join(pool, "thin"))) <= 32 * mebibyte);
    assert.ok((await allocated(thin)) <= 32 * mebibyte);
  });

  await t.test("given up midway, which harms nothing else", async () => {
    const breakOff = async (vol: StorageVol) => {
      const stream = await vol.download();
      await once(stream, "readable");
      stream.destroy();
    };
    await breakOff(volume);
    const words = ["-c", qemu, "vol-download", "v", at("half"), "--pool", "p"];
    const client = spawn("virsh", words, { stdio: "ignore" });
    const gone = once(client, "close");
    // Midway is when the first bytes have come.
    while (!existsSync(at("half")) || (await stat(at("half"))).size === 0) await conn.getHostname();
    client.kill("SIGKILL");
    await gone;
    await breakOff(volume);
    assert.equal((await volume.info()).capacity, BigInt(size));
    await virsh("vol-delete v --pool p; vol-delete thin --pool p");
  });
});

test("a guest's console by the real virsh", {
  skip: skip || (spawnSync("script", ["--version"]).status === 0 ? false : "script is not installed"),
}, async (t) => {
  const { qemu } = await startHousehold(t);
  // virsh wants a terminal: script gives it one.
  const words = ["-q", "-c", `virsh -c '${qemu}' console guest --force`, "/dev/null"];
  const terminal = spawn("script", words, { stdio: ["pipe", "pipe", "ignore"] });
  t.after(() => terminal.kill());
  const closed = once(terminal, "close");
  let seen = "";
  for await (const text of terminal.stdout.setEncoding("utf8")) {
    seen += text;
    // Control and ] leaves.
    if (/Escape character is[\s\S]*tick/.test(seen) && terminal.stdin.writable) terminal.stdin.end("\u001d");
  }
  assert.match(seen, /Connected to domain 'guest'/);
  assert.deepEqual(await closed, [0, null]);
});
