import assert from "node:assert/strict";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { writeLockingGuest } from "../../../../../test/helpers/locking-guest.ts";
import { untilPrinted } from "../../../../../test/helpers/printed.ts";
import { skipWithoutQemu } from "../../../../../test/helpers/qemu.ts";
import { guestXml, openQemu, testRoot } from "../../../../../test/helpers/qemu-driver.ts";
import { formatUuid } from "../../../../driver/object-list.ts";
import type { Router } from "../../../../driver/router.ts";
import { isLibvirtError } from "../../../../errors.ts";
import { deviceExists } from "../../../../host/tap.ts";
import type { Domain } from "../../../../protocol/index.ts";

const skip = skipWithoutQemu;
const [LIVE, CONFIG, FORCE] = [1, 2, 4];
const BOTH = LIVE | CONFIG;

/** Events about devices, as `added scsi0-0-0-1`. */
function deviceEvents() {
  const events: string[] = [];
  const waiting = new Map<string, () => void>();
  const sink = (name: string, message: unknown): void => {
    const what = /^domainEventCallbackDevice(Added|Removed)$/.exec(name)?.[1];
    if (what === undefined) return;
    const { devAlias } = (message as { msg?: { devAlias: string } }).msg ?? (message as { devAlias: string });
    const event = `${what.toLowerCase()} ${devAlias}`;
    events.push(event);
    waiting.get(event)?.();
  };
  const until = (event: string): Promise<void> =>
    new Promise((resolve) => {
      if (events.includes(event)) resolve();
      else waiting.set(event, resolve);
    });
  return { events, sink, until };
}

const controllers = "<controller type='scsi' index='0' model='virtio-scsi'/>";

async function guest(t: TestContext, devices = controllers) {
  const { folder, root, open } = await testRoot(t);
  const told = deviceEvents();
  const router = await open({ sink: told.sink });
  const images = ["a", "b", "c"].map((name) => join(folder, `${name}.img`));
  for (const path of images) await writeFile(path, Buffer.alloc(64 * 1024));
  const { dom } = await router.call("domainDefineXml", {
    xml: guestXml("guest", "<features><acpi/></features>", devices),
  });
  await router.call("domainCreate", { dom });
  const { EVENT_ID_DEVICE_REMOVED, EVENT_ID_DEVICE_ADDED } = { EVENT_ID_DEVICE_REMOVED: 15, EVENT_ID_DEVICE_ADDED: 19 };
  for (const eventID of [EVENT_ID_DEVICE_REMOVED, EVENT_ID_DEVICE_ADDED]) {
    await router.call("connectDomainEventCallbackRegisterAny", { eventID, dom: null });
  }
  return { root, folder, router, dom, told, images: images as [string, string, string], open };
}

const disk = (path: string, dev: string, bus: string, extra = ""): string =>
  `<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='${path}'/><target dev='${dev}' bus='${bus}'/>${extra}</disk>`;

const cdrom = (path: string | null): string =>
  `<disk type='file' device='cdrom'><driver name='qemu' type='raw'/>${path === null ? "" : `<source file='${path}'/>`}` +
  "<target dev='hdc' bus='ide'/><readonly/></disk>";

const describe = async (router: Router, dom: Domain, flags = 0): Promise<string> =>
  (await router.call("domainGetXmlDesc", { dom, flags })).xml;

async function attach(router: Router, dom: Domain, xml: string, flags: number): Promise<void> {
  await router.call("domainAttachDeviceFlags", { dom, xml, flags });
}

async function detach(router: Router, dom: Domain, xml: string): Promise<void> {
  await router.call("domainDetachDevice", { dom, xml });
}

/**
 * Lets a guest without a system let its device go: a reset takes it out. QEMU tells of that when nothing of the guest's
 * last run holds the device any more, which may take one more reset.
 */
