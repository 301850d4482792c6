/** What of this very host guests get. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { skipWithoutQemu } from "../../../../../test/helpers/qemu.ts";
import { guestXml, testRoot } from "../../../../../test/helpers/qemu-driver.ts";
import { isLibvirtError } from "../../../../errors.ts";

const skip = skipWithoutQemu;

const withMemory = (name: string, backing: string): string =>
  guestXml(name, `<memoryBacking>${backing}</memoryBacking>`);

async function wordsOf(root: string, name: string): Promise<string> {
  const { process } = JSON.parse(await readFile(join(root, "qemu", "status", `${name}.json`), "utf8"));
  return (await readFile(`/proc/${process.pid}/cmdline`, "utf8")).split("\0").join(" ");
}

test("memory in files lies where the settings say, and goes with the guest", { skip }, async (t) => {
  const { root, folder, open } = await testRoot(t);
  await mkdir(root);
  const memory = join(folder, "memory");
  await writeFile(join(root, "qemu.conf"), `memory_backing_dir = "${memory}"\n`);
  const router = await open();
  const xmlDesc = withMemory("filed", "<source type='file'/><access mode='shared'/>");
  const { dom } = await router.call("domainCreateXml", { xmlDesc, flags: 0 });
  assert.deepEqual(await readdir(memory), [`${dom.id}-filed`]);
  assert.equal((await readdir(join(memory, `${dom.id}-filed`))).length, 1);
  await router.call("domainDestroy", { dom });
  assert.deepEqual(await readdir(memory), []);
});

test("huge pages that are not mounted, or that the settings forbid, are refused", { skip }, async (t) => {
  const { root, open } = await testRoot(t);
  await mkdir(root);
  await writeFile(join(root, "qemu.conf"), 'hugetlbfs_mount = ""\n');
  const router = await open();
  const refused = (backing: string, message: RegExp) =>
    assert.rejects(
      async () => router.call("domainCreateXml", { xmlDesc: withMemory("huge", backing), flags: 0 }),
      message,
    );
  await refused("<hugepages/>", /hugetlbfs filesystem is not mounted or disabled by administrator config/);
  await refused("<hugepages><page size='4' unit='GiB'/></hugepages>", /hugetlbfs/);
});

/** Sets huge pages aside and mounts them at a folder; undone by what it gives. Null where that cannot be. */
function hugepages(folder: string, pages: number): { readonly undo: () => void } | null {
  const count = "/proc/sys/vm/nr_hugepages";
  const read = () => Number(spawnSync("cat", [count]).stdout);
  const before = read();
  const set = (value: number) => spawnSync("tee", [count], { input: String(value) });
  const undo = () => {
    spawnSync("umount", [folder]);
    set(before);
  };
  set(before + pages);
  if (read() >= before + pages && spawnSync("mount", ["-t", "hugetlbfs", "none", folder]).status === 0) return { undo };
  undo();
  return null;
}

test("a guest in huge pages", { skip }, async (t) => {
  const { root, folder, open } = await testRoot(t);
  const mount = join(folder, "huge");
  await mkdir(mount);
  const mounted = hugepages(mount, 20);
  if (mounted === null) return t.skip("huge pages cannot be set aside and mounted here");
  try {
    await mkdir(root);
    await writeFile(join(root, "qemu.conf"), `hugetlbfs_mount = "${mount}"\n`);
    const router = await open();
    const xmlDesc = withMemory("huge", "<hugepages/>");
    const { dom } = await router.call("domainCreateXml", { xmlDesc, flags: 0 });
    assert.match(await wordsOf(root, "huge"), new RegExp(`"mem-path":"${mount}/libvirt/qemu/${dom.id}-huge"`));
    await router.call("domainDestroy", { dom });
    assert.deepEqual(await readdir(join(mount, "libvirt", "qemu")), []);
    await router.close();
  } finally {
    mounted.undo();
  }
});

test("NUMA nodes that the host does not have are refused", { skip }, async (t) => {
  const { open } = await testRoot(t);
  const router = await open();
  const xmlDesc = guestXml("far", "<numatune><memory mode='strict' nodeset='1000'/></numatune>");
  await assert.rejects(
    async () => router.call("domainCreateXml", { xmlDesc, flags: 0 }),
    /NUMA node 1000 is unavailable/,
  );
});

const dmi = existsSync("/sys/class/dmi/id") ? false : "this host's kernel shows no SMBIOS tables";

test("what the host's firmware says of the machine", { skip: skip || dmi }, async (t) => {
  const { open } = await testRoot(t);
  const router = await open();
  const { sysinfo } = await router.call("connectGetSysinfo", { flags: 0 });
  assert.match(sysinfo, /^<sysinfo type='smbios'>/);
});

test("a host without such tables says so", { skip: skip || (dmi ? false : "this host has them") }, async (t) => {
  const { open } = await testRoot(t);
  const router = await open();
  const refused = (work: () => unknown) =>
    assert.rejects(
      async () => work(),
      (error) => isLibvirtError(error, "CONFIG_UNSUPPORTED"),
    );
  await refused(() => router.call("connectGetSysinfo", { flags: 0 }));
  const xmlDesc = guestXml("same").replace("</type>", "</type><smbios mode='host'/>");
  await refused(() => router.call("domainCreateXml", { xmlDesc, flags: 0 }));
});

const vsock = existsSync("/dev/vhost-vsock") ? false : "this host has no /dev/vhost-vsock";
const vsockXml = (name: string): string => guestXml(name, "", "<vsock model='virtio'><cid auto='yes'/></vsock>");

test("guests get different numbers on the host's vsock", { skip: skip || vsock }, async (t) => {
  const { open } = await testRoot(t);
  const router = await open();
  const numbers = await Promise.all(
    ["one", "two"].map(async (name) => {
      const { dom } = await router.call("domainCreateXml", { xmlDesc: vsockXml(name), flags: 0 });
      const { xml } = await router.call("domainGetXmlDesc", { dom, flags: 0 });
      return Number(/<cid auto='yes' address='(\d+)'/.exec(xml)?.[1]);
    }),
  );
  assert.ok(numbers.every((number) => number >= 3));
  assert.equal(new Set(numbers).size, 2);
});

test("a host without vsock says how to get it", { skip: skip || (vsock ? false : "this host has it") }, async (t) => {
  const { open } = await testRoot(t);
  const router = await open();
  await assert.rejects(
    async () => router.call("domainCreateXml", { xmlDesc: vsockXml("none"), flags: 0 }),
    /modprobe vhost_vsock/,
  );
});
