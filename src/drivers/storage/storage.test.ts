import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { composedRoot } from "../../../test/helpers/composed.ts";
import type { Router } from "../../driver/router.ts";
import { isLibvirtError } from "../../errors.ts";
import type { StoragePool, StorageVol } from "../../protocol/index.ts";

const haveQemuImg = spawnSync("qemu-img", ["--version"]).status === 0;
const skip = haveQemuImg ? false : "qemu-img is not installed";
const isRoot = process.geteuid?.() === 0;

const uuid = "0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f";

interface Setting {
  readonly folder: string;
  readonly root: string;
  readonly router: Router;
  readonly pool: StoragePool;
  readonly path: string;
  again(): Promise<Router>;
  make(xml: string, flags?: number): Promise<StorageVol>;
  describe(name: string): Promise<string>;
}

const poolXml = (name: string, path: string, extra = "") =>
  `<pool type='dir'><name>${name}</name><target><path>${path}</path>${extra}</target></pool>`;
const volumeXml = (name: string, capacity: number | string, target = "", extra = "") =>
  `<volume><name>${name}</name><capacity>${capacity}</capacity>${extra}<target>${target}</target></volume>`;
const format = (type: string) => `<format type='${type}'/>`;

/** A running pool in a directory of its own. */
async function setting(t: TestContext): Promise<Setting> {
  const { folder, root, open } = await composedRoot(t);
  const router = await open();
  const path = join(folder, "images");
  const { pool } = await router.call("storagePoolDefineXml", { xml: poolXml("images", path), flags: 0 });
  await router.call("storagePoolCreate", { pool, flags: 1 });
  const volume = async (name: string) => (await router.call("storageVolLookupByName", { pool, name })).vol;
  return {
    ...{ folder, root, router, pool, path },
    again: open,
    make: async (xml, flags = 0) => (await router.call("storageVolCreateXml", { pool, xml, flags })).vol,
    describe: async (name) => (await router.call("storageVolGetXmlDesc", { vol: await volume(name), flags: 0 })).xml,
  };
}

function imageInfo(path: string, ...args: string[]): { readonly [key: string]: unknown } {
  return JSON.parse(execFileSync("qemu-img", ["info", "--output=json", ...args, path], { encoding: "utf8" }));
}

test("pools are kept in libvirt's layout, and those that ran go on running", async (t) => {
  const { root, router, pool, path, again } = await setting(t);
  await router.call("storagePoolSetAutostart", { pool, autostart: 1 });
  const kept = await readFile(join(root, "storage", "images.xml"), "utf8");
  assert.match(kept, /<capacity unit='bytes'>0</);
  assert.ok(existsSync(join(root, "storage", "autostart", "images.xml")));
  await writeFile(join(path, "found"), "x");
  await router.close();

  const next = await again();
  assert.deepEqual(await next.call("storagePoolIsActive", { pool }), { active: 1 });
  assert.deepEqual(await next.call("storagePoolListVolumes", { pool, maxnames: 9 }), { names: ["found"] });
  assert.equal(
    (await next.call("storagePoolGetXmlDesc", { pool, flags: 1 })).xml,
    (await next.call("storagePoolGetXmlDesc", { pool, flags: 0 })).xml,
  );
  await next.call("storagePoolDestroy", { pool });
  await next.close();

  // It was started and stopped since the host came up, so it does not start by itself any more.
  const last = await again();
  assert.deepEqual(await last.call("storagePoolIsActive", { pool }), { active: 0 });
  await last.call("storagePoolUndefine", { pool });
  assert.deepEqual(
    (await readdir(join(root, "storage"), { recursive: true })).filter((name) => name.endsWith(".xml")),
    [],
  );
});

test("a pool that starts by itself starts with the driver, and one whose storage is gone does not", async (t) => {
  const { root, router, pool, path, again } = await setting(t);
  await router.call("storagePoolSetAutostart", { pool, autostart: 1 });
  await router.close();
  // As if the host had come up since.
  await rm(join(root, "storage", "started"), { recursive: true });
  const next = await again();
  assert.deepEqual(await next.call("storagePoolIsActive", { pool }), { active: 1 });
  await next.close();
  await rm(path, { recursive: true });
  const last = await again();
  assert.deepEqual(await last.call("storagePoolIsActive", { pool }), { active: 0 });
});

