/** Guests on virtual networks: one connection of the QEMU driver and the network driver, in a network of its own. */
import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type TestContext, test } from "node:test";
import { withSecondaries } from "../../src/driver/compose.ts";
import { Router } from "../../src/driver/router.ts";
import { Session } from "../../src/driver/session.ts";
import { parseConnectionUri } from "../../src/driver/uri.ts";
import { networkDriver } from "../../src/drivers/network/index.ts";
import { qemuDriver } from "../../src/drivers/qemu/index.ts";
import { isLibvirtError } from "../../src/errors.ts";
import { runProgram } from "../../src/host/program.ts";
import { inNamespaces, skipWithout } from "../helpers/namespaces.ts";
import { skipWithoutQemu } from "../helpers/qemu.ts";
import { guestXml } from "../helpers/qemu-driver.ts";

const skip = skipWithoutQemu || skipWithout("ip", "iptables", "ip6tables", "dnsmasq");

/** A root with both drivers; after the test nothing of it runs. */
async function testRoot(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-guests-"));
  await chmod(folder, 0o711);
  const module = withSecondaries(qemuDriver, async () => [networkDriver]);
  const open = async (): Promise<Router> => {
    const uri = parseConnectionUri(`qemu:///embed?root=${join(folder, "root")}`);
    const session = new Session({ uri, readOnly: false, sink: () => {} });
    return new Router(session, await module.open(session, {}));
  };
  t.after(async () => {
    const router = await open();
    const { domains } = await router.call("connectListAllDomains", { needResults: 1, flags: 1 });
    for (const dom of domains) await router.call("domainDestroy", { dom });
    const { nets } = await router.call("connectListAllNetworks", { needResults: 1, flags: 2 });
    for (const net of nets) await router.call("networkDestroy", { net });
    await router.close();
    await rm(folder, { recursive: true });
  });
  return { folder, open };
}

const mac = "52:54:00:aa:bb:01";
const card = (source: string) =>
  `<interface type='network'><mac address='${mac}'/><source ${source}/><model type='virtio'/></interface>`;
const network = "<network><name>lan</name><mtu size='1400'/><ip address='10.5.5.1' prefix='24'><dhcp>";
const lan = `${network}<range start='10.5.5.10' end='10.5.5.20'/></dhcp></ip></network>`;

async function portsOf(router: Router, name: string) {
  const { net } = await router.call("networkLookupByName", { name });
  return (await router.call("networkListAllPorts", { network: net, needResults: 1, flags: 0 })).ports;
}

async function masterOf(device: string): Promise<string> {
  return basename((await runProgram("readlink", [`/sys/class/net/${device}/master`], { domain: "QEMU" })).trim());
}

