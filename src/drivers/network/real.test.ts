/** Networks that really run: bridges, addresses, firewall, dnsmasq, a client that gets an address. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { inNamespaces, skipWithout } from "../../../test/helpers/namespaces.ts";
import { openSecondary } from "../../../test/helpers/secondary.ts";
import { isLibvirtError } from "../../errors.ts";
import { processId } from "../../host/proc.ts";
import { runProgram } from "../../host/program.ts";
import { type Network, NetworkEventLifecycleType, NetworkUpdateFlags } from "../../protocol/index.ts";
import { networkDriver } from "./index.ts";

const domain = "NETWORK";
const skip = skipWithout("ip", "iptables", "ip6tables", "dnsmasq");
const skipClient = skip || skipWithout("busybox", "nsenter");
const run = (command: string, ...args: string[]) => runProgram(command, args, { domain });
const kernel = async (path: string) => (await readFile(`/proc/sys/${path}`, "utf8")).trim();

async function testRoot(t: TestContext) {
  const root = await mkdtemp(join(tmpdir(), "tsvirt-network-"));
  const open = (sink?: Parameters<typeof openSecondary>[2]) => openSecondary(networkDriver, root, sink);
  t.after(async () => {
    const { call, close } = await open();
    const { nets } = await call("connectListAllNetworks", { needResults: 1, flags: 2 });
    for (const net of nets) await call("networkDestroy", { net });
    await close();
    await rm(root, { recursive: true });
  });
  return { root, open };
}

type Opened = Awaited<ReturnType<typeof openSecondary>>;

async function create({ call }: Opened, xml: string): Promise<Network> {
  return (await call("networkCreateXmlFlags", { xml, flags: 0 })).net;
}

async function xmlOf({ call }: Opened, net: Network, flags = 0): Promise<string> {
  return (await call("networkGetXmlDesc", { net, flags })).xml;
}

const rules = async (program = "iptables") => {
  const tables = await Promise.all(["filter", "nat", "mangle"].map((table) => run(program, "-w", "-t", table, "-S")));
  return tables
    .join("")
    .split("\n")
    .filter((line) => line.startsWith("-A LIBVIRT_"));
};

const dhcp = "<dhcp><range start='10.5.5.10' end='10.5.5.20'/></dhcp>";
const nat =
  "<network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'><name>web</name><forward mode='nat'/><bridge stp='off' delay='0'/><domain name='example.org'/>" +
  `<ip address='10.5.5.1' netmask='255.255.255.0'>${dhcp}</ip>` +
  "<ip family='ipv6' address='fd00:5::1' prefix='64'/>" +
  "<route address='10.6.0.0' prefix='16' gateway='10.5.5.2'/>" +
  // It would ask for seconds whether somebody has an address already.
  "<dnsmasq:options><dnsmasq:option value='no-ping'/></dnsmasq:options></network>";

inNamespaces(import.meta.url, () => {
  test("a network with a way out: bridge, addresses, routes, forwarding, firewall, and nothing of it afterwards", {
    skip,
  }, async (t) => {
    const opened = await (await testRoot(t)).open();
    const net = await create(opened, nat);
    assert.match(await xmlOf(opened, net), /<bridge name='virbr0' stp='off' delay='0'\/>\n {2}<mac address='52:54:00:/);
    assert.match(await xmlOf(opened, net), /<port start='1024' end='65535'\/>/);
    const addresses = await run("ip", "-brief", "address", "show", "dev", "virbr0");
    assert.match(addresses, /10\.5\.5\.1\/24 fd00:5::1\/64/);
    assert.match(await run("ip", "route"), /10\.6\.0\.0\/16 via 10\.5\.5\.2 dev virbr0 metric 1/);
    assert.equal(await readFile("/sys/class/net/virbr0/bridge/stp_state", "utf8"), "0\n");
    assert.equal(await kernel("net/ipv4/ip_forward"), "1");
    assert.equal(await kernel("net/ipv6/conf/all/forwarding"), "1");
    assert.equal(await kernel("net/ipv6/conf/virbr0/accept_ra"), "0");
    assert.equal((await rules()).length, 19);
    assert.ok((await rules()).includes("-A LIBVIRT_PRT -s 10.5.5.0/24 ! -d 10.5.5.0/24 -j MASQUERADE"));
    assert.equal((await rules("ip6tables")).length, 11);
    assert.deepEqual(await opened.call("networkGetBridgeName", { net }), { name: "virbr0" });

    await opened.call("networkDestroy", { net });
    assert.deepEqual([...(await rules()), ...(await rules("ip6tables"))], []);
    assert.doesNotMatch(await run("ip", "-brief", "link"), /virbr0/);
    await assert.rejects(async () => opened.call("networkLookupByName", { name: "web" }), { code: 43 });
    await opened.close();
  });

  test("an isolated network without IPv6, and with another bridge of the host in its way", { skip }, async (t) => {
    const opened = await (await testRoot(t)).open();
    await run("ip", "link", "add", "virbr0", "type", "bridge");
    t.after(() => run("ip", "link", "delete", "virbr0"));
    const net = await create(opened, "<network><name>quiet</name><mtu size='1400'/></network>");
    assert.deepEqual(await opened.call("networkGetBridgeName", { net }), { name: "virbr1" });
    assert.equal(await kernel("net/ipv6/conf/virbr1/disable_ipv6"), "1");
    assert.equal(await readFile("/sys/class/net/virbr1/mtu", "utf8"), "1400\n");
    assert.equal(await readFile("/sys/class/net/virbr1/bridge/stp_state", "utf8"), "1\n");
    await opened.close();
  });

  test("what is in the way is said, and nothing stays behind", { skip }, async (t) => {
    const { open, root } = await testRoot(t);
    const opened = await open();
    const refused = (xml: string, message: RegExp) => assert.rejects(create(opened, xml), message);
    await run("ip", "link", "add", "tsvx0", "type", "veth", "peer", "name", "tsvx1");
    t.after(() => run("ip", "link", "delete", "tsvx0"));
    await run("ip", "address", "add", "10.9.0.1/16", "dev", "tsvx0");
    await run("ip", "link", "set", "tsvx0", "up");
    await refused(
      "<network><name>a</name><ip address='10.9.8.1' prefix='24'/></network>",
      /Network is already in use by interface tsvx0/,
    );
    await refused(
      "<network><name>a</name><bridge name='tsvx0'/></network>",
      /error creating bridge interface tsvx0: File exists/,
    );
    await refused(
      "<network><name>a</name><bridge name='no such'/></network>",
      /cannot be the name of a network device/,
    );
    await refused(
      "<network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'><name>a</name><forward mode='nat'/>" +
        "<ip address='10.5.5.1' prefix='24'/>" +
        "<dnsmasq:options><dnsmasq:option value='nonsense'/></dnsmasq:options></network>",
      /bad option at line/,
    );
    await refused(
      "<network><name>a</name><domain name='x&#10;dhcp-script=/bin/true'/><ip address='10.5.5.1' prefix='24'/></network>",
      /line break/,
    );
    assert.deepEqual([...(await rules()), ...(await rules("ip6tables"))], []);
    assert.doesNotMatch(await run("ip", "-brief", "link"), /virbr/);
    assert.deepEqual(await readdir(join(root, "network", "dnsmasq")), []);
    assert.deepEqual(await readdir(join(root, "network", "status")), []);
    const { nets } = await opened.call("connectListAllNetworks", { needResults: 1, flags: 0 });
    assert.deepEqual(nets, []);
    await opened.close();
  });

  test("a client gets an address and a name, and the lease is listed", { skip: skipClient }, async (t) => {
    const { open, root } = await testRoot(t);
    const opened = await open();
    const net = await create(opened, nat);
    const guest = await startGuest(t, "virbr0");
    const address = await guest.lease("web1");
    const leases = async (mac: string | null) =>
      (await opened.call("networkGetDhcpLeases", { net, mac, needResults: 1, flags: 0 })).leases;
    const [lease, ...others] = await leases(null);
    assert.deepEqual(others, []);
    assert.ok(lease);
    const { expirytime, clientid, ...rest } = lease;
    assert.deepEqual(rest, {
      ...{ iface: "virbr0", type: 0, mac: guest.mac, iaid: null, ipaddr: address, prefix: 24, hostname: "web1" },
    });
    assert.ok(expirytime > BigInt(Math.floor(Date.now() / 1000)));
    assert.equal(clientid, `01:${guest.mac}`);
    assert.equal((await leases(guest.mac.toUpperCase())).length, 1);
    assert.deepEqual(await leases("52:54:00:00:00:00"), []);

    // A host that is added gets its own address from the same dnsmasq; a range takes another one.
    const update = async (section: number, xml: string) => {
      const flags = NetworkUpdateFlags.AFFECT_LIVE;
      await opened.call("networkUpdate", { net, command: 3, section, parentIndex: -1, xml, flags });
    };
    const pid = await readFile(join(root, "network/dnsmasq/web.pid"), "utf8");
    await update(4, `<host mac='52:54:00:00:00:77' name='fixed' ip='10.5.5.77'/>`);
    assert.equal(await readFile(join(root, "network/dnsmasq/web.pid"), "utf8"), pid);
    const second = await startGuest(t, "virbr0", "52:54:00:00:00:77");
    assert.equal(await second.lease("other"), "10.5.5.77");
    await update(5, "<range start='10.5.5.30' end='10.5.5.40'/>");
    assert.notEqual(await readFile(join(root, "network/dnsmasq/web.pid"), "utf8"), pid);
    assert.equal(await processId(Number(pid)), null);
    assert.equal(await guest.lease("web1"), address);
    await assert.rejects(update(4, `<host mac='52:54:00:00:00:77' ip='10.5.5.78'/>`), { code: 55 });
    await opened.close();
  });

  test("hosts that dnsmasq may not read are refused, with the folder that is in its way", { skip }, async (t) => {
    const outer = await mkdtemp(join(tmpdir(), "tsvirt-network-"));
    const opened = await openSecondary(networkDriver, join(outer, "root"));
    const net = await create(opened, nat);
    t.after(() => rm(outer, { recursive: true }));
    const xml = "<host mac='52:54:00:00:00:78' ip='10.5.5.78'/>";
    const update = { net, command: 3, section: 4, parentIndex: -1, xml, flags: 1 };
    const before = await xmlOf(opened, net);
    await assert.rejects(
      async () => opened.call("networkUpdate", update),
      /no search permission for '\/tmp\/tsvirt-net/,
    );
    assert.equal(await xmlOf(opened, net), before);
    await chmod(outer, 0o711);
    await opened.call("networkUpdate", update);
    assert.match(await xmlOf(opened, net), /10\.5\.5\.78/);
    await opened.call("networkDestroy", { net });
    await opened.close();
  });

  test("networks outlive the program, and are whole again for the next one", { skip }, async (t) => {
    const { open, root } = await testRoot(t);
    const first = await open();
    const net = await create(first, nat);
    const port = (await first.call("networkPortCreateXml", { network: net, xml: portXml, flags: 0 })).port;
    const before = await xmlOf(first, net);
    assert.match(before, /<network connections='1' /);
    await first.close();

    const second = await open();
    assert.equal(await xmlOf(second, net), before);
    assert.match((await second.call("networkPortGetXmlDesc", { port, flags: 0 })).xml, /bridge='virbr0'/);
    await second.close();

    // Somebody has ended dnsmasq and emptied the firewall meanwhile.
    const pidFile = join(root, "network/dnsmasq/web.pid");
    const pid = Number(await readFile(pidFile, "utf8"));
    process.kill(pid, "SIGKILL");
    await run("iptables", "-w", "-F", "LIBVIRT_FWX");
    const third = await open();
    assert.notEqual(Number(await readFile(pidFile, "utf8")), pid);
    assert.equal((await rules()).length, 19);
    await third.close();

    // The bridge has gone: so has the network, and what served it.
    await run("ip", "link", "delete", "virbr0");
    const fourth = await open();
    await assert.rejects(async () => fourth.call("networkLookupByName", { name: "web" }), { code: 43 });
    assert.deepEqual(await rules(), []);
    assert.deepEqual(await readdir(join(root, "network/status")), []);
    await fourth.close();
  });

  test("networks that start by themselves do so once in a run of the host", { skip }, async (t) => {
    const { open } = await testRoot(t);
    const first = await open();
    const { net } = await first.call("networkDefineXml", { xml: "<network><name>auto</name></network>" });
    await first.call("networkSetAutostart", { net, autostart: 1 });
    await first.close();
    const second = await open();
    assert.deepEqual(await second.call("networkIsActive", { net }), { active: 1 });
    await second.call("networkDestroy", { net });
    await second.close();
    const third = await open();
    assert.deepEqual(await third.call("networkIsActive", { net }), { active: 0 });
    await third.close();
  });

  test("events tell what becomes of networks", { skip }, async (t) => {
    const seen: number[] = [];
    const opened = await (await testRoot(t)).open((_, message) => {
      seen.push((message as unknown as { event: number }).event);
    });
    await opened.call("connectNetworkEventRegisterAny", { eventID: 0, net: null });
    const { net } = await opened.call("networkDefineXml", { xml: "<network><name>e</name></network>" });
    await opened.call("networkCreate", { net });
    await opened.call("networkUndefine", { net });
    await opened.call("networkDestroy", { net });
    const { DEFINED, STARTED, UNDEFINED, STOPPED } = NetworkEventLifecycleType;
    assert.deepEqual(seen, [DEFINED, STARTED, UNDEFINED, STOPPED]);
    await opened.close();
  });

  test("ports on devices of the host go to the one that fewest use", { skip }, async (t) => {
    const opened = await (await testRoot(t)).open();
    const forward = (mode: string) =>
      `<network><name>direct</name><forward mode='${mode}'><interface dev='e0'/><interface dev='e1'/></forward></network>`;
    const plugs = async (net: Network, count: number) => {
      const xmls: string[] = [];
      for (let number = 0; number < count; number++) {
        const { port } = await opened.call("networkPortCreateXml", { network: net, xml: portXml, flags: 0 });
        xmls.push((await opened.call("networkPortGetXmlDesc", { port, flags: 0 })).xml);
      }
      return xmls.map((xml) => /<plug .*/.exec(xml)?.[0]);
    };
    const shared = await create(opened, forward("private"));
    const expected = ["e0", "e1", "e0"].map((dev) => `<plug type='direct' dev='${dev}' mode='private'/>`);
    assert.deepEqual(await plugs(shared, 3), expected);
    assert.match(await xmlOf(opened, shared), /<interface dev='e0' connections='2'\/>/);
    await opened.call("networkDestroy", { net: shared });
    const alone = await create(opened, forward("passthrough"));
    await plugs(alone, 2);
    await assert.rejects(plugs(alone, 1), (error) => isLibvirtError(error, "INTERNAL_ERROR"));
    await opened.close();
  });
});

