/** Streams over a real socket: our client on libvirt's daemon and on tsvirtd, and libvirt's client on tsvirtd. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { isLibvirtError, LibvirtError } from "../../src/errors.ts";
import type { StoragePool, StorageVol } from "../../src/protocol/index.ts";
import {
  duplexTransport,
  isHole,
  maxStreamChunk,
  RpcClient,
  type StreamChunk,
  type StreamEnd,
  streamPair,
} from "../../src/rpc/index.ts";
import { shortFolder, Tsvirtd } from "../helpers/tsvirtd.ts";
import { Libvirtd, withoutLibvirtd } from "../remote/libvirtd.ts";

const skip = withoutLibvirtd("/usr/bin/virsh");
const sparse = 1;
const mebibyte = 1024 * 1024;

/** A daemon with a connection to it and a pool to put volumes in. */
interface Place {
  readonly client: RpcClient;
  readonly pool: StoragePool;
}

async function openAt(t: TestContext, socketPath: string, uri: string): Promise<RpcClient> {
  const socket = connect(socketPath);
  await once(socket, "connect");
  const client = new RpcClient(duplexTransport(socket), { onEvent() {} });
  t.after(() => client.close());
  await client.call("authList", {});
  await client.call("connectOpen", { name: uri, flags: 0 });
  return client;
}

const places: Readonly<Record<string, (t: TestContext) => Promise<Place>>> = {
  libvirtd: async (t) => {
    const daemon = await Libvirtd.start();
    t.after(() => daemon.stop());
    const client = await openAt(t, daemon.socket, "storage:///system");
    const folder = join(daemon.folder, "pool");
    await mkdir(folder);
    const xml = `<pool type='dir'><name>p</name><target><path>${folder}</path></target></pool>`;
    return { client, ...(await client.call("storagePoolCreateXml", { xml, flags: 0 })) };
  },
  tsvirtd: async (t) => {
    const daemon = await Tsvirtd.start(t);
    const client = await openAt(t, daemon.socket(), "test:///default");
    return { client, ...(await client.call("storagePoolLookupByName", { name: "default-pool" })) };
  },
};

async function volume({ client, pool }: Place, name: string, capacity: number): Promise<StorageVol> {
  const xml = `<volume><name>${name}</name><capacity>${capacity}</capacity></volume>`;
  return (await client.call("storageVolCreateXml", { pool, xml, flags: 0 })).vol;
}

type Transfer = "storageVolUpload" | "storageVolDownload";

async function open({ client }: Place, name: Transfer, vol: StorageVol, flags = 0, offset = 0, length = 0) {
  const [own, far] = streamPair();
  const range = { vol, offset: BigInt(offset), length: BigInt(length), flags };
  await client.call(name, range, { stream: far });
  if (name === "storageVolDownload") own.end();
  return own;
}

async function collect(stream: StreamEnd): Promise<StreamChunk[]> {
  const chunks: StreamChunk[] = [];
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) chunks.push(chunk);
  return chunks;
}

/** What chunks hold when holes are read as zeros. */
function content(chunks: readonly StreamChunk[]): Buffer {
  return Buffer.concat(chunks.map((chunk) => (isHole(chunk) ? Buffer.alloc(Number(chunk.hole)) : chunk)));
}

