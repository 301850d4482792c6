import assert from "node:assert/strict";
import { access, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { skipWithoutQemu } from "../../../../../test/helpers/qemu.ts";
import { guestXml, testRoot } from "../../../../../test/helpers/qemu-driver.ts";
import { isLibvirtError } from "../../../../errors.ts";

const skip = skipWithoutQemu;

async function withImage(t: TestContext) {
  const { folder, root, open } = await testRoot(t);
  const image = join(folder, "a.raw");
  await writeFile(image, Buffer.alloc(1024 * 1024, "base"));
  const xml = (name: string, transient: string) =>
    guestXml(
      name,
      "",
      `<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='${image}'/>` +
        `<target dev='vda' bus='virtio'/>${transient}</disk>`,
    );
  return { folder, root, image, xml, router: await open() };
}

test("what is written to a transient disk is thrown away with the guest", { skip }, async (t) => {
  const { folder, image, xml, router } = await withImage(t);
  const overlay = `${image}.TRANSIENT-brief`;
  const { dom } = await router.call("domainDefineXml", { xml: xml("brief", "<transient/>") });
  await router.call("domainCreate", { dom });
  const live = (await router.call("domainGetXmlDesc", { dom, flags: 0 })).xml;
  assert.match(live, /<driver name='qemu' type='qcow2'\/>\s*<source file='[^']*TRANSIENT-brief' index/);
  assert.match(live, /<backingStore type='file'[^>]*>\s*<format type='raw'\/>\s*<source file='[^']*a\.raw'/);
  const cmd = 'qemu-io -d /machine/peripheral/virtio-disk0/virtio-backend "write -P 7 0 64k"';
  await router.call("qemuDomainMonitorCommand", { dom, cmd, flags: 1 });
  assert.ok((await readFile(overlay)).includes(Buffer.alloc(65536, 7)));
  await assert.rejects(
    async () => router.call("domainManagedSave", { dom, flags: 0 }),
    (error) => isLibvirtError(error, "OPERATION_INVALID") && /transient disk/.test(error.message),
  );
  await router.call("domainDestroy", { dom });
  assert.deepEqual(await readFile(image), Buffer.alloc(1024 * 1024, "base"));
  assert.deepEqual((await readdir(folder)).sort(), ["a.raw", "root"]);
  assert.match((await router.call("domainGetXmlDesc", { dom, flags: 0 })).xml, /<source file='[^']*a\.raw'\/>/);
  await assert.rejects(access(overlay));
});

test("guests share an image that none of them writes to", { skip }, async (t) => {
  const { folder, xml, router } = await withImage(t);
  const shared = "<transient shareBacking='yes'/>";
  const { dom } = await router.call("domainCreateXml", { xmlDesc: xml("one", shared), flags: 0 });
  const { dom: other } = await router.call("domainCreateXml", { xmlDesc: xml("two", shared), flags: 0 });
  const { result } = await router.call("qemuDomainMonitorCommand", { dom: other, cmd: "info block", flags: 1 });
  assert.match(result, /TRANSIENT-two/);
  for (const each of [dom, other]) await router.call("domainDestroy", { dom: each });
  assert.deepEqual((await readdir(folder)).sort(), ["a.raw", "root"]);
});

test("an overlay that is there is somebody's and stays", { skip }, async (t) => {
  const { image, xml, router } = await withImage(t);
  const overlay = `${image}.TRANSIENT-brief`;
  await writeFile(overlay, "mine");
  await assert.rejects(
    async () => router.call("domainCreateXml", { xmlDesc: xml("brief", "<transient/>"), flags: 0 }),
    (error) =>
      isLibvirtError(error, "OPERATION_UNSUPPORTED") && /for transient disk 'vda' already exists/.test(error.message),
  );
  assert.equal(await readFile(overlay, "utf8"), "mine");
});

test("a start that fails leaves no overlay", { skip }, async (t) => {
  const { folder, xml, router } = await withImage(t);
  const broken = xml("brief", "<transient/>").replace(
    "</devices>",
    "<interface type='user'><model type='virtio'/><rom file='/nonexistent'/></interface></devices>",
  );
  await assert.rejects(async () => router.call("domainCreateXml", { xmlDesc: broken, flags: 0 }), /romfile/);
  assert.deepEqual((await readdir(folder)).sort(), ["a.raw", "root"]);
});