test("a transient pool is gone when it stops; one that cannot start leaves nothing", async (t) => {
  const { root, folder, router, again } = await setting(t);
  const xml = poolXml("passing", join(folder, "passing"));
  await assert.rejects(async () => router.call("storagePoolCreateXml", { xml, flags: 0 }), {
    message: `cannot open directory '${join(folder, "passing")}': No such file or directory`,
  });
  await assert.rejects(async () => router.call("storagePoolLookupByName", { name: "passing" }), { code: 49 });
  const { pool } = await router.call("storagePoolCreateXml", { xml, flags: 1 });
  await assert.rejects(async () => router.call("storagePoolSetAutostart", { pool, autostart: 1 }), /no config file/);
  await router.close();
  const next = await again();
  assert.deepEqual(await next.call("storagePoolIsPersistent", { pool }), { persistent: 0 });
  await next.call("storagePoolDestroy", { pool });
  assert.deepEqual(
    (await readdir(join(root, "storage", "run"))).filter((name) => name.startsWith("passing")),
    [],
  );
});

test("a definition that is changed while the pool runs counts from its next start", async (t) => {
  const { folder, router, pool, again } = await setting(t);
  const moved = poolXml("images", join(folder, "moved")).replace(
    "<target>",
    `<uuid>${await idOf(router, pool)}</uuid><target>`,
  );
  await router.call("storagePoolDefineXml", { xml: moved, flags: 0 });
  const describe = async (from: Router, flags: number) =>
    (await from.call("storagePoolGetXmlDesc", { pool, flags })).xml;
  assert.match(await describe(router, 0), /images<\/path>/);
  assert.match(await describe(router, 1), /moved<\/path>/);
  await router.close();
  const next = await again();
  assert.match(await describe(next, 0), /images<\/path>/);
  await next.call("storagePoolDestroy", { pool });
  assert.match(await describe(next, 0), /moved<\/path>/);
});

async function idOf(router: Router, pool: StoragePool): Promise<string> {
  const { xml } = await router.call("storagePoolGetXmlDesc", { pool, flags: 0 });
  return /<uuid>(.*)<\/uuid>/.exec(xml)?.[1] ?? "";
}

test("two pools do not share a place, and types that need what is not here are refused", async (t) => {
  const { folder, router, path } = await setting(t);
  const define = (xml: string) => async () => router.call("storagePoolDefineXml", { xml, flags: 0 });
  await assert.rejects(define(poolXml("other", `${path}/`)), /Storage source conflict with pool: 'images'/);
  const target = `<target><path>${join(folder, "vg")}</path></target>`;
  const logical = `<pool type='logical'><name>vg</name><source><name>vg</name></source>${target}</pool>`;
  await assert.rejects(define(logical), { message: "internal error: missing backend for pool type 3 (logical)" });
  await assert.rejects(define(poolXml("near", "here")), /target path 'here' of a pool must be absolute/);
  const option = `<pool type='netfs'><name>n</name><source><host name='-o'/><dir path='/'/></source>${target}</pool>`;
  await assert.rejects(define(option), /'-o' cannot be the source of a pool/);
  for (const type of ["dir", "logical"]) {
    await assert.rejects(
      async () => router.call("connectFindStoragePoolSources", { type, srcSpec: null, flags: 0 }),
      (error) => isLibvirtError(error, "NO_SUPPORT"),
    );
  }
});

