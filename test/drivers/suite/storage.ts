/** Storage: pools, volumes, and the bytes in them. */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";
import type { Router } from "../../../src/driver/router.ts";
import type { StoragePool, StorageVol } from "../../../src/protocol/index.ts";
import { isHole, type StreamEnd, streamPair } from "../../../src/rpc/stream.ts";
import { fails, type Subject, watch } from "./subject.ts";

export interface StorageSubject extends Subject {
  /** The document of a pool in a directory that does not exist yet. */
  poolXml(name: string): string;
}

const volumeXml = (name: string, capacity: number, extra = "") =>
  `<volume><name>${name}</name><capacity>${capacity}</capacity>${extra}</volume>`;

async function withPool(
  subject: StorageSubject,
  work: (router: Router, pool: StoragePool) => Promise<void>,
): Promise<void> {
  const router = await subject.open({});
  const { pool } = await router.call("storagePoolDefineXml", { xml: subject.poolXml("suite-pool"), flags: 0 });
  try {
    await router.call("storagePoolBuild", { pool, flags: 0 });
    await router.call("storagePoolCreate", { pool, flags: 0 });
    await work(router, pool);
  } finally {
    const { active } = await router.call("storagePoolIsActive", { pool });
    if (active) await router.call("storagePoolDestroy", { pool });
    await router.call("storagePoolUndefine", { pool });
    await router.close();
  }
}

async function resize(router: Router, vol: StorageVol): Promise<void> {
  await router.call("storageVolResize", { vol, capacity: 2_000_000n, flags: 0 });
  assert.equal((await router.call("storageVolGetInfo", { vol })).capacity, 2_000_000n);
  await fails(() => router.call("storageVolResize", { vol, capacity: 10n, flags: 0 }), "INVALID_ARG", /shrink/i);
}

async function upload(router: Router, vol: StorageVol, bytes: Uint8Array, offset = 0n): Promise<void> {
  const [mine, stream] = streamPair();
  await router.call("storageVolUpload", { vol, offset, length: BigInt(bytes.length), flags: 0 }, { stream });
  mine.end(bytes);
  await collect(mine);
}

async function collect(stream: StreamEnd): Promise<{ readonly bytes: Buffer; readonly holes: bigint }> {
  const chunks: Uint8Array[] = [];
  let holes = 0n;
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    if (isHole(chunk)) holes += chunk.hole;
    else chunks.push(chunk);
  }
  return { bytes: Buffer.concat(chunks), holes };
}

async function download(router: Router, vol: StorageVol, flags = 0, offset = 0n, length = 0n) {
  const [mine, stream] = streamPair();
  await router.call("storageVolDownload", { vol, offset, length, flags }, { stream });
  mine.end();
  return collect(mine);
}

const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

