/** PCI devices of the host: taken from its drivers, given to a guest, given back, by the real virsh. */
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

test("a PCI device goes from the host's driver to a guest, and back", async (t) => {
  const daemon = await Tsvirtd.start(t);
  const virsh = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await daemon.virsh(args, daemon.uri("xen"));
    assert.equal(code, 0, `virsh ${args.join(" ")}: ${stderr}`);
    return stdout;
  };
  const written = async (name: string, text: string): Promise<string> => {
    const path = join(daemon.root, name);
    await writeFile(path, text);
    return path;
  };
  const name = "pci_0000_00_1f_3";
  await virsh("nodedev-detach", name);
  assert.match(await xl("pci-assignable-list"), /^0000:00:1f\.3/m);
  await virsh("create", await written("given.xml", quietXml("given")));
  t.after(() => xl("destroy", "given").catch(() => {}));
  const address = "<address domain='0' bus='0' slot='0x1f' function='3'/>";
  const device = await written(
    "device.xml",
    `<hostdev mode='subsystem' type='pci'><source>${address}</source></hostdev>`,
  );
  await virsh("attach-device", "given", device);
  assert.match(await xl("pci-list", "given"), /0000:00:1f\.3/);
  assert.match(await virsh("dumpxml", "given"), /<hostdev mode='subsystem' type='pci'/);
  await virsh("destroy", "given");
  await virsh("nodedev-reattach", name);
  assert.doesNotMatch(await xl("pci-assignable-list"), /1f\.3/);
  const refused = await daemon.virsh(["nodedev-detach", "computer"], daemon.uri("xen"));
  assert.match(refused.stderr, /computer is not a PCI device/);
});