test("what is in a directory becomes volumes, whatever it is", { skip }, async (t) => {
  const { router, pool, path, describe } = await setting(t);
  const image = (...args: string[]) => execFileSync("qemu-img", ["create", "-q", ...args], { cwd: path });
  image("-f", "qcow2", "base.qcow2", "5M");
  image("-f", "qcow2", "-b", "base.qcow2", "-F", "qcow2", "over.qcow2");
  image("-f", "qcow2", "-b", "nbd://host/x", "-F", "raw", "-u", "remote.qcow2", "1M");
  image("-f", "vmdk", "a.vmdk", "3M");
  await mkdir(join(path, "folder"));
  await symlink("base.qcow2", join(path, "link"));
  await symlink("nowhere", join(path, "dangling"));
  await writeFile(join(path, "broken"), "QFI\xfb", "latin1");
  await writeFile(Buffer.concat([Buffer.from(`${path}/`), Buffer.from([0x61, 0xff])]), "");
  execFileSync("mkfifo", [join(path, "pipe")]);
  const socket = createServer().listen(join(path, "socket"));
  t.after(() => socket.close());
  await router.call("storagePoolRefresh", { pool, flags: 0 });
  const { names } = await router.call("storagePoolListVolumes", { pool, maxnames: 99 });
  assert.deepEqual(names, ["a.vmdk", "base.qcow2", "broken", "folder", "link", "over.qcow2", "remote.qcow2"]);
  const over = await describe("over.qcow2");
  assert.match(over, /<capacity unit='bytes'>5242880</);
  assert.match(over, /<clusterSize unit='B'>65536<\/clusterSize>\n {4}<features\/>/);
  assert.match(over, new RegExp(`<backingStore>\n {4}<path>${path}/base.qcow2</path>\n {4}<format type='qcow2'/>`));
  assert.match(await describe("remote.qcow2"), /<backingStore>\n {4}<path>nbd:\/\/host\/x<\/path>/);
  assert.match(await describe("a.vmdk"), /<capacity unit='bytes'>3145728<[\s\S]*<format type='vmdk'\/>/);
  assert.match(await describe("broken"), /<capacity unit='bytes'>4<[\s\S]*<format type='raw'\/>/);
  assert.match(await describe("folder"), /^<volume type='dir'>/);
});

test("volumes are made in every way that qemu-img knows, and are what they are said to be", { skip }, async (t) => {
  const { path, make, describe } = await setting(t);
  await make(volumeXml("thin.raw", 1_000_000, "", "<allocation>4096</allocation>"));
  const thin = await stat(join(path, "thin.raw"));
  assert.deepEqual([thin.size, thin.blocks * 512, thin.mode & 0o777], [1_000_000, 4096, 0o600]);
  await make(volumeXml("thick.raw", 1_048_576));
  assert.equal((await stat(join(path, "thick.raw"))).blocks * 512, 1_048_576);

  const features = "<compat>1.1</compat><clusterSize>131072</clusterSize><features><lazy_refcounts/></features>";
  await make(volumeXml("base.qcow2", 8_388_608, `${format("qcow2")}${features}`));
  const base = imageInfo(join(path, "base.qcow2"));
  assert.equal(base["cluster-size"], 131_072);
  const backing = `<backingStore><path>${path}/base.qcow2</path>${format("qcow2")}</backingStore>`;
  await make(`<volume><name>over.qcow2</name><target>${format("qcow2")}</target>${backing}</volume>`);
  assert.equal(imageInfo(join(path, "over.qcow2"))["full-backing-filename"], join(path, "base.qcow2"));
  assert.match(await describe("over.qcow2"), /<capacity unit='bytes'>8388608</);
  await make(volumeXml("ready.qcow2", 4_194_304, format("qcow2")), 1);
  assert.ok((await stat(join(path, "ready.qcow2"))).blocks * 512 > 4_194_304);
  for (const type of ["vmdk", "vdi", "qed", "vpc"]) {
    await make(volumeXml(`a.${type}`, 1_048_576, format(type)));
    assert.equal(imageInfo(join(path, `a.${type}`)).format, type);
    assert.match(await describe(`a.${type}`), new RegExp(`<format type='${type}'/>`));
  }
  await make(volumeXml("folder", 0, format("dir")));
  assert.ok((await stat(join(path, "folder"))).isDirectory());
});

