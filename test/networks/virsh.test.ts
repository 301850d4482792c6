/** The real virsh on tsvirtd and on libvirt's own daemon, each in a network of its own: the same commands, the same words. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { inNamespaces, skipWithout } from "../helpers/namespaces.ts";
import { runClient, Tsvirtd } from "../helpers/tsvirtd.ts";
import { Libvirtd, withoutLibvirtd } from "../remote/libvirtd.ts";

const skip = withoutLibvirtd() || skipWithout("virsh", "ip", "iptables", "ip6tables", "dnsmasq");

const uuid = (digit: number): string => `${String(digit).repeat(8)}-2222-3333-4444-555555555555`;
const network = (name: string, digit: number, inside = ""): string =>
  `<network><name>${name}</name><uuid>${uuid(digit)}</uuid>${inside}</network>`;
const mac = "<mac address='52:54:00:00:00:01'/>";
const lan = `${mac}<ip address='10.5.5.1' netmask='255.255.255.0'><dhcp><range start='10.5.5.10' end='10.5.5.20'/></dhcp></ip>`;

/** Documents by the names of their files. */
const documents: Readonly<Record<string, string>> = {
  lan: network("lan", 1, `<forward/>${lan}`),
  other: network("lan", 1, `<forward mode='open'/>${lan.replaceAll("10.5.5.", "10.5.6.")}`),
  taken: network("taken", 1),
  again: network("lan", 2),
  bridge: network("bridge", 2, "<bridge name='virbr0'/>"),
  vlan: network("vlan", 2, "<vlan><tag id='3'/></vlan>"),
  twice: network("twice", 2, `${lan}${lan.replace(mac, "").replaceAll("10.5.5.", "10.5.6.")}`),
  groups: network("groups", 2, "<portgroup name='p'/><portgroup name='p'/>"),
  defaults: network("defaults", 2, "<portgroup name='p' default='yes'/><portgroup name='q' default='yes'/>"),
  wide: network("wide", 2, "<forward mode='private' dev='x'/><bandwidth><inbound average='5'/></bandwidth>"),
  brief: network("brief", 3, `<bridge name='short%d'/>${mac}`),
  direct: network("direct", 4, "<forward mode='private'><interface dev='x0'/><interface dev='x1'/></forward>"),
  port:
    `<networkport><uuid>${uuid(9)}</uuid><owner><name>g</name><uuid>${uuid(8)}</uuid></owner>` +
    "<mac address='52:54:00:00:00:09'/></networkport>",
};

const host = "\"<host mac='52:54:00:00:00:05' ip='10.5.5.11'/>\"";

/** What is asked of both; `@NAME` is the path of a document. */
const script = [
  ...["net-define @lan", "net-dumpxml lan", "net-info lan", "net-list --all", "net-destroy lan"],
  ...["net-port-list lan", "net-start lan", "net-start lan", "net-create @lan", "net-dumpxml lan"],
  ...["net-define @other", "net-dumpxml lan", "net-dumpxml --inactive lan", "net-define @lan"],
  ...["taken", "again", "bridge", "vlan", "twice", "groups", "defaults", "wide"].map((name) => `net-define @${name}`),
  ...["net-autostart lan", "net-info lan", "net-list --autostart", "net-autostart lan --disable"],
  ...[`net-update lan add ip-dhcp-host ${host} --live --config`, `net-update lan add bridge "<bridge/>"`],
  ...["net-dumpxml lan", "net-dumpxml --inactive lan", "net-dhcp-leases lan"],
  ...["net-port-create lan @port", "net-port-create lan @port", "net-port-list lan"],
  ...[`net-port-dumpxml lan ${uuid(9)}`, "net-dumpxml lan", `net-port-delete lan ${uuid(9)}`],
  ...["net-create @brief", "net-info brief", "net-undefine brief", "net-autostart brief", "net-destroy brief"],
  ...["net-create @direct", "net-port-create direct @port", `net-port-dumpxml direct ${uuid(9)}`, "net-dumpxml direct"],
  ...["net-destroy direct", "net-undefine lan", "net-info lan", "net-list --all", "net-destroy lan", "net-info lan"],
  ...["nodedev-list --cap pci", "nodedev-list --cap system", "nodedev-dumpxml computer", "nodedev-dumpxml nosuch"],
  ...["iface-dumpxml lo", "iface-dumpxml nosuch", "iface-start lo", "iface-begin"],
];

/** How many commands one virsh gets: it goes on after one that fails. */
const atOnce = 8;

async function answers(uri: string, folder: string): Promise<string[]> {
  const said: string[] = [];
  for (let at = 0; at < script.length; at += atOnce) {
    const lines = script.slice(at, at + atOnce).join("; ");
    const commands = lines.replace(/@(\w+)/g, (_, name) => join(folder, `${name}.xml`));
    const { code, stdout, stderr } = await runClient("virsh", ["-c", uri, commands]);
    said.push(`${lines}\n${code}\n${stdout}${stderr}`);
  }
  return said;
}

async function writeDocuments(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-virsh-"));
  t.after(() => rm(folder, { recursive: true }));
  for (const [name, xml] of Object.entries(documents)) await writeFile(join(folder, `${name}.xml`), xml);
  return folder;
}

inNamespaces(import.meta.url, () => {
  test("networks, devices and interfaces: virsh is told the same", { skip }, async (t) => {
    const folder = await writeDocuments(t);
    const theirs = await Libvirtd.start({ network: true });
    t.after(() => theirs.stop());
    const expected = await answers(theirs.uri("qemu", "/system"), folder);
    const ours = await Tsvirtd.start(t);
    const actual = await answers(ours.uri("qemu"), folder);
    for (const [at, said] of expected.entries()) assert.equal(actual[at], said);
  });
});