async function resetUntil(router: Router, dom: Domain, left: Promise<void>): Promise<void> {
  let isThere = true;
  const gone = left.then(() => {
    isThere = false;
  });
  while (isThere) await Promise.race([gone, router.call("domainReset", { dom, flags: 0 })]);
}

async function nodes(router: Router, dom: Domain): Promise<string> {
  const cmd = '{"execute":"query-named-block-nodes"}';
  return (await router.call("qemuDomainMonitorCommand", { dom, cmd, flags: 0 })).result;
}

test("a disk comes and goes while the guest runs, and for its next start", { skip }, async (t) => {
  const { router, dom, told, images } = await guest(t);
  const xml = disk(images[0], "sdb", "scsi");
  const owner = (await stat(images[0])).uid;
  await router.call("domainAttachDeviceFlags", { dom, xml, flags: BOTH });
  const live = await describe(router, dom);
  assert.match(
    live,
    new RegExp(`<source file='${images[0]}' index='1'/>\\s*<backingStore/>\\s*<target dev='sdb' bus='scsi'/>`),
  );
  assert.match(
    live,
    /<alias name='scsi0-0-0-1'\/>\s*<address type='drive' controller='0' bus='0' target='0' unit='1'\/>/,
  );
  assert.match(await describe(router, dom, 2), /<target dev='sdb' bus='scsi'\/>/);
  await assert.rejects(attach(router, dom, xml, CONFIG), (error) => {
    return isLibvirtError(error, "OPERATION_INVALID") && /target sdb already exists/.test(error.message);
  });
  await router.call("domainDetachDeviceFlags", { dom, xml, flags: BOTH });
  for (const flags of [0, 2]) assert.doesNotMatch(await describe(router, dom, flags), /sdb/);
  assert.doesNotMatch(await nodes(router, dom), /a\.img/);
  assert.equal((await stat(images[0])).uid, owner);
  assert.deepEqual(told.events, ["added scsi0-0-0-1", "removed scsi0-0-0-1"]);
});

test("a device that needs a controller brings it", { skip }, async (t) => {
  const { router, dom, told, images } = await guest(t, "");
  await router.call("domainAttachDevice", { dom, xml: disk(images[0], "sda", "scsi") });
  const channel = "<channel type='unix'><target type='virtio' name='org.example.0'/></channel>";
  await router.call("domainAttachDevice", { dom, xml: channel });
  const live = await describe(router, dom);
  assert.match(live, /<controller type='scsi' index='0' model='lsilogic'>/);
  assert.match(live, /<source mode='bind' path='[^']*\/org\.example\.0'\/>/);
  assert.equal(told.events.length, 4);
  await assert.rejects(detach(router, dom, "<controller type='scsi' index='0'/>"), /is busy/);
  await router.call("domainDetachDevice", { dom, xml: channel });
  assert.doesNotMatch(await describe(router, dom), /org\.example/);
});

test("what cannot be plugged in leaves nothing behind", { skip }, async (t) => {
  const { router, dom, images } = await guest(t);
  const before = await describe(router, dom);
  const refused = async (xml: string, code: Parameters<typeof isLibvirtError>[1], text: RegExp) => {
    await assert.rejects(attach(router, dom, xml, BOTH), (error) => {
      assert.ok(isLibvirtError(error, code), String(error));
      assert.match(error.message, text);
      return true;
    });
    assert.equal(await describe(router, dom), before);
  };
  await refused("<foo/>", "CONFIG_UNSUPPORTED", /unknown device type 'foo'/);
  await refused("<sound model='ich6'/>", "OPERATION_UNSUPPORTED", /live attach of device 'sound' is not supported/);
  await refused(disk(`${images[0]}.none`, "vdb", "virtio"), "SYSTEM_ERROR", /No such file or directory/);
  await refused(disk(images[0], "hda", "ide"), "OPERATION_UNSUPPORTED", /controller of type 'ide'/);
  assert.doesNotMatch(await describe(router, dom, 2), /a\.img/);
  assert.doesNotMatch(await nodes(router, dom), /a\.img/);
  // Refused by QEMU, after it had opened the image: it is not shared.
  await router.call("domainAttachDevice", { dom, xml: disk(images[0], "sdb", "scsi") });
  const held = [await describe(router, dom), await nodes(router, dom)];
  await assert.rejects(attach(router, dom, disk(images[0], "sdc", "scsi"), BOTH), /Failed to get "write" lock/);
  assert.deepEqual([await describe(router, dom), await nodes(router, dom)], held);
});

