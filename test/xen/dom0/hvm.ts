/** Fully virtualized guests: Xen's device model gives them disks, a screen and a serial port. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import type { Router } from "../../../src/driver/router.ts";
import { type Domain, DomainState } from "../../../src/protocol/index.ts";
import { isHole, streamPair } from "../../../src/rpc/stream.ts";
import { fails, stateOf } from "../../drivers/suite/subject.ts";
import { writeTinyGuest } from "../../helpers/tiny-guest.ts";
import { fullyVirtualizedXml } from "../../helpers/xen-manual.ts";
import { watchedXen } from "../inside/open.ts";
import { screenAt } from "../inside/screen.ts";
import { xl } from "../inside/xl.ts";

const { RUNNING, PAUSED, SHUTOFF } = DomainState;

// Emulated cards hand their packets to the host through it.
await promisify(execFile)("insmod", ["/modules/tun.ko"]);

/** The images that the document names; the disk's boot sector is a guest. */
async function writeImages(folder: string): Promise<void> {
  await writeTinyGuest(join(folder, "full0"), "xenfv");
  for (const name of ["install.iso", "other.iso"]) await writeFile(join(folder, name), Buffer.alloc(1024 * 1024));
  await writeFile(join(folder, "floppy.img"), Buffer.alloc(1440 * 1024));
}

/** Connects to the guest's serial port; gives what waits for it to say something. */
async function listens(t: TestContext, router: Router, dom: Domain): Promise<(pattern: RegExp) => Promise<void>> {
  const [mine, stream] = streamPair();
  await router.call("domainOpenConsole", { dom, devName: "serial0", flags: 0 }, { stream });
  t.after(() => mine.end());
  let heard = "";
  mine.on("data", (chunk) => {
    if (!isHole(chunk)) heard += Buffer.from(chunk).toString();
  });
  return async (pattern) => {
    while (!pattern.test(heard)) await once(mine, "data", { signal: AbortSignal.timeout(60_000) });
    heard = "";
  };
}

test("the fully virtualized document of the first manual runs as written, shows its screen, stops and ends", async (t) => {
  await using connection = await watchedXen(t);
  const { router, root } = connection;
  await writeImages(root);
  const { dom } = await router.call("domainDefineXml", { xml: fullyVirtualizedXml(root) });
  t.after(() => xl("destroy", "full0").catch(() => {}));
  await router.call("domainCreate", { dom });
  assert.deepEqual(await connection.events(), ["domain Lifecycle full0 0 0", "domain Lifecycle full0 2 0"]);
  assert.equal((await stateOf(router, dom))[0], RUNNING);
  assert.match(await xl("list"), /^full0 +\d+ +5\d\d +1 /m);
  assert.deepEqual(await router.call("domainGetOsType", { dom }), { type: "hvm" });

  // The firmware turns the screen on and says what it boots.
  let screen = await screenAt(5904);
  while (screen.pixels.every((byte) => byte === 0)) screen = await screenAt(5904);
  assert.match(screen.name, /full0/);
  assert.ok(screen.width >= 640 && screen.height >= 400, `${screen.width} x ${screen.height}`);

  // Another medium lies in the drive; a disk's cannot be changed.
  const drive = (name: string, file: string) =>
    `<disk type='file' device='${name === "hdc" ? "cdrom" : "disk"}'><source file='${file}'/><target dev='${name}'/></disk>`;
  await router.call("domainUpdateDeviceFlags", { dom, xml: drive("hdc", join(root, "other.iso")), flags: 1 });
  assert.match((await router.call("domainGetXmlDesc", { dom, flags: 0 })).xml, /other\.iso'\/>\s*<target dev='hdc'/);
  const { id } = (await router.call("domainLookupByName", { name: "full0" })).dom;
  assert.match(await xl("list", "-l", String(id)), /"pdev_path": "[^"]*other\.iso"/);
  const update = () => router.call("domainUpdateDeviceFlags", { dom, xml: drive("hda", "/x"), flags: 1 });
  await fails(update, "OPERATION_UNSUPPORTED", /no drive/);

  await router.call("domainSuspend", { dom });
  assert.equal((await stateOf(router, dom))[0], PAUSED);
  await router.call("domainResume", { dom });
  await router.call("domainDestroy", { dom });
  assert.equal((await stateOf(router, dom))[0], SHUTOFF);
  assert.doesNotMatch(await xl("list"), /full0/);
  await router.call("domainUndefine", { dom });
});

test("a guest talks on its serial port, stands still while it is paused, is saved and goes on, and obeys the power button", async (t) => {
  await using connection = await watchedXen(t);
  const { router, root } = connection;
  await writeImages(root);
  const serial = "<serial type='pty'><target port='0'/></serial>";
  const xmlDesc = fullyVirtualizedXml(root)
    .replace("<memory>524288", "<memory>32768")
    .replace("<graphics", `${serial}<graphics`);
  const { dom } = await router.call("domainCreateXml", { xmlDesc, flags: 0 });
  t.after(() => xl("destroy", "full0").catch(() => {}));
  const says = await listens(t, router, dom);
  await says(/tick/);
  const { xml } = await router.call("domainGetXmlDesc", { dom, flags: 0 });
  assert.match(xml, /<serial type='pty'>\s*<source path='\/dev\/pts\/\d+'\/>/);
  await router.call("domainSuspend", { dom });
  await router.call("domainResume", { dom });
  await says(/tick/);
  await fails(() => router.call("domainReboot", { dom, flags: 0 }), "OPERATION_FAILED", /PV control interface/);

  const file = join(root, "saved");
  await router.call("domainSave", { dom, to: file });
  await router.call("domainRestore", { from: file });
  await (await listens(t, router, dom))(/tick/);
  await router.call("domainShutdown", { dom });
  await connection.hears("domain Lifecycle full0 5 0");
  await fails(() => router.call("domainLookupByName", { name: "full0" }), "NO_DOMAIN");
});
