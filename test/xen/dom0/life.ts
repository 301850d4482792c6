/** How guests end and come back, by themselves, by their definitions and behind the driver's back. */
import assert from "node:assert/strict";
import { watch } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Router } from "../../../src/driver/router.ts";
import { Hypervisor } from "../../../src/drivers/xen/hypervisor/index.ts";
import { type Domain, DomainState } from "../../../src/protocol/index.ts";
import { fails, removeDomain, stateOf, withDomain } from "../../drivers/suite/subject.ts";
import { openXen, watchedXen, xenOn } from "../inside/open.ts";
import { crashingXml, guestXml, quietXml } from "../inside/xen-subject.ts";
import { guestUp, makePaused, quietKernel, xl } from "../inside/xl.ts";

const { RUNNING, PAUSED, SHUTOFF, CRASHED } = DomainState;

/** Starts a transient guest and waits until its kernel is up; it is ended after the test. */
async function started(t: TestContext, router: Router, name: string, extra = "", type = "linux"): Promise<Domain> {
  const xmlDesc = guestXml(name, extra).replace("<type>linux<", `<type>${type}<`);
  const { dom } = await router.call("domainCreateXml", { xmlDesc, flags: 0 });
  t.after(() => xl("destroy", name).catch(() => {}));
  await guestUp(name);
  return dom;
}

/** Says a line to the guest on its console. */
async function say(router: Router, dom: Domain, line: string): Promise<void> {
  const { xml } = await router.call("domainGetXmlDesc", { dom, flags: 0 });
  const [, tty] = /<console type='pty' tty='([^']+)'>/.exec(xml) ?? assert.fail(xml);
  await writeFile(tty ?? "", `${line}\n`);
}

const shutDown = (name: string): string => `domain Lifecycle ${name} 5 0`;

test("a guest without paravirtualization starts, and shuts down when it is asked to", async (t) => {
  await using connection = await watchedXen(t);
  const { router } = connection;
  const dom = await started(t, router, "pvh", "", "xenpvh");
  assert.deepEqual(await router.call("domainGetOsType", { dom }), { type: "xenpvh" });
  await router.call("domainShutdown", { dom });
  await connection.hears(shutDown("pvh"));
  await fails(() => router.call("domainLookupByName", { name: "pvh" }), "NO_DOMAIN");
  assert.doesNotMatch(await xl("list"), /pvh/);
});

test("a guest that reboots gets another number and stays the same domain; then it is saved, fetched and shut down", async (t) => {
  await using connection = await watchedXen(t);
  const { router, root } = connection;
  const dom = await started(t, router, "again");
  await connection.events();
  await router.call("domainReboot", { dom, flags: 0 });
  await connection.hears("domain Lifecycle again 2 0");
  const { dom: after } = await router.call("domainLookupByUuid", { uuid: dom.uuid });
  assert.ok(after.id > dom.id);
  assert.deepEqual(await connection.events(), [shutDown("again"), "domain Lifecycle again 2 0"]);
  assert.equal((await stateOf(router, dom))[0], RUNNING);

  await guestUp("again");
  const path = join(root, "file");
  await router.call("domainSave", { dom, to: path });
  assert.deepEqual(await connection.events(), ["domain Lifecycle again 5 4"]);
  await fails(() => router.call("domainLookupByName", { name: "again" }), "NO_DOMAIN");
  const { xml } = await router.call("domainSaveImageGetXmlDesc", { file: path, flags: 0 });
  assert.match(xml, /<name>again<\/name>/);
  const described = xml.replace("</name>", "</name><title>back</title>");
  await router.call("domainSaveImageDefineXml", { file: path, dxml: described, flags: 4 });
  await router.call("domainRestore", { from: path });
  assert.deepEqual(await stateOf(router, dom), [PAUSED, 1]);
  assert.deepEqual(await connection.events(), ["domain Lifecycle again 2 2", "domain Lifecycle again 3 4"]);
  assert.match((await router.call("domainGetXmlDesc", { dom, flags: 0 })).xml, /<title>back</);
  await fails(() => router.call("domainRestore", { from: "/etc/hosts" }), "OPERATION_FAILED", /not a save file/);

  await router.call("domainResume", { dom });
  await router.call("domainShutdown", { dom });
  await connection.hears(shutDown("again"));
  await fails(() => router.call("domainLookupByName", { name: "again" }), "NO_DOMAIN");
});

