/** PCI devices of a host without an IOMMU, which the emulated machine is. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { Tsvirtd } from "../../helpers/tsvirtd.ts";
import { quietXml } from "../inside/xen-subject.ts";
import { xl } from "../inside/xl.ts";

// It holds the devices that guests can be given.
await promisify(execFile)("insmod", ["/modules/xen-pciback.ko"]);

const name = "pci_0000_00_1f_3";
const address = "<address domain='0' bus='0' slot='0x1f' function='3'/>";

test("where there is no IOMMU no PCI device is taken from the host or given to a guest, and it is said why", async (t) => {
  const daemon = await Tsvirtd.start(t);
  const virsh = (...args: readonly string[]) => daemon.virsh(args, daemon.uri("xen"));
  const written = async (file: string, text: string): Promise<string> => {
    const path = join(daemon.root, file);
    await writeFile(path, text);
    return path;
  };
  assert.match((await virsh("nodedev-list")).stdout, new RegExp(`^${name}$`, "m"));
  assert.match((await virsh("nodedev-detach", name)).stderr, /cannot take 0000:00:1f\.3 .*failed to quarantine/);
  assert.match((await virsh("nodedev-detach", "computer")).stderr, /computer is not a PCI device/);
  assert.match((await virsh("nodedev-detach", name, "--driver", "vfio")).stderr, /unsupported driver name 'vfio'/);

  assert.equal((await virsh("create", await written("given.xml", quietXml("given")))).code, 0);
  t.after(() => xl("destroy", "given").catch(() => {}));
  const device = `<hostdev mode='subsystem' type='pci'><source>${address}</source></hostdev>`;
  const { code, stderr } = await virsh("attach-device", "given", await written("device.xml", device));
  assert.equal(code, 1);
  assert.match(stderr, /cannot attach 0000:00:1f\.3 to domain \d+: ./);
  assert.doesNotMatch((await virsh("dumpxml", "given")).stdout, /<hostdev/);
  assert.doesNotMatch(await xl("pci-list", "given"), /1f\.3/);
});