for (const [name, start] of Object.entries(places)) {
  test(`volumes go to and come from ${name} through our client`, { skip }, async (t) => {
    const place = await start(t);
    const data = randomBytes(3 * mebibyte + 5);
    const vol = await volume(place, "v", 4 * mebibyte);

    await t.test("whole, and a part of them", async () => {
      const upload = await open(place, "storageVolUpload", vol, 0, 100);
      for (let at = 0; at < data.length; at += 700_001) upload.write(data.subarray(at, at + 700_001));
      upload.end();
      assert.deepEqual(await collect(upload), []);
      const back = content(await collect(await open(place, "storageVolDownload", vol, 0, 100, data.length)));
      assert.ok(back.equals(data));
      assert.equal(content(await collect(await open(place, "storageVolDownload", vol))).length, 4 * mebibyte);
      const none = await open(place, "storageVolUpload", vol);
      none.end();
      assert.deepEqual(await collect(none), []);
    });

    await t.test("with holes", async () => {
      const holey = await volume(place, "holey", 2 * mebibyte);
      const upload = await open(place, "storageVolUpload", holey, sparse);
      upload.write(data.subarray(0, 4096));
      upload.writeHole(BigInt(mebibyte));
      upload.end(data.subarray(0, 4096));
      await collect(upload);
      const chunks = await collect(await open(place, "storageVolDownload", holey, sparse));
      const whole = content(chunks);
      // libvirt's daemon cuts a file where a sparse upload ends.
      const expected = Buffer.alloc(mebibyte + 8192);
      data.copy(expected, 0, 0, 4096);
      data.copy(expected, 4096 + mebibyte, 0, 4096);
      assert.ok(whole.subarray(0, expected.length).equals(expected));
      // Of a file, its file system has to know the holes.
      if (name === "tsvirtd") assert.ok(chunks.some(isHole));
    });

    await t.test("no further than they fit", async () => {
      const upload = await open(place, "storageVolUpload", vol, 0, 0, 10);
      const failed = once(upload, "error");
      upload.end(data.subarray(0, 1000));
      const [error] = await failed;
      assert.ok(isLibvirtError(error, "SYSTEM_ERROR"));
      assert.deepEqual([error.message, error.int1], ["cannot write to stream: No space left on device", 28]);
    });

    await t.test("until they are broken off, which leaves the connection usable", async () => {
      for (const transfer of ["storageVolUpload", "storageVolDownload"] as const) {
        const stream = await open(place, transfer, vol);
        if (transfer === "storageVolUpload") stream.write(data.subarray(0, maxStreamChunk));
        else await once(stream, "readable");
        stream.destroy(new LibvirtError("OPERATION_ABORTED", "STREAMS", "enough"));
        const { info } = await infoOf(place);
        assert.equal(info.state, 2);
      }
    });

    await t.test("several at once, beside ordinary calls", async () => {
      const upload = await open(place, "storageVolUpload", vol);
      upload.end(data);
      await collect(upload);
      const downloads = await Promise.all(
        [1, 2, 3].map(() => open(place, "storageVolDownload", vol, 0, 0, data.length)),
      );
      const all = downloads.map(collect);
      for (let call = 0; call < 20; call++) await infoOf(place);
      for (const chunks of await Promise.all(all)) assert.ok(content(chunks).equals(data));
    });
  });
}

async function infoOf({ client, pool }: Place) {
  return { info: await client.call("storagePoolGetInfo", { pool }) };
}

test("libvirt's client moves volumes to and from tsvirtd", { skip }, async (t) => {
  const daemon = await Tsvirtd.start(t);
  // The state of the test driver lives as long as somebody has it open.
  await openAt(t, daemon.socket(), "test:///default");
  const folder = await shortFolder(t);
  const [from, to] = [join(folder, "from"), join(folder, "to")];
  const virsh = async (...args: string[]) => {
    const { code, stderr } = await daemon.virsh(args);
    assert.equal(code, 0, `virsh ${args.join(" ")}: ${stderr}`);
  };
  const data = Buffer.concat([randomBytes(2 * mebibyte), Buffer.alloc(2 * mebibyte), randomBytes(mebibyte)]);
  await writeFile(from, data);
  await virsh("vol-create-as", "default-pool", "v", `${data.length}`);
  for (const option of [[], ["--sparse"]]) {
    await virsh("vol-upload", "v", from, "--pool", "default-pool", ...option);
    await virsh("vol-download", "v", to, "--pool", "default-pool", ...option);
    assert.ok((await readFile(to)).equals(data));
  }
  await virsh("vol-download", "v", to, "--pool", "default-pool", "--offset", "5", "--length", "70");
  assert.ok((await readFile(to)).equals(data.subarray(5, 75)));
  await virsh("vol-create-as", "default-pool", "small", "1000");
  const { code, stderr } = await daemon.virsh(["vol-upload", "small", from, "--pool", "default-pool"]);
  assert.equal(code, 1);
  assert.match(stderr, /cannot (send data to|close) volume small[\s\S]*No space left on device/);
  await virsh("screenshot", "test", to);
  assert.equal((await readFile(to)).toString("latin1", 1, 4), "PNG");
});
