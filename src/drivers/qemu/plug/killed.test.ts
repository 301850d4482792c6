/** A program that is killed while it plugs a device in: the next one knows what QEMU has. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { skipWithoutQemu } from "../../../../test/helpers/qemu.ts";
import { guestXml, testRoot } from "../../../../test/helpers/qemu-driver.ts";
import type { Router } from "../../../driver/router.ts";

const LIVE = 1;
const skip = skipWithoutQemu;
const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
const file = (path: string): string => new URL(`${path}${extension}`, import.meta.url).href;

/** Starts a guest, plugs a device in, and is killed when QEMU is about to be told, or has said that it has done so. */
const PROGRAM = `
  const [helper, monitor, root, xml, device, command, when] = process.argv.slice(1);
  const [{ openQemu }, { QmpMonitor }] = await Promise.all([import(helper), import(monitor)]);
  const router = await openQemu(root);
  const { dom } = await router.call("domainDefineXml", { xml });
  await router.call("domainCreate", { dom });
  const { ask } = QmpMonitor.prototype;
  QmpMonitor.prototype.ask = async function (name, ...rest) {
    if (name === command && when === "before") process.kill(process.pid, "SIGKILL");
    const answer = await ask.call(this, name, ...rest);
    if (name === command) process.kill(process.pid, "SIGKILL");
    return answer;
  };
  await router.call("domainAttachDevice", { dom, xml: device });
`;

/** What the next program finds after one that was killed around a command. */
async function killedAt(t: TestContext, command: string, when: "before" | "after") {
  const { folder, root, open } = await testRoot(t);
  const image = join(folder, "disk.img");
  await writeFile(image, Buffer.alloc(64 * 1024));
  const device =
    `<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='${image}'/>` +
    "<target dev='sda' bus='scsi'/><iotune><total_iops_sec>77</total_iops_sec></iotune></disk>";
  const xml = guestXml("guest", "<features><acpi/></features>", "<controller type='scsi' model='virtio-scsi'/>");
  const words = [file("../../../../test/helpers/qemu-driver"), file("../monitor/qmp"), root, xml, device];
  const loader = process.execArgv.filter((word) => /^--(import|require|loader)\b/.test(word));
  const args = [...loader, "--input-type=module", "-e", PROGRAM, ...words, command, when];
  const [, signal] = await once(spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] }), "exit");
  assert.equal(signal, "SIGKILL");
  const router = await open();
  const { dom } = await router.call("domainLookupByName", { name: "guest" });
  const describe = async () => (await router.call("domainGetXmlDesc", { dom, flags: 0 })).xml;
  const kept = async () => {
    const status = JSON.parse(await readFile(join(root, "qemu", "status", "guest.json"), "utf8"));
    return { plugging: status.plugging, hasDisk: status.definition.includes(image) };
  };
  return { router, dom, device, image, describe, kept };
}

async function hasInQemu(router: Router, dom: Parameters<typeof command>[1], name: string): Promise<boolean> {
  const answer = await command(router, dom, { execute: "qom-list", arguments: { path: "/machine/peripheral" } });
  return answer.includes(`"${name}"`);
}

async function command(router: Router, dom: { name: string; uuid: Uint8Array; id: number }, question: object) {
  const cmd = JSON.stringify(question);
  return (await router.call("qemuDomainMonitorCommand", { dom, cmd, flags: 0 })).result;
}

test("killed when QEMU has the device: it is the guest's, wholly set up, and can go again", { skip }, async (t) => {
  const { router, dom, device, image, describe, kept } = await killedAt(t, "device_add", "after");
  assert.ok(await hasInQemu(router, dom, "scsi0-0-0-0"));
  assert.ok((await describe()).includes(image));
  assert.match(await command(router, dom, { execute: "query-block" }), /"iops": ?77\b/);
  await router.call("domainDetachDevice", { dom, xml: device });
  assert.ok(!(await describe()).includes(image));
  assert.ok(!(await hasInQemu(router, dom, "scsi0-0-0-0")));
  await router.close();
  assert.deepEqual(await kept(), { plugging: [], hasDisk: false });
});

for (const [where, name, when] of [
  ["when QEMU has no more than what is behind the device", "device_add", "before"],
  ["when QEMU has a part of what is behind the device", "blockdev-add", "after"],
  ["when QEMU has nothing yet", "blockdev-add", "before"],
] as const) {
  test(`killed ${where}: nothing of it is left, and it can be plugged in`, { skip }, async (t) => {
    const { router, dom, device, image, describe, kept } = await killedAt(t, name, when);
    assert.ok(!(await describe()).includes(image));
    assert.ok(!(await command(router, dom, { execute: "query-named-block-nodes" })).includes(image));
    await router.call("domainAttachDeviceFlags", { dom, xml: device, flags: LIVE });
    assert.ok((await describe()).includes(image));
    assert.ok(await hasInQemu(router, dom, "scsi0-0-0-0"));
    await router.close();
    assert.deepEqual(await kept(), { plugging: [], hasDisk: true });
  });
}