test("a guest that crashes is set aside and made anew, as its definition says", async (t) => {
  await using connection = await watchedXen(t);
  const { router } = connection;
  const dom = await started(t, router, "anew", "<on_crash>rename-restart</on_crash>");
  await connection.events();
  await say(router, dom, "crash");
  await connection.hears("domain Lifecycle anew 2 0");
  assert.ok((await connection.events()).includes("domain Lifecycle anew-1 8 0"));
  const { dom: aside } = await router.call("domainLookupByName", { name: "anew-1" });
  assert.equal(aside.id, dom.id);
  assert.notDeepEqual(aside.uuid, dom.uuid);
  assert.deepEqual(await stateOf(router, aside), [CRASHED, 0]);
  assert.equal((await stateOf(router, dom))[0], RUNNING);
  await fails(() => router.call("domainResume", { dom: aside }), "OPERATION_INVALID");
  await router.call("domainDestroy", { dom: aside });
});

test("a guest that crashes is dumped, as it was told since it was made", async (t) => {
  await using connection = await watchedXen(t);
  const { router } = connection;
  const { dom } = await router.call("domainCreateXml", { xmlDesc: crashingXml("dumped"), flags: 1 });
  t.after(() => xl("destroy", "dumped").catch(() => {}));
  await router.call("domainSetLifecycleAction", { dom, type: 2, action: 4, flags: 1 });
  await router.call("domainResume", { dom });
  await connection.hears("domain Lifecycle dumped 5 2");
  const cores = await readdir(join(connection.root, "xen", "dump"));
  assert.match(cores.join(), /^\d{8}T\d{6}-dumped\.\d+\.core$/);
});

test("what others do to domains is seen", async (t) => {
  await using connection = await watchedXen(t);
  const { router } = connection;
  const id = await makePaused("theirs");
  t.after(() => xl("destroy", "theirs").catch(() => {}));
  await connection.hears("domain Lifecycle theirs 2 0");
  const { dom } = await router.call("domainLookupById", { id });
  assert.equal(dom.name, "theirs");
  assert.equal((await stateOf(router, dom))[0], PAUSED);
  assert.equal((await router.call("domainGetInfo", { dom })).memory, 131_072n);
  await xl("unpause", "theirs");
  assert.equal((await stateOf(router, dom))[0], RUNNING);
  await xl("destroy", "theirs");
  await connection.hears("domain Lifecycle theirs 5 1");
  await fails(() => router.call("domainLookupByName", { name: "theirs" }), "NO_DOMAIN");
});

test("domains that others made are shown with what they are made of, and with what is plugged in later", async (t) => {
  await using connection = await watchedXen(t);
  const { router, root } = connection;
  const [first, second] = [join(root, "first.img"), join(root, "second.img")];
  for (const image of [first, second]) await writeFile(image, Buffer.alloc(1024 * 1024));
  const id = await makePaused("foreign", [
    ...['vif=["mac=00:16:3e:0a:0b:0c,bridge=lab"]', 'on_reboot="restart"', "maxvcpus=3", "maxmem=192"],
    `disk=["format=raw,vdev=xvda,access=ro,target=${first}"]`,
  ]);
  t.after(() => xl("destroy", "foreign").catch(() => {}));
  await connection.hears("domain Lifecycle foreign 2 0");
  const { dom } = await router.call("domainLookupById", { id });
  const shown = async () => (await router.call("domainGetXmlDesc", { dom, flags: 0 })).xml;
  const xml = await shown();
  for (const part of [
    "<memory unit='KiB'>196608</memory>",
    "<currentMemory unit='KiB'>131072</currentMemory>",
    "<vcpu placement='static' current='1'>3</vcpu>",
    "<on_reboot>restart</on_reboot>",
    `<source file='${first}'/>`,
    "<mac address='00:16:3e:0a:0b:0c'/>",
    "<source bridge='lab'/>",
  ]) {
    assert.ok(xml.includes(part), `no ${part} in ${xml}`);
  }
  assert.match(xml, /<kernel>\/guest\/\w+<\/kernel>/);
  assert.match(xml, /<console type='pty' tty='\/dev\/pts\/\d+'>/);
  assert.doesNotMatch(xml, /xvdb/);

  await router.call("domainSetMetadata", { dom, type: 1, metadata: "seen", key: null, uri: null, flags: 1 });
  await xl("block-attach", "foreign", `format=raw,vdev=xvdb,target=${second}`);
  const later = await shown();
  assert.ok(later.includes(`<source file='${second}'/>`) && later.includes("<title>seen</title>"), later);
});