test("the medium of a drive is changed, taken out and put in", { skip }, async (t) => {
  const { router, dom, images } = await guest(t, cdrom(null));
  const change = async (xml: string, flags = BOTH): Promise<void> => {
    await router.call("domainUpdateDeviceFlags", { dom, xml, flags });
  };
  await change(cdrom(images[0]));
  for (const flags of [0, 2]) assert.match(await describe(router, dom, flags), /<source file='[^']*a\.img'/);
  await change(cdrom(images[1]), LIVE | FORCE);
  assert.match(await describe(router, dom), /<source file='[^']*b\.img'/);
  const inDrive = await nodes(router, dom);
  assert.match(inDrive, /b\.img/);
  assert.doesNotMatch(inDrive, /a\.img/);
  await assert.rejects(change(cdrom(`${images[0]}.none`)), /No such file or directory/);
  assert.match(await describe(router, dom), /<source file='[^']*b\.img'/);
  await change(cdrom(null));
  for (const flags of [0, 2]) assert.doesNotMatch(await describe(router, dom, flags), /\.img/);
  // libvirt takes the adding of a drive that is there as a change of its medium.
  await router.call("domainAttachDevice", { dom, xml: cdrom(images[2]) });
  assert.match(await describe(router, dom), /<source file='[^']*c\.img'/);
  await assert.rejects(
    change(disk(images[0], "hdc", "ide"), LIVE),
    (error) => isLibvirtError(error, "OPERATION_UNSUPPORTED") && /cannot modify field 'device'/.test(error.message),
  );
});

test("a medium is changed whatever the guest's firmware does to its drive meanwhile", { skip }, async (t) => {
  const { router, dom, images } = await guest(t, cdrom(null));
  // A reset shuts the tray, and QEMU tells nobody; so does the firmware, when it looks for its drives.
  const reset = () => router.call("domainReset", { dom, flags: 0 });
  for (let round = 0; round < 20; round++) {
    const xml = cdrom(images[round % 2] ?? null);
    const changed = router.call("domainUpdateDeviceFlags", { dom, xml, flags: LIVE });
    await Promise.all([changed, reset(), reset()]);
  }
  await router.call("domainUpdateDeviceFlags", { dom, xml: cdrom(null), flags: LIVE });
  assert.doesNotMatch(await nodes(router, dom), /[ab]\.img/);
});

test("a tray that the guest has locked opens when the guest likes, or by force", { skip }, async (t) => {
  const { router, dom, images, folder } = await guest(t, cdrom(null));
  await router.call("domainDestroy", { dom });
  const [system, serial] = [join(folder, "system.img"), join(folder, "serial")];
  await writeLockingGuest(system);
  const printer = `<serial type='file'><source path='${serial}'/></serial>`;
  const xml = guestXml(
    "guest",
    `<uuid>${formatUuid(dom.uuid)}</uuid>`,
    cdrom(images[0]) + disk(system, "hda", "ide") + printer,
  );
  await router.call("domainDefineXml", { xml });
  const change = async (to: string | null, flags = LIVE): Promise<void> => {
    await router.call("domainUpdateDeviceFlags", { dom, xml: cdrom(to), flags });
  };
  await router.call("domainCreate", { dom });
  await untilPrinted(serial, "LOCKED");
  await assert.rejects(change(images[1]), (error) => {
    return isLibvirtError(error, "OPERATION_FAILED") && /timed out waiting to open tray of 'hdc'/.test(error.message);
  });
  assert.match(await describe(router, dom), /<source file='[^']*a\.img'/);
  await change(images[1], LIVE | FORCE);
  assert.match(await describe(router, dom), /<source file='[^']*b\.img'/);
  const changed = change(images[2]);
  await router.call("domainSendKey", { dom, codeset: 0, holdtime: 50, keycodes: [28], flags: 0 });
  await changed;
  assert.match(await describe(router, dom), /<source file='[^']*c\.img'/);
});