test("a volume that cannot be made leaves nothing behind", { skip }, async (t) => {
  const { router, pool, path, make } = await setting(t);
  const cases: [string, RegExp][] = [
    [volumeXml("a.dmg", 1_048_576, format("dmg")), /Child process \(.*qemu-img create -f dmg .*does not support image/],
    [
      volumeXml("huge.raw", 2 ** 52, "", "<allocation>0</allocation>"),
      /cannot extend file '.*huge.raw': File too large/,
    ],
    [volumeXml("a/b", 1), /volume name 'a\/b' cannot contain '\/'/],
    [volumeXml("..", 1), /already exists/],
    [volumeXml("over", 1, format("qcow2"), "<x/>").replace("<x/>", `</volume>`), /./],
    ["<volume><name>none</name></volume>", /missing capacity element/],
  ];
  for (const [xml, message] of cases) await assert.rejects(make(xml), message);
  const noBacking = `<backingStore><path>/nowhere/b</path>${format("raw")}</backingStore>`;
  const orphan = volumeXml("orphan", 1_048_576, format("qcow2")).replace("</volume>", `${noBacking}</volume>`);
  await assert.rejects(make(orphan), /inaccessible backing store volume \/nowhere\/b: No such file/);
  const raw = volumeXml("raw", 1_048_576).replace("</volume>", `${noBacking}</volume>`);
  await assert.rejects(make(raw), (error) => isLibvirtError(error, "NO_SUPPORT"));
  assert.deepEqual(await readdir(path), []);
  assert.deepEqual(await router.call("storagePoolNumOfVolumes", { pool }), { num: 0 });
  // What was there before is not touched.
  await writeFile(join(path, "mine"), "precious");
  await assert.rejects(make(volumeXml("mine", 5)), /already exists/);
  assert.equal(await readFile(join(path, "mine"), "utf8"), "precious");
});

test("who gives up on a volume that is being made finds nothing of it", { skip }, async (t) => {
  const { router, pool, path, make } = await setting(t);
  await make(volumeXml("large.raw", 512 * 1024 * 1024));
  const control = new AbortController();
  const clonevol = { pool: "images", name: "large.raw", key: "" };
  const xml = volumeXml("copy.qcow2", 0, format("qcow2"));
  const call = router.call("storageVolCreateXmlFrom", { pool, xml, clonevol, flags: 0 }, { signal: control.signal });
  const { vol } = await untilListed(router, pool, "copy.qcow2");
  await assert.rejects(async () => router.call("storageVolDelete", { vol, flags: 0 }), /is still being allocated/);
  await assert.rejects(async () => router.call("storagePoolDestroy", { pool }), /has asynchronous jobs running/);
  control.abort();
  await assert.rejects(
    async () => call,
    (error) => isLibvirtError(error, "OPERATION_ABORTED"),
  );
  await router.close();
  assert.deepEqual(await readdir(path), ["large.raw"]);
});

/** The volume as soon as it is in the pool's list. */
async function untilListed(router: Router, pool: StoragePool, name: string) {
  for (;;) {
    const found = await Promise.resolve(router.call("storageVolLookupByName", { pool, name })).catch(() => null);
    if (found) return found;
    await new Promise(setImmediate);
  }
}

test("an encrypted volume has the passphrase of a private secret, which is nowhere else", { skip }, async (t) => {
  const { root, folder, router, path, make, describe } = await setting(t);
  const encryption = `<encryption format='luks'><secret type='passphrase' uuid='${uuid}'/></encryption>`;
  const luks = volumeXml("a.luks", 4_194_304, `${format("raw")}${encryption}`);
  await assert.rejects(make(luks), /no secret with matching uuid/);
  const usage = `<usage type='volume'><volume>${path}/a.luks</volume></usage>`;
  const xml = `<secret private='yes'><uuid>${uuid}</uuid>${usage}</secret>`;
  const { secret } = await router.call("secretDefineXml", { xml, flags: 0 });
  await assert.rejects(make(luks), /does not have a value/);
  await router.call("secretSetValue", { secret, value: Buffer.from("open sesame"), flags: 0 });
  const vol = await make(luks);
  await make(volumeXml("b.qcow2", 4_194_304, `${format("qcow2")}${encryption}`));
  // What would be a list of options is one word.
  const sly = "<cipher name='aes,backing_file=/etc/passwd' size='256'/>";
  const injected = `${format("qcow2")}${encryption.replace("</encryption>", `${sly}</encryption>`)}`;
  await assert.rejects(make(volumeXml("sly.qcow2", 4_194_304, injected)), /cipher-alg|cipher/);
  assert.match(await describe("a.luks"), /<capacity unit='bytes'>4194304<[\s\S]*<format type='raw'\/>/);
  assert.deepEqual(await readdir(join(root, "storage", "secrets")), []);

  await writeFile(join(folder, "key"), "open sesame");
  const opened = (driver: string, key: string, name: string) =>
    spawnSync("qemu-img", [
      ...["convert", "--object", `secret,id=s,file=${join(folder, "key")}`, "--image-opts"],
      ...["-O", "raw"],
      `driver=${driver},file.filename=${join(path, name)},${key}=s`,
      join(folder, "out"),
    ]).status;
  assert.equal(opened("luks", "key-secret", "a.luks"), 0);
  assert.equal(opened("qcow2", "encrypt.key-secret", "b.qcow2"), 0);

  // Decrypted on the way.
  const clone = { xml: volumeXml("plain.raw", 0, format("raw")), clonevol: vol, flags: 0 };
  const { pool } = await router.call("storagePoolLookupByVolume", { vol });
  await router.call("storageVolCreateXmlFrom", { pool, ...clone });
  assert.equal((await stat(join(path, "plain.raw"))).size, 4_194_304);
  // Found again by the secret that is for its path.
  await router.call("storagePoolRefresh", { pool, flags: 0 });
  assert.match(
    await describe("a.luks"),
    new RegExp(`<encryption format='luks'>\n +<secret type='passphrase' uuid='${uuid}'/>`),
  );
});

test("copies are what they are copies of, and as large as they are asked to be", { skip }, async (t) => {
  const { router, pool, path, make } = await setting(t);
  const vol = await make(volumeXml("a.raw", 1_000_001, "", "<allocation>0</allocation>"));
  const bytes = Buffer.alloc(300_000, "pattern");
  await writeFile(join(path, "a.raw"), bytes, { flag: "r+" });
  const clone = async (xml: string, flags = 0) =>
    router.call("storageVolCreateXmlFrom", { pool, xml, clonevol: vol, flags });
  await clone(volumeXml("b.raw", 2_000_003, "", "<allocation>0</allocation>"));
  const copy = await readFile(join(path, "b.raw"));
  assert.equal(copy.length, 2_000_003);
  assert.deepEqual(copy.subarray(0, bytes.length), bytes);
  assert.ok(copy.subarray(bytes.length).every((byte) => byte === 0));
  assert.ok((await stat(join(path, "b.raw"))).blocks * 512 < 1_000_000);
  await clone(volumeXml("c.qcow2", 4_194_304, format("qcow2")));
  assert.equal(imageInfo(join(path, "c.qcow2"))["virtual-size"], 4_194_304);
  await assert.rejects(clone(volumeXml("b.raw", 1)), /storage volume name 'b.raw' already in use/);
  await assert.rejects(clone(volumeXml("d.qcow2", 1, format("qcow2")), 2), /unsupported flags \(0x2\)/);
});

test("volumes grow, shrink when that is asked for, and are wiped", { skip }, async (t) => {
  const { router, path, make } = await setting(t);
  const vol = await make(volumeXml("a.raw", 1_048_576));
  const resize = async (of: StorageVol, capacity: bigint, flags = 0) =>
    router.call("storageVolResize", { vol: of, capacity, flags });
  await resize(vol, 2_097_152n);
  await resize(vol, 1_048_576n, 2 | 1);
  const grown = await stat(join(path, "a.raw"));
  assert.deepEqual([grown.size, grown.blocks * 512], [3_145_728, 3_145_728]);
  await assert.rejects(resize(vol, 1n, 4), /can't shrink capacity below existing allocation/);
  await assert.rejects(resize(vol, 2n ** 50n, 1), /Not enough space left in storage pool/);
  await writeFile(join(path, "a.raw"), "secret", { flag: "r+" });
  await router.call("storageVolWipe", { vol, flags: 0 });
  assert.ok((await readFile(join(path, "a.raw"))).every((byte) => byte === 0));

  const image = await make(volumeXml("b.qcow2", 20_971_520, format("qcow2")));
  await assert.rejects(resize(image, 5_242_880n), /unless shrink flag explicitly specified/);
  await resize(image, 5_242_880n, 4);
  assert.equal(imageInfo(join(path, "b.qcow2"))["virtual-size"], 5_242_880);
  await assert.rejects(resize(image, 9_000_000n, 1), /preallocate is only supported for raw type volume/);
  await router.call("storageVolWipePattern", { vol: image, algorithm: 0, flags: 0 });
  assert.match((await router.call("storageVolGetXmlDesc", { vol: image, flags: 0 })).xml, /<format type='raw'\/>/);
  const wipe = async (algorithm: number) => router.call("storageVolWipePattern", { vol, algorithm, flags: 0 });
  await assert.rejects(wipe(9), /'trim' algorithm not supported/);
  await assert.rejects(wipe(77), /wiping algorithm 77 not supported/);
  if (spawnSync("scrub", ["--version"]).error) await assert.rejects(wipe(2), /Cannot find 'scrub' in path/);
});

test("a file that is gone or that others changed is seen as it is", async (t) => {
  const { router, path, make } = await setting(t);
  const vol = await make(volumeXml("a.raw", 4096));
  await truncate(join(path, "a.raw"), 12_288);
  assert.equal((await router.call("storageVolGetInfo", { vol })).capacity, 12_288n);
  await rm(join(path, "a.raw"));
  await assert.rejects(async () => router.call("storageVolGetInfo", { vol }), {
    message: `Storage volume not found: no storage vol with matching path '${join(path, "a.raw")}'`,
  });
  await router.call("storageVolDelete", { vol, flags: 0 });
  await assert.rejects(async () => router.call("storageVolDelete", { vol, flags: 0 }), { code: 50 });
});

test("owner and mode are what the document says", { skip: isRoot ? false : "needs root" }, async (t) => {
  const { folder, router, path, make } = await setting(t);
  const permissions = "<permissions><mode>0640</mode><owner>12345</owner><group>23456</group></permissions>";
  await make(volumeXml("a.raw", 4096, permissions));
  const found = await stat(join(path, "a.raw"));
  assert.deepEqual([found.uid, found.gid, found.mode & 0o777], [12_345, 23_456, 0o640]);
  const xml = poolXml("theirs", join(folder, "deep", "theirs"), permissions.replace("0640", "0750"));
  const { pool } = await router.call("storagePoolCreateXml", { xml, flags: 1 });
  const made = await stat(join(folder, "deep", "theirs"));
  assert.deepEqual([made.uid, made.gid, made.mode & 0o777], [12_345, 23_456, 0o750]);
  await router.call("storagePoolDestroy", { pool });
});

test("a directory that somebody else reads is not changed by building", async (t) => {
  const { folder, router } = await setting(t);
  await mkdir(join(folder, "theirs"));
  await chmod(join(folder, "theirs"), 0o755);
  const xml = poolXml("theirs", join(folder, "theirs"));
  const { pool } = await router.call("storagePoolDefineXml", { xml, flags: 0 });
  await router.call("storagePoolBuild", { pool, flags: 0 });
  assert.equal((await stat(join(folder, "theirs"))).mode & 0o777, 0o755);
  await assert.rejects(async () => router.call("storagePoolBuild", { pool, flags: 8 }), /No source device specified/);
  await assert.rejects(async () => router.call("storagePoolBuild", { pool, flags: 12 }), /mutually exclusive/);
});

test("a pool whose directory vanished is not active any more", async (t) => {
  const { router, pool, path } = await setting(t);
  await rm(path, { recursive: true });
  await assert.rejects(async () => router.call("storagePoolRefresh", { pool, flags: 0 }), /cannot open directory/);
  assert.deepEqual(await router.call("storagePoolIsActive", { pool }), { active: 0 });
});