test("the host itself is a domain that cannot be ended", async (t) => {
  await using connection = await watchedXen(t);
  const { router } = connection;
  const { dom } = await router.call("domainLookupById", { id: 0 });
  assert.equal(dom.name, "Domain-0");
  assert.deepEqual(Buffer.from(dom.uuid), Buffer.alloc(16));
  assert.equal((await stateOf(router, dom))[0], RUNNING);
  assert.equal((await router.call("domainGetInfo", { dom })).memory, 1_048_576n);
  for (const call of ["domainDestroy", "domainSuspend", "domainShutdown"] as const) {
    await fails(() => router.call(call, { dom }), "OPERATION_INVALID", /the host itself/);
  }
});

test("a root that is opened again finds its domains, and starts none that ran before", async (t) => {
  const first = await watchedXen(t);
  const { root } = first;
  const { dom } = await first.router.call("domainDefineXml", { xml: quietXml("stays") });
  await first.router.call("domainSetAutostart", { dom, autostart: 1 });
  await first.router.call("domainCreate", { dom });
  t.after(() => xl("destroy", "stays").catch(() => {}));
  const { dom: running } = await first.router.call("domainLookupByName", { name: "stays" });
  await first.router.close();

  const second = await openXen(root);
  const { dom: found } = await second.call("domainLookupByName", { name: "stays" });
  assert.equal(found.id, running.id);
  assert.equal((await stateOf(second, dom))[0], RUNNING);
  await second.close();
  await xl("destroy", "stays");

  const third = await openXen(root);
  assert.equal((await stateOf(third, dom))[0], SHUTOFF);
  await removeDomain(third, dom);
  await third.close();
});

test("what cannot be started leaves nothing behind", async (t) => {
  await using connection = await watchedXen(t);
  const { router } = connection;
  const before = await xl("list");
  const create = (xmlDesc: string) => () => router.call("domainCreateXml", { xmlDesc, flags: 0 });
  const free = await freeMemory();
  await fails(create(quietXml("nokernel").replace(quietKernel, "/nosuch")), "OPERATION_FAILED", /\/nosuch/);
  await fails(create(quietXml("toolarge", "", 99_999_744)), "OPERATION_FAILED", /not enough free memory/);
  assert.deepEqual(await connection.events(), []);
  assert.equal((await xl("list")).split("\n").length, before.split("\n").length);
  assert.equal(await freeMemory(), free);
  for (const name of ["nokernel", "toolarge"]) {
    await fails(() => router.call("domainLookupByName", { name }), "NO_DOMAIN");
  }
  await makePaused("twin");
  t.after(() => xl("destroy", "twin").catch(() => {}));
  await fails(create(quietXml("twin")), "OPERATION_FAILED", /already exists/);
});

test("a guest that dies while it is saved has not been saved, and has ended", async (t) => {
  await using connection = await watchedXen(t);
  const { router, root } = connection;
  // It takes no part in being saved, which waits for it.
  await withDomain(xenOn(root), router, "dies", async (dom) => {
    await router.call("domainCreate", { dom });
    const { dom: running } = await router.call("domainLookupByName", { name: "dies" });
    // xl itself would wait until the saving is over.
    const hypervisor = await Hypervisor.open();
    assert.ok(typeof hypervisor !== "string");
    t.after(() => hypervisor.close());
    await connection.events();
    const saves = join(root, "xen", "save");
    await mkdir(saves);
    const begun = new Promise<void>((resolve) => {
      const watcher = watch(saves, () => {
        watcher.close();
        resolve();
      });
    });
    const saving = router.call("domainManagedSave", { dom, flags: 0 });
    const failed = fails(() => saving, "OPERATION_FAILED", /has ended while it was saved/);
    await begun;
    hypervisor.destroy(running.id);
    await failed;
    assert.equal((await stateOf(router, dom))[0], SHUTOFF);
    assert.deepEqual(await router.call("domainHasManagedSaveImage", { dom, flags: 0 }), { result: 0 });
    assert.deepEqual(await readdir(saves), []);
    assert.deepEqual(await connection.events(), ["domain Lifecycle dies 5 1"]);
  });
});

/** What the hypervisor has left, in MiB, as xl says. */
async function freeMemory(): Promise<string> {
  return /^free_memory *: (\d+)$/m.exec(await xl("info"))?.[1] ?? assert.fail("no free memory is told");
}
