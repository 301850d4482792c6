import assert from "node:assert/strict";
import { test } from "node:test";
import { Router } from "../../../driver/router.ts";
import { Session } from "../../../driver/session.ts";
import { ullongParam } from "../../../driver/typed-parameters.ts";
import { parseConnectionUri } from "../../../driver/uri.ts";
import { streamPair } from "../../../rpc/stream.ts";
import { testDriver } from "../index.ts";

/** A connection to the default node, the domain on it, and the events it sends. */
async function open() {
  const seen: unknown[] = [];
  const uri = parseConnectionUri("test:///default");
  const session = new Session({ uri, readOnly: false, sink: (name, message) => void seen.push([name, message]) });
  const router = new Router(session, await testDriver.open(session, {}));
  const { dom } = await router.call("domainLookupByName", { name: "test" });
  const xml = async (flags = 0) => (await router.call("domainGetXmlDesc", { dom, flags })).xml;
  return { router, dom, xml, seen, [Symbol.asyncDispose]: () => router.close() };
}

const disk = (file: string) => `<disk type='file'><source file='${file}'/><target dev='vdb' bus='virtio'/></disk>`;

test("a disk is added to the running domain, changed, and taken away", async () => {
  await using connection = await open();
  const { router, dom, xml, seen } = connection;
  await router.call("connectDomainEventCallbackRegisterAny", { eventID: 19, dom: null });
  await router.call("connectDomainEventCallbackRegisterAny", { eventID: 15, dom: null });
  await router.call("domainAttachDevice", { dom, xml: disk("/one") });
  assert.match(await xml(), /<source file='\/one'\/>\n\s*<target dev='vdb' bus='virtio'\/>/);
  assert.doesNotMatch(await xml(2), /vdb/);
  const attach = () => router.call("domainAttachDevice", { dom, xml: disk("/two") });
  assert.throws(attach, { code: 9, message: /target vdb already exists/ });
  await router.call("domainUpdateDeviceFlags", { dom, xml: disk("/two"), flags: 1 });
  assert.match(await xml(), /\/two/);
  await router.call("domainDetachDevice", { dom, xml: disk("/two") });
  assert.doesNotMatch(await xml(), /vdb/);
  assert.throws(() => router.call("domainDetachDevice", { dom, xml: disk("/two") }), { code: 99 });
  assert.deepEqual(
    seen.map((event) => (event as [string])[0]),
    ["domainEventCallbackDeviceAdded", "domainEventCallbackDeviceRemoved"],
  );
});

test("an interface for the next start gets a MAC address and a name on the host", async () => {
  await using connection = await open();
  const { router, dom, xml } = connection;
  const nic = "<interface type='network'><source network='default'/></interface>";
  await router.call("domainAttachDeviceFlags", { dom, xml: nic, flags: 2 });
  assert.match(
    await xml(2),
    /<mac address='52:54:00:[^']*'\/>\n\s*<source network='default'\/>\n\s*<target dev='testnet1'\/>/,
  );
  assert.doesNotMatch(await xml(), /testnet1/);
});

test("bad devices are refused, and nothing has changed", async () => {
  await using connection = await open();
  const { router, dom, xml } = connection;
  const before = await xml();
  const attach = (device: string) => () => router.call("domainAttachDevice", { dom, xml: device });
  assert.throws(attach("<disk"), { code: 35 });
  assert.throws(attach("<gizmo/>"), { code: 67, message: /gizmo/ });
  assert.throws(attach("</devices><devices>"), { code: 35 });
  assert.throws(attach("<disk type='file'><source file='/x'/></disk>"), { code: 27 });
  assert.equal(await xml(), before);
});

test("the guest's addresses are the network's leases", async () => {
  await using connection = await open();
  const { router, dom } = connection;
  const { ifaces } = await router.call("domainInterfaceAddresses", { dom, source: 0, flags: 0 });
  const addrs = [{ type: 0, addr: "192.168.122.3", prefix: 24 }];
  assert.deepEqual(ifaces, [{ name: "testnet0", hwaddr: "aa:bb:cc:dd:ee:ff", addrs }]);
  const { net } = await router.call("networkLookupByName", { name: "default" });
  const { leases } = await router.call("networkGetDhcpLeases", { net, mac: null, needResults: 1, flags: 0 });
  assert.deepEqual(
    leases.map(({ ipaddr, mac, hostname, iface }) => [ipaddr, mac, hostname, iface]),
    [["192.168.122.3", "aa:bb:cc:dd:ee:ff", "test", "virbr0"]],
  );
  const other = await router.call("networkGetDhcpLeases", { net, mac: "52:54:00:00:00:01", needResults: 1, flags: 0 });
  assert.equal(other.ret, 0);
});