const portXml =
  "<networkport><owner><name>g</name><uuid>11111111-2222-3333-4444-555555555555</uuid></owner>" +
  "<mac address='52:54:00:00:00:09'/></networkport>";

/** A machine on the network: a network namespace with one card whose other end is in the bridge. */
async function startGuest(t: TestContext, bridge: string, mac = "52:54:00:12:34:56") {
  const holder = spawn("unshare", ["--net", "sleep", "1000"], { stdio: ["ignore", "ignore", "inherit"] });
  await once(holder, "spawn");
  const [end, card] = [`g${holder.pid}`, `c${holder.pid}`];
  t.after(async () => {
    holder.kill();
    await run("ip", "link", "delete", end).catch(() => {});
  });
  await run("ip", "link", "add", end, "type", "veth", "peer", "name", card);
  await run("ip", "link", "set", card, "address", mac);
  await run("ip", "link", "set", end, "master", bridge, "up");
  await movedTo(card, holder.pid ?? 0);
  const inside = (...words: string[]) => run("nsenter", "-t", String(holder.pid), "-n", ...words);
  await inside("ip", "link", "set", card, "up");
  return {
    mac,
    /** Asks for an address as a guest does, and gives it. */
    async lease(hostname: string): Promise<string> {
      const words = [
        "busybox",
        "udhcpc",
        "-i",
        card,
        "-f",
        "-q",
        "-n",
        "-s",
        "/bin/true",
        "-x",
        `hostname:${hostname}`,
      ];
      // A port of a bridge with a spanning tree is silent for a while.
      const output = await runProgram(
        "nsenter",
        ["-t", String(holder.pid), "-n", "sh", "-c", `${words.join(" ")} -t 20 -T 2 2>&1`],
        { domain, timeout: 180_000 },
      );
      return /lease of (\S+) obtained/.exec(output)?.[1] ?? assert.fail(output);
    },
  };
}

/** `unshare` has its namespace once it runs its program. */
async function movedTo(card: string, pid: number): Promise<void> {
  const own = await run("readlink", "/proc/self/ns/net");
  while ((await run("readlink", `/proc/${pid}/ns/net`)) === own);
  await run("ip", "link", "set", card, "netns", String(pid));
}
