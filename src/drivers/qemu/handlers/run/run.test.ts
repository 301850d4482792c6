import assert from "node:assert/strict";
import { access, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { untilPrinted } from "../../../../../test/helpers/printed.ts";
import { skipWithoutQemu } from "../../../../../test/helpers/qemu.ts";
import { collectEvents, guestXml, testRoot } from "../../../../../test/helpers/qemu-driver.ts";
import { writeTinyGuest } from "../../../../../test/helpers/tiny-guest.ts";
import type { Router } from "../../../../driver/router.ts";
import { type ErrorName, isLibvirtError } from "../../../../errors.ts";
import { type Domain, DomainLifecycleAction, DomainShutoffReason, DomainState } from "../../../../protocol/index.ts";

const skip = skipWithoutQemu;

async function stateOf(router: Router, dom: Domain): Promise<readonly number[]> {
  const { state, reason } = await router.call("domainGetState", { dom, flags: 0 });
  return [state, reason];
}

async function listen(router: Router): Promise<void> {
  await router.call("connectDomainEventCallbackRegisterAny", { eventID: 0, dom: null });
}

async function fails(call: () => unknown, code: ErrorName, message: RegExp): Promise<void> {
  await assert.rejects(
    async () => call(),
    (error) => {
      assert.ok(isLibvirtError(error, code), `expected ${code}, got ${String(error)}`);
      assert.match(error.message, message);
      return true;
    },
  );
}

const disk = (path: string, extra = ""): string =>
  `<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='${path}'/>` +
  `<target dev='vda' bus='virtio'/>${extra}</disk>`;

test("a guest goes on when its program ends, and the next one knows what happened meanwhile", { skip }, async (t) => {
  const { root, open } = await testRoot(t);
  const first = await open();
  const { dom } = await first.call("domainDefineXml", { xml: guestXml("kept") });
  const { dom: brief } = await first.call("domainCreateXml", { xmlDesc: guestXml("brief"), flags: 0 });
  await first.call("domainCreate", { dom });
  await first.call("domainSuspend", { dom });
  const { xml } = await first.call("domainGetXmlDesc", { dom, flags: 0 });
  const [status] = (await readdir(join(root, "qemu", "status"))).filter((name) => name === "brief.json");
  const { process: qemu } = JSON.parse(await readFile(join(root, "qemu", "status", status ?? ""), "utf8"));
  await first.close();
  process.kill(qemu.pid, "SIGKILL");

  const told = collectEvents();
  const second = await open({ sink: told.sink });
  await listen(second);
  assert.deepEqual(await stateOf(second, dom), [DomainState.PAUSED, 1]);
  assert.deepEqual(await second.call("domainGetXmlDesc", { dom, flags: 0 }), { xml });
  await fails(() => second.call("domainGetState", { dom: brief, flags: 0 }), "NO_DOMAIN", /brief/);
  await second.call("domainResume", { dom });
  await second.call("domainDestroy", { dom });
  assert.deepEqual(told.events, ["4 0", "6 2", "5 1"]);
  for (const folder of ["status", "run", "channel"]) assert.deepEqual(await readdir(join(root, "qemu", folder)), []);
});

test("a QEMU that is killed has crashed, and nothing of it stays behind", { skip }, async (t) => {
  const { root, open } = await testRoot(t);
  const told = collectEvents();
  const router = await open({ sink: told.sink });
  const { dom } = await router.call("domainDefineXml", { xml: guestXml("victim") });
  await router.call("domainCreate", { dom });
  await listen(router);
  const { process: qemu } = JSON.parse(await readFile(join(root, "qemu", "status", "victim.json"), "utf8"));
  process.kill(qemu.pid, "SIGKILL");
  await told.until("5 5");
  assert.deepEqual(told.events, ["5 5"]);
  assert.deepEqual(await stateOf(router, dom), [DomainState.SHUTOFF, DomainShutoffReason.CRASHED]);
  await router.call("domainCreate", { dom });
  assert.equal((await stateOf(router, dom))[0], DomainState.RUNNING);
  await router.call("domainDestroy", { dom });
  assert.deepEqual(await readdir(join(root, "qemu", "run")), []);
});

test("a guest whose QEMU hangs can be destroyed, though another call waits for it", { skip }, async (t) => {
  const { root, open } = await testRoot(t);
  const router = await open();
  const { dom } = await router.call("domainCreateXml", { xmlDesc: guestXml("hung"), flags: 0 });
  const status = await readFile(join(root, "qemu", "status", "hung.json"), "utf8");
  process.kill(JSON.parse(status).process.pid, "SIGSTOP");
  const suspended = assert.rejects(async () => router.call("domainSuspend", { dom }));
  await router.call("domainDestroy", { dom });
  await suspended;
  assert.equal((await router.call("connectListAllDomains", { needResults: 1, flags: 0 })).ret, 0);
});

test("a guest that shuts down is off, one that reboots stays, by the power button", { skip }, async (t) => {
  const { folder, open } = await testRoot(t);
  const image = join(folder, "tiny.img");
  const serial = join(folder, "serial");
  await writeTinyGuest(image);
  const told = collectEvents();
  const router = await open({ sink: told.sink });
  const xml = guestXml(
    "tiny",
    "<features><acpi/></features>",
    `${disk(image)}<serial type='file'><source path='${serial}'/></serial>`,
  );
  const { dom } = await router.call("domainDefineXml", { xml });
  await listen(router);
  const before = await stat(image);
  await router.call("domainCreate", { dom });
  const ready = (times: number) => untilPrinted(serial, "TINY GUEST READY", times);
  await ready(1);
  await router.call("domainReboot", { dom, flags: 1 });
  await ready(2);
  assert.deepEqual(await stateOf(router, dom), [DomainState.RUNNING, 1]);
  // One that its definition lets come up again does so, whoever turned it off.
  const poweroff = (action: number) => router.call("domainSetLifecycleAction", { dom, type: 0, action, flags: 1 });
  await poweroff(DomainLifecycleAction.RESTART);
  await router.call("domainShutdownFlags", { dom, flags: 1 });
  await ready(3);
  await poweroff(DomainLifecycleAction.DESTROY);
  await router.call("domainShutdownFlags", { dom, flags: 1 });
  await told.until("5 0");
  assert.deepEqual(told.events, ["4 0", "2 0", "6 1", "5 0"]);
  assert.deepEqual(await stateOf(router, dom), [DomainState.SHUTOFF, DomainShutoffReason.SHUTDOWN]);
  const after = await stat(image);
  assert.deepEqual([after.uid, after.gid], [before.uid, before.gid]);
});

test("what cannot start leaves everything as it was", { skip }, async (t) => {
  const { root, folder, open } = await testRoot(t);
  const told = collectEvents();
  const router = await open({ sink: told.sink });
  await listen(router);
  const create = (xmlDesc: string) => () => router.call("domainCreateXml", { xmlDesc, flags: 0 });
  const missing = join(folder, "none.img");
  await fails(
    create(guestXml("a", "", disk(missing))),
    "SYSTEM_ERROR",
    /Cannot access storage file '.*none\.img': No such file or directory/,
  );
  const wrong = guestXml("b").replace("<devices>", "<devices><emulator>/bin/false</emulator>");
  await fails(create(wrong), "INTERNAL_ERROR", /\/bin\/false/);
  const output = `<serial type='file'><source path='${folder}/no/such/folder/log'/></serial>`;
  await fails(create(guestXml("c", "", output)), "SYSTEM_ERROR", /no\/such\/folder\/log/);
  // An image can be had only once, which QEMU alone finds out.
  const image = join(folder, "tiny.img");
  await writeTinyGuest(image);
  const twice = disk(image) + disk(image).replace("vda", "vdb");
  await fails(create(guestXml("d", "", twice)), "INTERNAL_ERROR", /process exited.*Failed to get "write" lock/s);
  const unknown = "<interface type='network'><source network='none'/></interface>";
  await fails(create(guestXml("e", "", unknown)), "NO_SUPPORT", /virNetworkLookupByName/);
  assert.deepEqual(told.events, []);
  assert.equal((await router.call("connectListAllDomains", { needResults: 1, flags: 0 })).ret, 0);
  const { dom } = await router.call("domainDefineXml", { xml: guestXml("a", "", disk(missing)) });
  await fails(() => router.call("domainCreate", { dom }), "SYSTEM_ERROR", /none\.img/);
  assert.deepEqual(await stateOf(router, dom), [DomainState.SHUTOFF, DomainShutoffReason.FAILED]);
  for (const name of ["status", "run", "channel"]) assert.deepEqual(await readdir(join(root, "qemu", name)), []);
});

test("domains start by themselves, once", { skip }, async (t) => {
  const { open } = await testRoot(t);
  const first = await open();
  const { dom } = await first.call("domainDefineXml", { xml: guestXml("early") });
  await first.call("domainSetAutostart", { dom, autostart: 1 });
  await first.close();
  const second = await open();
  assert.deepEqual(await second.call("domainIsActive", { dom }), { active: 1 });
  await second.call("domainDestroy", { dom });
  await second.close();
  const third = await open();
  assert.deepEqual(await third.call("domainIsActive", { dom }), { active: 0 });
});

test("the monitor is nobody else's", { skip }, async (t) => {
  const { root, open } = await testRoot(t);
  const router = await open();
  await router.call("domainCreateXml", { xmlDesc: guestXml("mine"), flags: 0 });
  const [name = ""] = await readdir(join(root, "qemu", "run"));
  const folder = join(root, "qemu", "run", name);
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
  assert.equal((await stat(join(folder, "monitor.sock"))).mode & 0o777, 0o600);
  await access(join(folder, "master-key.aes"));
  const [{ uid }, { process: qemu }] = [
    await stat(folder),
    JSON.parse(await readFile(join(root, "qemu", "status", "mine.json"), "utf8")),
  ];
  const status = await readFile(`/proc/${qemu.pid}/status`, "utf8");
  if (process.geteuid?.() === 0) assert.notEqual(uid, 0);
  assert.match(status, new RegExp(`^Uid:\\s${uid}\\s${uid}\\s`, "m"));
  assert.match(status, /^Seccomp:\s2$/m);
});
