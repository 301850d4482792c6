/** Guests on volumes of storage pools, encrypted ones among them, with the storage and secret drivers beside. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { composedRoot } from "../../../../../test/helpers/composed.ts";
import { skipWithoutQemu } from "../../../../../test/helpers/qemu.ts";
import { guestXml } from "../../../../../test/helpers/qemu-driver.ts";
import type { Router } from "../../../../driver/router.ts";
import { isLibvirtError } from "../../../../errors.ts";

const haveQemuImg = spawnSync("qemu-img", ["--version"]).status === 0;
const skip = skipWithoutQemu || (haveQemuImg ? false : "qemu-img is not installed");

const uuid = "0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f";
const encryption = `<encryption format='luks'><secret type='passphrase' uuid='${uuid}'/></encryption>`;

const volumeDisk = (volume: string, inSource = "", target = "vda") =>
  `<disk type='volume' device='disk'>${volume.endsWith("qcow2") ? "<driver type='qcow2'/>" : ""}<source pool='images' volume='${volume}'>${inSource}</source>` +
  `<target dev='${target}' bus='virtio'/></disk>`;

async function withPool(router: Router, folder: string) {
  const path = join(folder, "images");
  const xml = `<pool type='dir'><name>images</name><target><path>${path}</path></target></pool>`;
  const { pool } = await router.call("storagePoolDefineXml", { xml, flags: 0 });
  await router.call("storagePoolCreate", { pool, flags: 1 });
  const make = async (name: string, target: string) => {
    const document = `<volume><name>${name}</name><capacity>4194304</capacity><target>${target}</target></volume>`;
    return (await router.call("storageVolCreateXml", { pool, xml: document, flags: 0 })).vol;
  };
  return { pool, make, path };
}

const create = async (router: Router, xmlDesc: string) =>
  (await router.call("domainCreateXml", { xmlDesc, flags: 0 })).dom;

test("a guest has a volume for a disk: where it is, the pool knows", { skip }, async (t) => {
  const { folder, open } = await composedRoot(t);
  const router = await open();
  const { make, pool, path } = await withPool(router, folder);
  await make("a.qcow2", "<format type='qcow2'/>");
  const { dom } = await router.call("domainDefineXml", { xml: guestXml("vols", "", volumeDisk("a.qcow2")) });
  await router.call("domainCreate", { dom });
  const { xml } = await router.call("domainGetXmlDesc", { dom, flags: 0 });
  assert.match(xml, /<driver name='qemu' type='qcow2'\/>\n +<source pool='images' volume='a.qcow2' index='1'\/>/);
  assert.doesNotMatch(xml, /<found/);
  const disk = { dom, path: "vda", flags: 0 };
  assert.equal((await router.call("domainGetBlockInfo", disk)).capacity, 4_194_304n);
  await router.close();

  // Whoever takes the guest over knows where its volume is, without asking the pool again.
  const again = await open();
  const found = (await again.call("domainLookupByName", { name: "vols" })).dom;
  assert.equal((await again.call("domainGetBlockInfo", { ...disk, dom: found })).physical, 196_616n);
  const { retStats } = await again.call("connectGetAllDomainStats", { doms: [found], stats: 32, flags: 0 });
  const stats = retStats[0]?.params.find(({ field }) => field === "block.0.path");
  assert.equal(stats?.value.value, join(path, "a.qcow2"));
  await again.call("domainDestroy", { dom: found });

  await again.call("storagePoolDestroy", { pool });
  await assert.rejects(async () => again.call("domainCreate", { dom: found }), {
    message: "unsupported configuration: storage pool 'images' containing volume 'a.qcow2' is not active",
  });
  await again.call("storagePoolUndefine", { pool });
  await assert.rejects(
    async () => again.call("domainCreate", { dom: found }),
    (error) => isLibvirtError(error, "NO_STORAGE_POOL"),
  );
});

test("a volume is raw unless the definition says otherwise, whatever its guest wrote into it", { skip }, async (t) => {
  const { folder, open } = await composedRoot(t);
  const router = await open();
  const { make, pool } = await withPool(router, folder);
  await make("sly", "<format type='qcow2'/>");
  await router.call("storagePoolRefresh", { pool, flags: 0 });
  const dom = await create(router, guestXml("sly", "", volumeDisk("sly")));
  assert.match((await router.call("domainGetXmlDesc", { dom, flags: 0 })).xml, /<driver name='qemu' type='raw'\/>/);
});

test("an encrypted volume is opened with a private secret that is on no command line", { skip }, async (t) => {
  const { folder, root, open } = await composedRoot(t);
  const router = await open();
  const { make } = await withPool(router, folder);
  const xml = `<secret private='yes'><uuid>${uuid}</uuid><usage type='volume'><volume>luks</volume></usage></secret>`;
  const { secret } = await router.call("secretDefineXml", { xml, flags: 0 });
  await router.call("secretSetValue", { secret, value: Buffer.from("open sesame"), flags: 0 });
  await make("a.luks", `<format type='raw'/>${encryption}`);
  await make("b.qcow2", `<format type='qcow2'/>${encryption}`);
  const disks = volumeDisk("a.luks", encryption) + volumeDisk("b.qcow2", encryption, "vdb");
  const guest = guestXml("sealed", "<features><acpi/></features>", disks);
  const dom = await create(router, guest);
  const peeked = await router.call("domainGetBlockInfo", { dom, path: "vda", flags: 0 });
  assert.equal(peeked.capacity, 4_194_304n);
  const log = await readFile(join(root, "qemu", "log", "sealed.log"), "utf8");
  assert.doesNotMatch(log, /sesame|b3BlbiBzZXNhbWU/);
  // Plugged in, with the key that the guest got at its start.
  await make("c.luks", `<format type='raw'/>${encryption}`);
  const plugged = volumeDisk("c.luks", encryption, "vdc");
  await router.call("domainAttachDevice", { dom, xml: plugged });
  assert.equal((await router.call("domainGetBlockInfo", { dom, path: "vdc", flags: 0 })).capacity, 4_194_304n);
  await router.call("domainDestroy", { dom });

  await router.call("secretSetValue", { secret, value: Buffer.from("wrong"), flags: 0 });
  await assert.rejects(create(router, guest), /Invalid password/);
  await router.call("secretUndefine", { secret });
  await assert.rejects(create(router, guest), (error) => isLibvirtError(error, "NO_SECRET"));
});