test("a network takes a reserved address while it runs", async () => {
  await using connection = await open();
  const { router } = connection;
  const { net } = await router.call("networkLookupByName", { name: "default" });
  const update = (flags: number) =>
    router.call("networkUpdate", {
      net,
      command: 3,
      section: 4,
      parentIndex: -1,
      xml: "<host mac='52:54:00:00:00:01' ip='192.168.122.5'/>",
      flags,
    });
  await update(1);
  assert.match((await router.call("networkGetXmlDesc", { net, flags: 0 })).xml, /<host mac='52:54:00:00:00:01'/);
  assert.doesNotMatch((await router.call("networkGetXmlDesc", { net, flags: 1 })).xml, /<host mac/);
  // For both at once: what is refused for one is not done to the other.
  assert.throws(() => update(3), { code: 55, message: /dhcp host entry/ });
  assert.doesNotMatch((await router.call("networkGetXmlDesc", { net, flags: 1 })).xml, /<host mac/);
});

test("limits of devices are kept in the definition, and contradictions refused", async () => {
  await using connection = await open();
  const { router, dom, xml } = connection;
  const set = (...params: readonly [string, bigint][]) =>
    router.call("domainSetBlockIoTune", {
      dom,
      disk: "vda",
      params: params.map(([field, value]) => ullongParam(field, value)),
      flags: 0,
    });
  await set(["total_bytes_sec", 100n], ["total_bytes_sec_max", 200n]);
  assert.match(await xml(), /<iotune>\n\s*<total_bytes_sec>100<\/total_bytes_sec>/);
  assert.throws(() => set(["read_bytes_sec", 5n]), { code: 8, message: /total and read\/write of bytes_sec/ });
  await set(["total_bytes_sec", 0n], ["total_bytes_sec_max", 0n]);
  assert.doesNotMatch(await xml(), /iotune/);
  assert.throws(() => set(["size", 5n]), { code: 74 });
});

test("IOThreads come and go with their pins", async () => {
  await using connection = await open();
  const { router, dom, xml } = connection;
  await router.call("domainAddIothread", { dom, iothreadId: 3, flags: 0 });
  assert.throws(() => router.call("domainAddIothread", { dom, iothreadId: 3, flags: 0 }), { code: 8, domain: 20 });
  await router.call("domainPinIothread", { dom, iothreadsId: 3, cpumap: Uint8Array.of(0b110), flags: 0 });
  const { info } = await router.call("domainGetIothreadInfo", { dom, flags: 0 });
  assert.deepEqual(info, [{ iothreadId: 3, cpumap: Uint8Array.of(0b110) }]);
  assert.match(await xml(), /<iothreadpin iothread='3' cpuset='1-2'\/>/);
  await router.call("domainDelIothread", { dom, iothreadId: 3, flags: 0 });
  assert.doesNotMatch(await xml(), /iothread/);
});

test("a screenshot is a PNG picture", async () => {
  await using connection = await open();
  const { router, dom } = connection;
  const [mine, stream] = streamPair();
  const { mime } = await router.call("domainScreenshot", { dom, screen: 0, flags: 0 }, { stream });
  assert.equal(mime, "image/png");
  const chunks: Buffer[] = [];
  for await (const chunk of mine) chunks.push(chunk as Buffer);
  const picture = Buffer.concat(chunks);
  assert.equal(picture.subarray(1, 4).toString("latin1"), "PNG");
  assert.deepEqual([picture.readUInt32BE(16), picture.readUInt32BE(20)], [1120, 832]);
  assert.equal(picture.subarray(-8, -4).toString("latin1"), "IEND");
});

test("file systems freeze once", async () => {
  await using connection = await open();
  const { router, dom } = connection;
  const freeze = async (...mountpoints: string[]) =>
    (await router.call("domainFsfreeze", { dom, mountpoints, flags: 0 })).filesystems;
  assert.equal(await freeze("/boot"), 1);
  assert.equal(await freeze(), 1);
  await assert.rejects(freeze("/nope"), { code: 55, message: /mount point not found: \/nope/ });
  assert.deepEqual(await router.call("domainFsthaw", { dom, mountpoints: [], flags: 0 }), { filesystems: 2 });
});