test("a card comes with its cable, and the guest may take its time to let it go", { skip }, async (t) => {
  const { router, dom, told } = await guest(t);
  const card = (link: string) =>
    `<interface type='user'><mac address='52:54:00:01:02:03'/><model type='virtio'/><link state='${link}'/></interface>`;
  await router.call("domainAttachDevice", { dom, xml: card("down") });
  assert.match(await describe(router, dom), /<link state='down'\/>\s*<alias name='net0'\/>/);
  await router.call("domainUpdateDeviceFlags", { dom, xml: card("up"), flags: LIVE });
  assert.match(await describe(router, dom), /<link state='up'\/>/);
  await router.call("domainDetachDeviceAlias", { dom, alias: "net0", flags: LIVE });
  assert.match(await describe(router, dom), /net0/);
  await resetUntil(router, dom, told.until("removed net0"));
  assert.doesNotMatch(await describe(router, dom), /net0/);
  const { result } = await router.call("qemuDomainMonitorCommand", { dom, cmd: "info network", flags: 1 });
  assert.doesNotMatch(result, /hostnet0/);
});

test("a tap device comes and goes with its card", {
  skip: skip || (process.geteuid?.() === 0 ? false : "needs root"),
}, async (t) => {
  const { router, dom, told } = await guest(t);
  const name = `tsvp${process.pid}`.slice(0, 15);
  const xml = `<interface type='ethernet'><mac address='52:54:00:01:02:03'/><target dev='${name}'/><model type='e1000'/></interface>`;
  try {
    await router.call("domainAttachDevice", { dom, xml });
  } catch (error) {
    return t.skip(`no tap device can be made here: ${String(error)}`);
  }
  assert.equal(await deviceExists(name), true);
  await router.call("domainDetachDeviceAlias", { dom, alias: "net0", flags: LIVE });
  await resetUntil(router, dom, told.until("removed net0"));
  assert.equal(await deviceExists(name), false);
});

test("what was plugged in is known to the next program", { skip }, async (t) => {
  const { root, router, dom, images } = await guest(t);
  await router.call("domainAttachDevice", { dom, xml: disk(images[0], "sdb", "scsi") });
  const before = await describe(router, dom);
  await router.close();
  // And what left the guest while nobody looked: here a disk that QEMU does not know.
  const status = join(root, "qemu", "status", "guest.json");
  const known = JSON.parse(await readFile(status, "utf8"));
  const own = /<disk type='file'.*?<\/disk>/s.exec(known.definition)?.[0] ?? "";
  const left = own
    .replace("a.img", "b.img")
    .replace("index='1'", "index='9'")
    .replace("sdb", "sdc")
    .replace("scsi0-0-0-1", "scsi0-0-0-2")
    .replace("unit='1'", "unit='2'");
  known.definition = known.definition.replace(own, own + left);
  await writeFile(status, JSON.stringify(known));
  const next = await openQemu(root);
  t.after(() => next.close());
  assert.equal(await describe(next, dom), before);
  await next.call("domainDetachDevice", { dom, xml: disk(images[0], "sdb", "scsi") });
  assert.doesNotMatch(await nodes(next, dom), /a\.img/);
  // With its image it got the next one's.
  await next.call("domainAttachDevice", { dom, xml: disk(images[0], "sdb", "scsi") });
  await next.call("domainDestroy", { dom });
  assert.equal((await readFile(images[0])).length, 64 * 1024);
});
