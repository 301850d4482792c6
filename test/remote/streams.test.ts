/** Streams and open files between our client and libvirt's daemon, on files and on a running guest. */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { after, before, describe, test } from "node:test";
import {
  type Connection,
  type Domain,
  isLibvirtError,
  open,
  type StoragePool,
  type StorageVol,
  StorageVolDownloadFlags,
  StorageVolUploadFlags,
  silenceErrors,
} from "../../src/api/index.ts";
import { Libvirtd, withoutLibvirtd } from "./libvirtd.ts";

silenceErrors();

const MiB = 1024 * 1024;

const volumeXml = (name: string, capacity: number) =>
  `<volume><name>${name}</name><capacity>${capacity}</capacity><allocation>0</allocation></volume>`;

const guestXml = `<domain type='qemu'><name>guest</name><memory unit='MiB'>64</memory>
<os><type arch='x86_64' machine='pc'>hvm</type></os>
<devices><serial type='pty'/><console type='pty'/><video><model type='vga'/></video>
<graphics type='vnc' port='-1' autoport='no' socket='/run/vnc'/></devices></domain>`;

describe("streams of a daemon", { skip: withoutLibvirtd("/usr/bin/qemu-system-x86_64") }, () => {
  let daemon: Libvirtd;
  let conn: Connection;
  let pool: StoragePool;

  before(async () => {
    daemon = await Libvirtd.start({ network: true });
    conn = await open(daemon.uri("qemu", "/system"));
    const xml = "<pool type='dir'><name>p</name><target><path>/run/p</path></target></pool>";
    pool = await conn.storagePoolDefineXML(xml);
    await pool.build();
    await pool.create();
  });

  after(async () => {
    await conn?.close();
    await daemon?.stop();
  });

  /** The hash of `size` bytes that are made up on the way. */
  function source(size: number): { readonly chunks: Readable; digest(): string } {
    const hash = createHash("sha256");
    const chunk = randomBytes(MiB);
    function* pieces() {
      for (let at = 0; at < size; at += chunk.length) {
        chunk.writeUInt32LE(at / MiB);
        const piece = Buffer.from(chunk.subarray(0, Math.min(chunk.length, size - at)));
        hash.update(piece);
        yield piece;
      }
    }
    return { chunks: Readable.from(pieces(), { objectMode: false }), digest: () => hash.digest("hex") };
  }

  async function digestOf(volume: StorageVol): Promise<string> {
    const hash = createHash("sha256");
    for await (const chunk of await volume.download()) hash.update(chunk as Buffer);
    return hash.digest("hex");
  }

  test("what goes up comes down again, while calls go on", async () => {
    const size = 64 * MiB + 12_345;
    const volume = await pool.createXML(volumeXml("plain", size));
    const { chunks, digest } = source(size);
    const upload = pipeline(chunks, await volume.upload(0, size));
    const calls = Array.from({ length: 20 }, () => conn.getHostname());
    assert.equal(new Set(await Promise.all(calls)).size, 1);
    await upload;
    assert.equal(await digestOf(volume), digest());
    await volume.delete();
  });

  test("holes stay holes", async () => {
    const size = 16 * MiB;
    const volume = await pool.createXML(volumeXml("sparse", size));
    const data = randomBytes(MiB);
    const up = await volume.upload(0, 0, StorageVolUploadFlags.SPARSE_STREAM);
    await up.sendAll([data, { hole: BigInt(8 * MiB) }, data, { hole: BigInt(6 * MiB) }]);
    const { allocation } = await volume.info();
    assert.ok(allocation <= BigInt(3 * MiB), `${allocation} bytes are allocated`);
    const down = await volume.download(0, 0, StorageVolDownloadFlags.SPARSE_STREAM);
    let holes = 0n;
    let bytes = 0;
    for await (const chunk of down.chunks()) {
      if (chunk instanceof Uint8Array) bytes += chunk.length;
      else holes += chunk.hole;
    }
    assert.equal(holes + BigInt(bytes), BigInt(size));
    assert.equal(holes, BigInt(14 * MiB));
    const expected = Buffer.concat([data, Buffer.alloc(8 * MiB), data, Buffer.alloc(6 * MiB)]);
    assert.equal(await digestOf(volume), createHash("sha256").update(expected).digest("hex"));
    await volume.delete();
  });

  test("a stream that is broken off midway leaves the connection whole", async () => {
    const size = 32 * MiB;
    const volume = await pool.createXML(volumeXml("broken", size));
    const up = await volume.upload(0, size);
    await up.send(randomBytes(MiB));
    up.abort();
    const { chunks } = source(size);
    await pipeline(chunks, await volume.upload(0, size));
    const down = await volume.download(0, size);
    for await (const _ of down) break;
    assert.equal(down.destroyed, true);
    const control = new AbortController();
    const given = await volume.download(0, size, 0, { signal: control.signal });
    control.abort();
    await assert.rejects(
      async () => {
        for await (const _ of given);
      },
      (error) => isLibvirtError(error, "OPERATION_ABORTED"),
    );
    const beyond = await volume.upload(0, 10);
    await assert.rejects(beyond.sendAll([randomBytes(MiB)]), (error) => isLibvirtError(error));
    assert.match(await conn.getHostname(), /./);
    await volume.delete();
  });

  test("a reader that stops does not hold up calls", async () => {
    const size = 3 * MiB;
    const volume = await pool.createXML(volumeXml("slow", size));
    const { chunks, digest } = source(size);
    await pipeline(chunks, await volume.upload(0, size));
    const slow = await volume.download(0, size);
    assert.match(await conn.getHostname(), /./);
    const hash = createHash("sha256");
    for await (const chunk of slow) hash.update(chunk as Buffer);
    assert.equal(hash.digest("hex"), digest());
    await volume.delete();
  });

  describe("a running guest", () => {
    let guest: Domain;

    before(async () => {
      guest = await conn.createXML(guestXml);
    });

    after(() => guest?.destroy());

    test("its console", async () => {
      const console = await guest.openConsole(null, 0);
      // The firmware may say something or not; that the stream is open is seen by who comes second.
      await assert.rejects(guest.openConsole(null, 0), (error) => isLibvirtError(error, "OPERATION_FAILED"));
      await console.send(Buffer.from("\r"));
      console.abort();
      // The daemon closes the device when it learns of it: before it answers what comes later.
      assert.equal(await guest.isActive(), true);
    });

    test("its screen", async () => {
      const { stream, mimeType: mime } = await guest.screenshot(0);
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      const picture = Buffer.concat(chunks);
      assert.equal(mime, "image/png");
      assert.equal(picture.subarray(1, 4).toString(), "PNG");
    });

    test("open files go both ways", async () => {
      const descriptor = await guest.openGraphicsFD(0, 1);
      const greeting = Buffer.alloc(12);
      const reader = createReadStream("", { fd: descriptor });
      const [first] = (await reader.take(1).toArray()) as [Buffer];
      first.copy(greeting);
      assert.match(greeting.toString(), /^RFB 003\.\d+/);
      const own = openSync("/etc/hostname", "r");
      try {
        const command = JSON.stringify({ execute: "getfd", arguments: { fdname: "f" } });
        const answer = JSON.parse(await guest.qemuMonitorCommandWithFiles(command, [own])) as { return: unknown };
        assert.deepEqual(answer.return, {});
        // It is still ours.
        assert.ok(readSync(own, Buffer.alloc(1)) >= 0);
      } finally {
        closeSync(own);
      }
    });
  });
});