export function describeStorage(subject: StorageSubject): void {
  const title = (what: string) => `${subject.name}: ${what}`;
  const skip = !subject.features.has("storage");
  const noContent = !subject.features.has("volume-content");

  test(title("a pool lives, and every step is told"), { skip }, async () => {
    await using connection = await watch(subject);
    const { router, events } = connection;
    const told = async () => (await events()).map((event) => event.replace(/^storagePool Lifecycle p /, ""));
    const { pool } = await router.call("storagePoolDefineXml", { xml: subject.poolXml("p"), flags: 0 });
    assert.deepEqual(await told(), ["0 0"]);
    await fails(() => router.call("storagePoolNumOfVolumes", { pool }), "OPERATION_INVALID", /not active/);
    await router.call("storagePoolBuild", { pool, flags: 0 });
    await router.call("storagePoolCreate", { pool, flags: 0 });
    assert.deepEqual(await told(), ["4 0", "2 0"]);
    await fails(() => router.call("storagePoolCreate", { pool, flags: 0 }), "OPERATION_INVALID");
    await fails(() => router.call("storagePoolUndefine", { pool }), "OPERATION_INVALID");
    const { state, capacity, allocation, available } = await router.call("storagePoolGetInfo", { pool });
    assert.equal(state, 2);
    assert.ok(capacity >= allocation && capacity >= available);
    await router.call("storagePoolSetAutostart", { pool, autostart: 1 });
    assert.deepEqual(await router.call("storagePoolGetAutostart", { pool }), { autostart: 1 });
    await router.call("storagePoolDestroy", { pool });
    await router.call("storagePoolDelete", { pool, flags: 0 });
    await router.call("storagePoolUndefine", { pool });
    assert.deepEqual(await told(), ["3 0", "5 0", "1 0"]);
    await fails(() => router.call("storagePoolLookupByName", { name: "p" }), "NO_STORAGE_POOL");
  });

  test(title("volumes are made, found, described, and gone"), { skip }, () =>
    withPool(subject, async (router, pool) => {
      const { vol } = await router.call("storageVolCreateXml", { pool, xml: volumeXml("v", 1_000_000), flags: 0 });
      const create = (xml: string) => () => router.call("storageVolCreateXml", { pool, xml, flags: 0 });
      await fails(create(volumeXml("v", 5)), subject.driver === "test" ? "OPERATION_FAILED" : "STORAGE_VOL_EXIST");
      await fails(create("<volume><name>w</name></volume>"), "XML_ERROR", /capacity/);
      const { name: path } = await router.call("storageVolGetPath", { vol });
      assert.deepEqual((await router.call("storageVolLookupByPath", { path })).vol, vol);
      assert.deepEqual((await router.call("storageVolLookupByKey", { key: vol.key })).vol, vol);
      assert.deepEqual((await router.call("storageVolLookupByName", { pool, name: "v" })).vol, vol);
      assert.equal((await router.call("storagePoolLookupByVolume", { vol })).pool.name, pool.name);
      assert.equal((await router.call("storageVolGetInfo", { vol })).capacity, 1_000_000n);
      assert.match(
        (await router.call("storageVolGetXmlDesc", { vol, flags: 0 })).xml,
        /<capacity unit='bytes'>1000000</,
      );
      assert.deepEqual(await router.call("storagePoolListVolumes", { pool, maxnames: 9 }), { names: ["v"] });
      if (subject.features.has("volume-resize")) await resize(router, vol);
      await router.call("storageVolDelete", { vol, flags: 0 });
      await fails(() => router.call("storageVolGetInfo", { vol }), "NO_STORAGE_VOL", /'v'/);
    }),
  );

  test(title("a volume gives back the bytes that were put into it"), { skip: noContent }, () =>
    withPool(subject, async (router, pool) => {
      // A driver may round sizes up to sectors.
      const size = 700_416;
      const bytes = randomBytes(size);
      const { vol } = await router.call("storageVolCreateXml", { pool, xml: volumeXml("data", size), flags: 0 });
      await upload(router, vol, bytes);
      assert.equal(digest((await download(router, vol)).bytes), digest(bytes));
      const part = await download(router, vol, 0, 65_530n, 20n);
      assert.deepEqual(part.bytes, bytes.subarray(65_530, 65_550));
      await upload(router, vol, Buffer.from("patch"), 100n);
      bytes.write("patch", 100);
      assert.equal(digest((await download(router, vol)).bytes), digest(bytes));

      const clone = { pool, xml: volumeXml("copy", size), clonevol: vol, flags: 0 };
      const { vol: copy } = await router.call("storageVolCreateXmlFrom", clone);
      await router.call("storageVolWipe", { vol, flags: 0 });
      assert.ok((await download(router, vol)).bytes.every((byte) => byte === 0));
      assert.equal(digest((await download(router, copy)).bytes), digest(bytes));
      if (subject.features.has("bounded-volumes")) {
        await fails(() => download(router, vol, 0, BigInt(size), 1n), "INVALID_ARG");
      } else assert.equal((await download(router, vol, 0, BigInt(size), 1n)).bytes.length, 0);
    }),
  );

  test(title("a sparse download leaves out what was never written"), { skip: noContent }, () =>
    withPool(subject, async (router, pool) => {
      const size = 1_048_576;
      const { vol } = await router.call("storageVolCreateXml", {
        pool,
        xml: volumeXml("thin", size, "<allocation>0</allocation>"),
        flags: 0,
      });
      await upload(router, vol, Buffer.alloc(65_536, 7), 524_288n);
      const { bytes, holes } = await download(router, vol, 1);
      assert.equal(BigInt(bytes.length) + holes, BigInt(size));
      assert.ok(holes >= BigInt(size) / 2n, `only ${holes} bytes were left out`);
      const full = await download(router, vol);
      assert.equal(full.bytes.length, size);
      assert.equal(full.bytes[524_288], 7);
      assert.equal(full.bytes[524_287], 0);
    }),
  );

  test(title("an upload beyond what was said is aborted"), { skip: noContent }, () =>
    withPool(subject, async (router, pool) => {
      const { vol } = await router.call("storageVolCreateXml", { pool, xml: volumeXml("small", 1000), flags: 0 });
      const [mine, stream] = streamPair();
      await router.call("storageVolUpload", { vol, offset: 0n, length: 1000n, flags: 0 }, { stream });
      mine.end(Buffer.alloc(1001));
      await assert.rejects(collect(mine), { code: 38 });
    }),
  );
}
