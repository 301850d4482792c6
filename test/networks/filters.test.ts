/** Guests whose cards have network filters: one connection of the QEMU and the filter driver, in a network of its own. */
import assert from "node:assert/strict";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { withSecondaries } from "../../src/driver/compose.ts";
import { Router } from "../../src/driver/router.ts";
import { Session } from "../../src/driver/session.ts";
import { parseConnectionUri } from "../../src/driver/uri.ts";
import { nwfilterDriver } from "../../src/drivers/nwfilter/index.ts";
import { qemuDriver } from "../../src/drivers/qemu/index.ts";
import { runProgram } from "../../src/host/program.ts";
import { deviceExists } from "../../src/host/tap.ts";
import { inNamespaces, skipWithout } from "../helpers/namespaces.ts";
import { skipWithoutQemu } from "../helpers/qemu.ts";
import { guestXml } from "../helpers/qemu-driver.ts";

const skip = skipWithoutQemu || skipWithout("ip", "ebtables-restore", "iptables-restore", "ip6tables-restore");
const run = (command: string, ...args: string[]) => runProgram(command, args, { domain: "QEMU" });

/** A root with both drivers; after the test nothing of it runs. */
async function testRoot(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-filters-"));
  await chmod(folder, 0o711);
  await run("ip", "link", "add", "br0", "type", "bridge");
  const module = withSecondaries(qemuDriver, async () => [nwfilterDriver]);
  const open = async (): Promise<Router> => {
    const uri = parseConnectionUri(`qemu:///embed?root=${join(folder, "root")}`);
    const session = new Session({ uri, readOnly: false, sink: () => {} });
    return new Router(session, await module.open(session, {}));
  };
  t.after(async () => {
    const router = await open();
    const { domains } = await router.call("connectListAllDomains", { needResults: 1, flags: 1 });
    for (const dom of domains) await router.call("domainDestroy", { dom });
    await router.close();
    await rm(folder, { recursive: true });
    await run("ip", "link", "delete", "br0");
  });
  return { open };
}

const card = (dev: string, filter: string, number = 1): string =>
  `<interface type='bridge'><mac address='52:54:00:00:00:0${number}'/><source bridge='br0'/><target dev='${dev}'/>
    <model type='virtio'/>${filter}</interface>`;
const refers = (filter: string): string =>
  `<filterref filter='${filter}'><parameter name='IP' value='10.0.0.5'/></filterref>`;

async function define(router: Router, name: string, address: string): Promise<void> {
  const rule = `<rule action='drop' direction='out'><ip match='no' ${address}='$${address === "srcipaddr" ? "IP" : "MAC"}'/></rule>`;
  await router.call("nwfilterDefineXmlFlags", { xml: `<filter name='${name}'>${rule}</filter>`, flags: 0 });
}

/** Ports with filters, as `a1 address`. */
async function bound(router: Router): Promise<string[]> {
  const { bindings } = await router.call("connectListAllNwfilterBindings", { needResults: 1, flags: 0 });
  return bindings.map(({ portdev, filtername }) => `${portdev} ${filtername}`).sort();
}

/** The rules of chains that have a port's name. */
async function rulesOf(port: string): Promise<string[]> {
  const lines = (await run("ebtables-save", "-t", "nat")).split("\n");
  return lines.filter((line) => line.startsWith(`-A libvirt-I-${port} `)).map((line) => line.replace(/^-A \S+ /, ""));
}

const byAddress = ["-p IPv4 --ip-src ! 10.0.0.5 -j DROP"];

inNamespaces(import.meta.url, () => {
  test("a card's filter is at work from before the guest runs until it has ended", { skip }, async (t) => {
    const { open } = await testRoot(t);
    const router = await open();
    const { dom } = await router.call("domainDefineXml", { xml: guestXml("g", "", card("a1", refers("address"))) });
    const start = async () => router.call("domainCreate", { dom });
    await assert.rejects(start, /referenced filter 'address' is missing/);
    assert.equal(await deviceExists("a1"), false);
    await define(router, "address", "srcipaddr");
    await start();
    assert.deepEqual(await bound(router), ["a1 address"]);
    assert.deepEqual(await rulesOf("a1"), byAddress);
    const nwfilter = { portdev: "a1", filtername: "address" };
    const { xml } = await router.call("nwfilterBindingGetXmlDesc", { nwfilter, flags: 0 });
    assert.match(xml, /<name>g<\/name>[\s\S]*<mac address='52:54:00:00:00:01'\/>/);
    // The guest runs on without its driver, and so does the filter; one that was lost is put to work again.
    await router.close();
    const again = await open();
    assert.deepEqual(await bound(again), ["a1 address"]);
    await again.call("nwfilterBindingDelete", { nwfilter });
    assert.deepEqual(await rulesOf("a1"), []);
    await again.close();
    const third = await open();
    // What drivers find again when they open is known to the first call that needs it.
    assert.equal((await third.call("domainGetState", { dom, flags: 0 })).state, 1);
    assert.deepEqual(await bound(third), ["a1 address"]);
    await third.call("domainDestroy", { dom });
    assert.deepEqual(await bound(third), []);
    assert.deepEqual(await rulesOf("a1"), []);
    await third.close();
  });

  test("filters come and go with cards that are plugged in, and are changed", { skip }, async (t) => {
    const { open } = await testRoot(t);
    const router = await open();
    await define(router, "address", "srcipaddr");
    await define(router, "card", "srcmacaddr");
    const { dom } = await router.call("domainDefineXml", { xml: guestXml("g", "<features><acpi/></features>") });
    await router.call("domainCreate", { dom });
    const attach = async (xml: string) => router.call("domainAttachDeviceFlags", { dom, xml, flags: 1 });
    const change = async (xml: string) => router.call("domainUpdateDeviceFlags", { dom, xml, flags: 1 });
    await assert.rejects(attach(card("a1", refers("none"))), /referenced filter 'none' is missing/);
    assert.equal(await deviceExists("a1"), false);
    await attach(card("a1", refers("address")));
    await attach(card("a2", "", 2));
    assert.deepEqual(await bound(router), ["a1 address"]);
    await change(card("a1", refers("card")));
    await change(card("a2", refers("address"), 2));
    assert.deepEqual(await bound(router), ["a1 card", "a2 address"]);
    assert.deepEqual(await rulesOf("a2"), byAddress);
    await assert.rejects(change(card("a2", refers("none"), 2)), /referenced filter 'none' is missing/);
    assert.deepEqual(await rulesOf("a2"), byAddress);
    await change(card("a1", ""));
    assert.deepEqual(await bound(router), ["a2 address"]);
    const { xml } = await router.call("domainGetXmlDesc", { dom, flags: 0 });
    assert.equal(xml.match(/<filterref /g)?.length, 1);
    await router.call("domainDestroy", { dom });
    assert.deepEqual(await bound(router), []);
    assert.deepEqual(await rulesOf("a2"), []);
    await router.close();
  });
});
