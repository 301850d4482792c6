import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { open, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { composedRoot } from "../../../test/helpers/composed.ts";
import type { Router } from "../../driver/router.ts";
import type { StorageVol } from "../../protocol/index.ts";
import { isHole, type StreamChunk, type StreamEnd, streamPair } from "../../rpc/stream.ts";

const mebibyte = 1024 * 1024;
const size = 64 * mebibyte;
const sparse = 1;

async function setting(t: TestContext) {
  const { folder, open } = await composedRoot(t);
  const router = await open();
  const path = join(folder, "images");
  const xml = `<pool type='dir'><name>images</name><target><path>${path}</path></target></pool>`;
  const { pool } = await router.call("storagePoolCreateXml", { xml, flags: 1 });
  const make = async (name: string, capacity: number): Promise<StorageVol> => {
    const document = `<volume><name>${name}</name><capacity>${capacity}</capacity><allocation>0</allocation></volume>`;
    return (await router.call("storageVolCreateXml", { pool, xml: document, flags: 0 })).vol;
  };
  return { router, pool, path, make, folder };
}

async function uploading(router: Router, vol: StorageVol, flags = 0, offset = 0n, length = 0n): Promise<StreamEnd> {
  const [mine, stream] = streamPair();
  await router.call("storageVolUpload", { vol, offset, length, flags }, { stream });
  return mine;
}

/** Sends all of it, and waits until the other side has taken it. */
async function upload(mine: StreamEnd, chunks: Iterable<StreamChunk>): Promise<void> {
  for (const chunk of chunks) if (!mine.write(chunk)) await once(mine, "drain");
  mine.end();
  mine.resume();
  await once(mine, "end");
}

async function downloading(router: Router, vol: StorageVol, flags = 0, offset = 0n, length = 0n): Promise<StreamEnd> {
  const [mine, stream] = streamPair();
  await router.call("storageVolDownload", { vol, offset, length, flags }, { stream });
  mine.end();
  return mine;
}

/** What comes, hashed, holes as the zeros that they stand for. */
async function digest(mine: StreamEnd) {
  const hash = createHash("sha256");
  let [bytes, holes] = [0, 0];
  for await (const chunk of mine.iterator({ destroyOnReturn: false }) as AsyncIterable<StreamChunk>) {
    if (isHole(chunk)) {
      holes += Number(chunk.hole);
      hash.update(Buffer.alloc(Number(chunk.hole)));
    } else {
      bytes += chunk.length;
      hash.update(chunk);
    }
  }
  return { hash: hash.digest("hex"), bytes, holes };
}

const digestOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

test("64 MiB go in and come out again", async (t) => {
  const { router, make } = await setting(t);
  const vol = await make("data", size);
  const bytes = randomBytes(size);
  await upload(await uploading(router, vol), [bytes]);
  const { hash, holes } = await digest(await downloading(router, vol));
  assert.equal(hash, digestOf(bytes));
  assert.equal(holes, 0);
  assert.equal((await router.call("storageVolGetInfo", { vol })).capacity, BigInt(size));
});

test("holes stay holes on both ways, and what was there before is gone from them", async (t) => {
  const { router, path, make } = await setting(t);
  const vol = await make("sparse", size);
  await writeFile(join(path, "sparse"), Buffer.alloc(size, 1));
  const data = randomBytes(mebibyte);
  const hole = { hole: BigInt(31 * mebibyte) };
  await upload(await uploading(router, vol, sparse), [data, hole, data, hole]);
  const found = await stat(join(path, "sparse"));
  assert.equal(found.size, size);
  assert.ok(found.blocks * 512 <= 4 * mebibyte, `${found.blocks * 512} bytes on the disk`);
  const expected = digestOf(Buffer.concat([data, Buffer.alloc(31 * mebibyte), data, Buffer.alloc(31 * mebibyte)]));
  const thin = await digest(await downloading(router, vol, sparse));
  assert.equal(thin.hash, expected);
  assert.ok(thin.holes >= 60 * mebibyte, `${thin.holes} bytes of holes`);
  const full = await digest(await downloading(router, vol));
  assert.deepEqual([full.hash, full.bytes, full.holes], [expected, size, 0]);
});

test("a part is written and read where it belongs, also when it is a hole in the middle", async (t) => {
  const { router, path, make } = await setting(t);
  const vol = await make("part", mebibyte);
  const bytes = Buffer.alloc(mebibyte, 7);
  await writeFile(join(path, "part"), bytes);
  await upload(await uploading(router, vol, 0, 1000n, 5n), [Buffer.from("patch")]);
  await upload(await uploading(router, vol, sparse, 2000n, 500n), [{ hole: 400n }, Buffer.alloc(100, 9)]);
  bytes.write("patch", 1000);
  bytes.fill(0, 2000, 2400).fill(9, 2400, 2500);
  assert.equal((await digest(await downloading(router, vol))).hash, digestOf(bytes));
  const part = await digest(await downloading(router, vol, 0, 990n, 1600n));
  assert.equal(part.hash, digestOf(bytes.subarray(990, 2590)));
  const rest = await digest(await downloading(router, vol, sparse, BigInt(mebibyte - 3), 100n));
  assert.equal(rest.hash, digestOf(bytes.subarray(-3)));
});

test("a file whose last bytes fill no sector comes out whole", async (t) => {
  const { router, path, make } = await setting(t);
  const vol = await make("odd", 1);
  await truncate(join(path, "odd"), 3 * mebibyte);
  const file = await open(join(path, "odd"), "r+");
  await file.write(Buffer.from("the end"), 0, 7, 3 * mebibyte);
  await file.close();
  const expected = Buffer.concat([Buffer.alloc(3 * mebibyte), Buffer.from("the end")]);
  const { hash, holes } = await digest(await downloading(router, vol, sparse));
  assert.equal(hash, digestOf(expected));
  assert.ok(holes > 0);
});

test("an upload tells of the pool's refresh, and what came is seen", async (t) => {
  const { folder, router, pool, make } = await setting(t);
  const told: string[] = [];
  const { openComposed } = await import("../../../test/helpers/composed.ts");
  const listener = await openComposed(join(folder, "root"), { sink: (name) => void told.push(name) });
  await listener.call("connectStoragePoolEventRegisterAny", { eventID: 1, pool });
  const vol = await make("grows", 10);
  await upload(await uploading(router, vol), [Buffer.alloc(5000, 1)]);
  assert.deepEqual(told, ["storagePoolEventRefresh"]);
  assert.equal((await router.call("storageVolGetInfo", { vol })).capacity, 5000n);
  await listener.close();
});

test("who turns away ends a transfer, and the volume is free again", async (t) => {
  const { router, pool, path, make } = await setting(t);
  const vol = await make("data", size);
  await writeFile(join(path, "data"), Buffer.alloc(size, 3));
  const reading = await downloading(router, vol);
  await once(reading, "readable");
  await assert.rejects(async () => router.call("storageVolDelete", { vol, flags: 0 }), /still in use/);
  await assert.rejects(async () => router.call("storagePoolDestroy", { pool }), /has asynchronous jobs running/);
  reading.destroy(new Error("enough"));
  const writing = await whenFree(() => uploading(router, vol));
  writing.write(Buffer.from("x"));
  writing.destroy(new Error("enough"));
  await closed(writing);
  await whenFree(async () => router.call("storageVolDelete", { vol, flags: 0 }));
});

/** Unlike `once`, it does not mind the error that came first. */
const closed = (stream: StreamEnd) =>
  new Promise<void>((resolve) => (stream.closed ? resolve() : stream.on("close", () => resolve())));

/** Does something with a volume as soon as nobody moves its bytes any more. */
async function whenFree<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!/still in use/.test(String(error))) throw error;
      await new Promise(setImmediate);
    }
  }
}

test("a transfer ends with the connection's root, and says so", async (t) => {
  const { router, path, make } = await setting(t);
  const vol = await make("data", size);
  await writeFile(join(path, "data"), Buffer.alloc(size, 3));
  const reading = await downloading(router, vol);
  await once(reading, "readable");
  const failed = once(reading, "error");
  await router.close();
  const [error] = await failed;
  assert.match(String(error), /the storage driver closes/);
});

test("directories, and more than was said, are refused", async (t) => {
  const { router, pool, make, path } = await setting(t);
  const xml = "<volume><name>folder</name><capacity>0</capacity><target><format type='dir'/></target></volume>";
  const { vol: folder } = await router.call("storageVolCreateXml", { pool, xml, flags: 0 });
  await assert.rejects(uploading(router, folder), {
    message: `Unable to open stream for '${path}/folder': Is a directory`,
  });
  const [refused] = await once(await downloading(router, folder), "error");
  assert.equal(refused.message, `Unable to read ${path}/folder: Is a directory`);
  const vol = await make("small", 100);
  const mine = await uploading(router, vol, 0, 0n, 10n);
  mine.end(Buffer.alloc(11));
  const [error] = await once(mine, "error");
  assert.equal(error.code, 38);
});