inNamespaces(import.meta.url, () => {
  test("a guest has a port of its network and a device on its bridge while it runs", { skip }, async (t) => {
    const { open } = await testRoot(t);
    const router = await open();
    const { dom } = await router.call("domainDefineXml", {
      xml: guestXml("g", "<features><acpi/></features>", card("network='lan'")),
    });
    const start = () => router.call("domainCreate", { dom });
    await assert.rejects(
      async () => start(),
      (error) => isLibvirtError(error, "NO_NETWORK"),
    );
    const { net } = await router.call("networkDefineXml", { xml: lan });
    await assert.rejects(async () => start(), /network 'lan' is not active/);
    await router.call("networkCreate", { net });
    await start();

    const live = (await router.call("domainGetXmlDesc", { dom, flags: 0 })).xml;
    const [, portid, bridge] = /<source network='lan' portid='(.*)' bridge='(.*)'\/>/.exec(live) ?? [];
    const device = /<target dev='(vnet\d+)'/.exec(live)?.[1] ?? "";
    assert.equal(bridge, "virbr0");
    assert.equal(await masterOf(device), "virbr0");
    assert.equal(await readFile(`/sys/class/net/${device}/mtu`, "utf8"), "1400\n");
    const [port, ...others] = await portsOf(router, "lan");
    assert.ok(port && others.length === 0);
    const { xml } = await router.call("networkPortGetXmlDesc", { port, flags: 0 });
    assert.ok(portid && xml.includes(portid) && xml.includes(mac) && xml.includes("<name>g</name>"), xml);

    // Without its driver the guest runs on, and is found again with its port, even where the network has forgotten it.
    await router.close();
    const again = await open();
    assert.equal((await portsOf(again, "lan")).length, 1);
    assert.equal((await again.call("domainGetXmlDesc", { dom, flags: 0 })).xml, live);
    await again.call("networkPortDelete", { port, flags: 0 });
    await again.close();
    const third = await open();
    assert.deepEqual(await portsOf(third, "lan"), [port]);

    // A card that is plugged in has a port too.
    const second = card("network='lan'").replace(mac, "52:54:00:aa:bb:02");
    await third.call("domainAttachDeviceFlags", { dom, xml: second, flags: 1 });
    assert.equal((await portsOf(third, "lan")).length, 2);
    const refused = card("network='none'").replace(mac, "52:54:00:aa:bb:03");
    await assert.rejects(async () => third.call("domainAttachDeviceFlags", { dom, xml: refused, flags: 1 }), {
      code: 43,
    });
    assert.equal((await portsOf(third, "lan")).length, 2);
    await third.call("domainDestroy", { dom });
    assert.deepEqual(await portsOf(third, "lan"), []);
    const stored = (await third.call("domainGetXmlDesc", { dom, flags: 0 })).xml;
    assert.match(stored, /<source network='lan'\/>/);
    await third.close();
  });

  test("a guest's addresses are its leases", { skip }, async (t) => {
    const { open, folder } = await testRoot(t);
    const router = await open();
    await router.call("networkCreateXml", { xml: lan });
    const { dom } = await router.call("domainCreateXml", {
      xmlDesc: guestXml("leaser", "", card("network='lan'")),
      flags: 0,
    });
    const ask = () => router.call("domainInterfaceAddresses", { dom, source: 0, flags: 0 });
    assert.deepEqual(await ask(), { ifaces: [] });
    const later = Math.floor(Date.now() / 1000) + 1000;
    await writeFile(join(folder, "root/network/dnsmasq/lan.leases"), `${later} ${mac} 10.5.5.12 leaser *\n`);
    const { ifaces } = await ask();
    assert.deepEqual(
      ifaces.map(({ hwaddr, addrs }) => ({ hwaddr, addrs })),
      [{ hwaddr: mac, addrs: [{ type: 0, addr: "10.5.5.12", prefix: 24 }] }],
    );
    await router.close();
  });

  test("networks of other kinds: a bridge of the host is used, its devices are refused", { skip }, async (t) => {
    const { open } = await testRoot(t);
    const router = await open();
    await runProgram("ip", ["link", "add", "hostbr", "type", "bridge"], { domain: "QEMU" });
    t.after(() => runProgram("ip", ["link", "delete", "hostbr"], { domain: "QEMU" }));
    const bridged = "<network><name>b</name><forward mode='bridge'/><bridge name='hostbr'/></network>";
    await router.call("networkCreateXml", { xml: bridged });
    const create = async (name: string, source: string) => {
      return (await router.call("domainCreateXml", { xmlDesc: guestXml(name, "", card(source)), flags: 0 })).dom;
    };
    const dom = await create("one", "network='b'");
    const live = (await router.call("domainGetXmlDesc", { dom, flags: 0 })).xml;
    assert.match(live, /<interface type='bridge'>.*<source network='b' portid='.*' bridge='hostbr'\/>/s);
    assert.equal(await masterOf(/<target dev='(vnet\d+)'/.exec(live)?.[1] ?? ""), "hostbr");

    const direct = "<network><name>d</name><forward mode='private'><interface dev='e0'/></forward></network>";
    await router.call("networkCreateXml", { xml: direct });
    await assert.rejects(create("two", "network='d'"), /devices of the host \(direct\), which is not supported yet/);
    assert.deepEqual(await portsOf(router, "d"), []);

    const group = "<portgroup name='slow'><bandwidth><inbound average='100'/></bandwidth></portgroup>";
    await router.call("networkCreateXml", { xml: `<network><name>s</name><port isolated='yes'/>${group}</network>` });
    const third = await create("three", "network='s'");
    const text = (await router.call("domainGetXmlDesc", { dom: third, flags: 0 })).xml;
    assert.match(text, /<port isolated='yes'\/>/);
    const tap = /<target dev='(vnet\d+)'/.exec(text)?.[1];
    assert.equal(await readFile(`/sys/class/net/${tap}/brport/isolated`, "utf8"), "1\n");
    await router.close();
  });
});
