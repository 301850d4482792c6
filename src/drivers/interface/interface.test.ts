import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fakeTree } from "../../../test/helpers/fake-tree.ts";
import { inNamespaces, skipWithout } from "../../../test/helpers/namespaces.ts";
import { openSecondary } from "../../../test/helpers/secondary.ts";
import { hostTree } from "../../host/node/file-tree.ts";
import { sysTree } from "../../host/node/sysfs.ts";
import { runProgram } from "../../host/program.ts";
import { formatInterface } from "../../model/interface.ts";
import { interfaceDriver } from "./index.ts";
import { findInterface, listInterfaces } from "./read.ts";

const device = (name: string, mac: string, state = "up", more: Record<string, string> = {}) => ({
  [`sys/class/net/${name}/address`]: `${mac}\n`,
  [`sys/class/net/${name}/operstate`]: `${state}\n`,
  [`sys/class/net/${name}/mtu`]: "1500\n",
  [`sys/class/net/${name}/uevent`]: `INTERFACE=${name}\n`,
  ...Object.fromEntries(Object.entries(more).map(([file, text]) => [`sys/class/net/${name}/${file}`, text])),
});

async function sources(t: TestContext) {
  const root = await fakeTree(t, {
    ...device("eth0", "52:54:00:00:00:01", "up", { speed: "1000\n" }),
    ...device("eth1", "52:54:00:00:00:02", "up", { speed: "1000\n" }),
    ...device("eth2", "52:54:00:00:00:03", "down", { speed: "-1\n" }),
    ...device("bond0", "52:54:00:00:00:02", "up", {
      "bonding/mode": "active-backup 1\n",
      "bonding/slaves": "eth1\n",
      "bonding/miimon": "100\n",
      "bonding/updelay": "200\n",
      "bonding/downdelay": "0\n",
      "bonding/use_carrier": "1\n",
    }),
    "sys/class/net/eth1/master": { link: "sys/class/net/bond0" },
    ...device("br0", "52:54:00:00:00:01", "up", { "bridge/stp_state": "0\n", "bridge/forward_delay": "1500\n" }),
    "sys/class/net/br0/brif/eth0": { link: "sys/class/net/eth0" },
    "sys/class/net/eth0/master": { link: "sys/class/net/br0" },
    ...device("trunk7", "52:54:00:00:00:03", "lowerlayerdown"),
    "proc/net/vlan/trunk7": "trunk7  VID: 42\t REORDER_HDR: 1  dev->priv_flags: 1021\n\nDevice: eth2\n",
  });
  return { sys: sysTree(join(root, "sys")), vlans: hostTree(join(root, "proc/net/vlan")) };
}

test("interfaces that are part of another are told with it", async (t) => {
  const found = await listInterfaces(await sources(t));
  assert.deepEqual(
    found.map(({ name, active }) => [name, active]),
    [
      ["bond0", true],
      ["br0", true],
      ["eth2", false],
      ["trunk7", false],
    ],
  );
});

test("bridges, bonds and VLANs as documents", async (t) => {
  const from = await sources(t);
  const xml = async (name: string) => {
    const found = await findInterface(from, name);
    return found && formatInterface(found.definition);
  };
  assert.equal(
    await xml("br0"),
    `<interface type='bridge' name='br0'>
  <mtu size='1500'/>
  <bridge stp='off' delay='1500'>
    <interface type='ethernet' name='eth0'>
      <link speed='1000' state='up'/>
      <mac address='52:54:00:00:00:01'/>
    </interface>
  </bridge>
</interface>
`,
  );
  assert.match(
    (await xml("bond0")) ?? "",
    /<bond mode='active-backup'>\n {4}<miimon freq='100' updelay='200' carrier='netif'\/>/,
  );
  assert.match((await xml("trunk7")) ?? "", /<vlan tag='42'>\n {4}<interface name='eth2'\/>/);
  assert.match((await xml("eth2")) ?? "", /<link state='down'\/>/);
  assert.equal(await xml("eth9"), undefined);
  assert.equal(await xml("../net/eth2"), undefined);
});

inNamespaces(import.meta.url, () => {
  test("the host's own interfaces, by name and by address", { skip: skipWithout("ip") }, async (t) => {
    const ip = (...words: string[]) => runProgram("ip", words, { domain: "INTERFACE" });
    await ip("link", "add", "tsve0", "address", "52:54:00:00:00:77", "type", "veth", "peer", "name", "tsve1");
    t.after(() => ip("link", "delete", "tsve0"));
    await ip("link", "set", "tsve0", "up");
    await ip("link", "set", "tsve1", "up");
    const { call, close, router } = await openSecondary(interfaceDriver, "/tmp");
    const { ifaces } = await call("connectListAllInterfaces", { needResults: 1, flags: 0 });
    assert.ok(ifaces.some(({ name, mac }) => name === "tsve0" && mac === "52:54:00:00:00:77"));
    const { iface } = await call("interfaceLookupByMacString", { mac: "52:54:00:00:00:77".toUpperCase() });
    assert.equal(iface.name, "tsve0");
    assert.deepEqual(await call("interfaceIsActive", { iface }), { active: 1 });
    assert.match(
      (await call("interfaceGetXmlDesc", { iface, flags: 0 })).xml,
      /<interface type='ethernet' name='tsve0'>/,
    );
    await assert.rejects(
      async () => call("interfaceLookupByName", { name: "none" }),
      /couldn't find interface named 'none'/,
    );
    assert.equal(router.supports("interfaceDefineXml"), false);
    await close();
  });
});
