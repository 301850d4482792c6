/** What the methods of each class give, on libvirt's default node. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { inspect } from "node:util";
import {
  type Connection,
  ConnectListAllDomainsFlags,
  Domain,
  DomainCreateFlags,
  DomainMetadataType,
  DomainModificationImpact,
  DomainPausedReason,
  DomainState,
  DomainStatsTypes,
  isLibvirtError,
  NetworkUpdateCommand,
  NetworkUpdateSection,
  open,
  SecretUsageType,
  StoragePoolState,
  silenceErrors,
} from "./index.ts";

silenceErrors();

async function opened(t: TestContext): Promise<Connection> {
  const conn = await open("test:///default");
  t.after(() => conn.close());
  return conn;
}

const domainXml = (name: string) =>
  `<domain type='test'><name>${name}</name><memory>2048</memory><vcpu>2</vcpu><os><type>hvm</type></os></domain>`;

test("connection: the host", async (t) => {
  const conn = await opened(t);
  assert.deepEqual(await conn.getInfo(), {
    model: "i686",
    memory: 3145728n,
    cpus: 16,
    mhz: 1400,
    nodes: 2,
    sockets: 2,
    cores: 2,
    threads: 2,
  });
  const { cpus, online } = await conn.getCPUMap();
  assert.deepEqual([cpus.length, online, cpus.filter(Boolean).length], [8, 3, 3]);
  assert.equal(await conn.getVersion(), 2n);
  assert.equal(await conn.getLibVersion(), 9_000_000n);
  assert.match(await conn.getCapabilities(), /^<capabilities>/);
  assert.equal(typeof (await conn.getFreeMemory()), "bigint");
  assert.deepEqual(Object.keys(await conn.getCPUStats()), ["kernel", "user", "idle", "iowait"]);
  const [first, second] = await conn.getFreePages([4, 2048], 0, 2);
  assert.deepEqual(
    [Object.keys(first ?? {}), Object.keys(second ?? {})],
    [
      ["4", "2048"],
      ["4", "2048"],
    ],
  );
  assert.equal((await conn.getCellsFreeMemory(0, 2)).length, 2);
  assert.equal(typeof (await conn.getSecurityModel()).model, "string");
  assert.equal(inspect(conn), "Connection { uri: 'test:///default', readOnly: false }");
});

test("domain: found in every way, and the same in all", async (t) => {
  const conn = await opened(t);
  const domain = await conn.lookupByName("test");
  assert.deepEqual([domain.name(), domain.id()], ["test", 1]);
  assert.equal(domain.uuidString(), "6695eb01-f6a4-8304-79aa-97f2502e193f");
  assert.equal(domain.connect(), conn);
  const others = [
    await conn.lookupById(1),
    await conn.lookupByUuid(domain.uuid()),
    await conn.lookupByUuidString("6695eb01f6a4830479aa97f2502e193f"),
    (await conn.listAllDomains(ConnectListAllDomainsFlags.ACTIVE))[0],
  ];
  for (const other of others) assert.equal(other?.uuidString(), domain.uuidString());
  assert.deepEqual(await conn.listDomainsId(), [1]);
  assert.deepEqual([await conn.numOfDomains(), await conn.numOfDefinedDomains()], [1, 0]);
  assert.equal(inspect(domain), "Domain { name: 'test', uuid: '6695eb01-f6a4-8304-79aa-97f2502e193f', id: 1 }");
  assert.equal(JSON.stringify(domain), '{"name":"test","uuid":"6695eb01-f6a4-8304-79aa-97f2502e193f","id":1}');
  await assert.rejects(conn.lookupById(77), (error) => isLibvirtError(error, "NO_DOMAIN"));
});

test("domain: a life, and the id that goes with it", async (t) => {
  const conn = await opened(t);
  const domain = await conn.defineXML(domainXml("mine"));
  assert.ok(domain instanceof Domain);
  assert.deepEqual([domain.id(), await domain.isActive(), await domain.isPersistent()], [-1, false, true]);
  assert.deepEqual(await conn.listDefinedDomains(), ["mine"]);
  await domain.create();
  assert.equal(domain.id(), 2);
  await domain.destroy();
  assert.equal(domain.id(), -1);
  await domain.createWithFlags(DomainCreateFlags.START_PAUSED);
  assert.equal(domain.id(), 3);
  assert.deepEqual(await domain.state(), { state: DomainState.PAUSED, reason: DomainPausedReason.USER });
  await domain.resume();
  assert.equal((await domain.state()).state, DomainState.RUNNING);
  await domain.managedSave();
  assert.deepEqual([domain.id(), await domain.hasManagedSaveImage()], [-1, true]);
  await domain.managedSaveRemove();
  await domain.setAutostart(true);
  assert.equal(await domain.autostart(), true);
  await domain.rename("yours");
  assert.equal(domain.name(), "yours");
  await domain.undefine();
  await assert.rejects(conn.lookupByName("yours"), (error) => isLibvirtError(error, "NO_DOMAIN"));
});

test("domain: memory and processors", async (t) => {
  const conn = await opened(t);
  const domain = await conn.lookupByName("test");
  assert.equal(await domain.maxMemory(), 8388608n);
  await domain.setMemory(4194304);
  assert.equal((await domain.info()).memory, 4194304n);
  assert.equal((await domain.memoryStats()).actual, 4194304n);
  assert.equal(await domain.maxVcpus(), 2);
  const map = [true, false, true, false, false, false, false, false];
  await domain.pinVcpu(0, map);
  const [vcpu] = await domain.vcpus();
  assert.deepEqual(vcpu?.cpumap, map);
  assert.deepEqual([vcpu?.number, typeof vcpu?.cpuTime], [0, "bigint"]);
  assert.deepEqual((await domain.vcpuPinInfo())[0], map);
  assert.equal((await domain.emulatorPinInfo()).length, 8);
  const stats = await domain.cpuStats();
  assert.deepEqual(
    stats.map((cpu) => Object.keys(cpu)),
    [
      ["cpu_time", "vcpu_time"],
      ["cpu_time", "vcpu_time"],
    ],
  );
  assert.deepEqual(Object.keys(await domain.cpuStatsTotal()), ["cpu_time", "user_time", "system_time"]);
  assert.equal((await domain.cpuStats(1, 1)).length, 1);
  await assert.rejects(domain.cpuStats(2), (error) => isLibvirtError(error, "INVALID_ARG"));
});

test("domain: typed parameters are plain objects, each value in its type", async (t) => {
  const conn = await opened(t);
  const domain = await conn.lookupByName("test");
  await domain.setMemoryParameters({ hard_limit: 1_000_000, soft_limit: 900_000n });
  const memory = await domain.memoryParameters();
  assert.deepEqual([memory.hard_limit, memory.soft_limit], [1_000_000n, 900_000n]);
  const before = await domain.schedulerParameters();
  assert.ok("cpu_shares" in before || "weight" in before);
  await domain.setBlkioParameters({ weight: 500, device_weight: undefined });
  assert.equal((await domain.blkioParameters()).weight, 500);
  await assert.rejects(domain.setMemoryParameters({ nonsense: 1 }), (error) =>
    isLibvirtError(error, "ARGUMENT_UNSUPPORTED"),
  );
});

test("domain: metadata", async (t) => {
  const conn = await opened(t);
  const domain = await conn.lookupByName("test");
  const { TITLE, ELEMENT } = DomainMetadataType;
  await assert.rejects(domain.metadata(TITLE), (error) => isLibvirtError(error, "NO_DOMAIN_METADATA"));
  await domain.setMetadata(TITLE, "A title");
  assert.equal(await domain.metadata(TITLE), "A title");
  await domain.setMetadata(ELEMENT, "<a>1</a>", "mine", "http://example.org/mine");
  assert.equal(await domain.metadata(ELEMENT, "http://example.org/mine"), "<a>1</a>");
  assert.match(await domain.xmlDesc(), /<mine:a xmlns:mine="http:\/\/example.org\/mine">1<\/mine:a>/);
  await domain.setMetadata(TITLE, null, null, null, DomainModificationImpact.LIVE);
  await assert.rejects(domain.metadata(TITLE), (error) => isLibvirtError(error, "NO_DOMAIN_METADATA"));
});

test("domain: statistics", async (t) => {
  const conn = await opened(t);
  const domain = await conn.lookupByName("test");
  const [record] = await conn.getAllDomainStats(DomainStatsTypes.STATE | DomainStatsTypes.VCPU);
  assert.equal(record?.domain.name(), "test");
  assert.equal(record?.stats["state.state"], DomainState.RUNNING);
  assert.equal((await conn.domainListGetStats([domain])).length, 1);
  await assert.rejects(conn.domainListGetStats([]), (error) => isLibvirtError(error, "INVALID_ARG"));
  assert.equal(typeof (await domain.blockInfo("vda")).capacity, "bigint");
  assert.equal(typeof (await domain.interfaceStats("testnet0")).rxBytes, "bigint");
  assert.deepEqual(await domain.diskErrors(), { vda: 1 });
  assert.equal((await domain.jobInfo()).type, 0);
  const [nic] = await domain.interfaceAddresses();
  assert.deepEqual([nic?.name, nic?.addrs.length], ["testnet0", 1]);
});

test("snapshots", async (t) => {
  const conn = await opened(t);
  const domain = await conn.lookupByName("test");
  const first = await domain.snapshotCreateXML("<domainsnapshot><name>first</name></domainsnapshot>");
  const second = await domain.snapshotCreateXML("<domainsnapshot><name>second</name></domainsnapshot>");
  assert.equal((await domain.snapshotCurrent()).name(), "second");
  assert.equal((await second.parent()).name(), "first");
  await assert.rejects(first.parent(), (error) => isLibvirtError(error, "NO_DOMAIN_SNAPSHOT"));
  assert.deepEqual([await first.isCurrent(), await second.isCurrent()], [false, true]);
  assert.deepEqual(await domain.snapshotListNames(), ["first", "second"]);
  assert.deepEqual([await first.numChildren(), await first.listChildrenNames()], [1, ["second"]]);
  assert.equal((await first.listAllChildren())[0]?.domain(), domain);
  assert.equal(await first.hasMetadata(), true);
  assert.match(await first.xmlDesc(), /<name>first<\/name>/);
  await domain.destroy();
  await domain.revertToSnapshot(first);
  assert.ok(domain.id() > 0);
  await second.delete();
  assert.equal((await domain.listAllSnapshots()).length, 1);
  assert.equal(inspect(first), "DomainSnapshot { name: 'first', domain: 'test' }");
});

test("checkpoints", async (t) => {
  const conn = await opened(t);
  const domain = await conn.lookupByName("test");
  const checkpoint = await domain.checkpointCreateXML("<domaincheckpoint><name>c</name></domaincheckpoint>");
  assert.equal((await domain.checkpointLookupByName("c")).name(), checkpoint.name());
  assert.match(await checkpoint.xmlDesc(), /<name>c<\/name>/);
  await assert.rejects(checkpoint.parent(), (error) => isLibvirtError(error, "NO_DOMAIN_CHECKPOINT"));
  await checkpoint.delete();
  assert.deepEqual(await domain.listAllCheckpoints(), []);
});

test("networks and their ports", async (t) => {
  const conn = await opened(t);
  const network = await conn.networkLookupByName("default");
  assert.equal(await network.bridgeName(), "virbr0");
  assert.deepEqual([await network.isActive(), await network.isPersistent()], [true, true]);
  await network.setAutostart(true);
  assert.equal(await network.autostart(), true);
  const host = "<host mac='52:54:00:00:00:01' name='a' ip='192.168.122.9'/>";
  await network.update(NetworkUpdateCommand.ADD_LAST, NetworkUpdateSection.IP_DHCP_HOST, -1, host);
  assert.match(await network.xmlDesc(), /192\.168\.122\.9/);
  const [lease] = await network.dhcpLeases();
  assert.deepEqual([lease?.ipaddr, typeof lease?.expiryTime, lease?.prefix], ["192.168.122.3", "bigint", 24]);
  const made = await conn.networkDefineXML("<network><name>other</name></network>");
  assert.deepEqual(await conn.listDefinedNetworks(), ["other"]);
  await made.undefine();
  const owner = `<owner><name>x</name><uuid>${network.uuidString()}</uuid></owner>`;
  const plug = "<mac address='52:54:00:00:00:01'/><plug type='network' bridge='virbr0'/>";
  const xml = `<networkport>${owner}${plug}</networkport>`;
  const port = await network.portCreateXML(xml);
  assert.equal((await network.portLookupByUuidString(port.uuidString())).network(), network);
  await port.setParameters({ "inbound.average": 7 });
  assert.equal((await port.parameters())["inbound.average"], 7);
  await port.delete();
  assert.deepEqual(await network.listAllPorts(), []);
});

test("pools and volumes", async (t) => {
  const conn = await opened(t);
  const pool = await conn.storagePoolLookupByName("default-pool");
  const info = await pool.info();
  assert.equal(info.state, StoragePoolState.RUNNING);
  assert.equal(info.capacity, info.allocation + info.available);
  assert.deepEqual([await pool.isActive(), await pool.autostart()], [true, false]);
  const volume = await pool.createXML("<volume><name>v</name><capacity unit='KiB'>8</capacity></volume>");
  assert.deepEqual([volume.name(), await volume.path()], ["v", volume.key()]);
  assert.equal((await volume.info()).capacity, 8192n);
  await volume.resize(16384n);
  assert.equal((await volume.infoFlags()).capacity, 16384n);
  assert.equal((await volume.storagePoolLookupByVolume()).uuidString(), pool.uuidString());
  assert.equal((await conn.storageVolLookupByPath(await volume.path())).name(), "v");
  const copy = await pool.createXMLFrom("<volume><name>w</name><capacity>16384</capacity></volume>", volume);
  assert.deepEqual(await pool.listVolumes(), ["v", "w"]);
  assert.equal(inspect(copy), "StorageVol { name: 'w', pool: 'default-pool' }");
  await copy.delete();
  await volume.delete();
  assert.equal(await pool.numOfVolumes(), 0);
});

test("node devices and interfaces", async (t) => {
  const conn = await opened(t);
  const [device] = await conn.listAllDevices();
  assert.ok(device);
  assert.equal((await conn.nodeDeviceLookupByName(device.name())).name(), device.name());
  assert.equal(await device.parent(), null);
  assert.equal((await device.listCaps()).length, await device.numOfCaps());
  assert.equal((await conn.listDevices()).length, await conn.numOfDevices());
  const iface = await conn.interfaceLookupByMACString("aa:bb:cc:dd:ee:ff");
  assert.deepEqual([iface.name(), iface.macString(), await iface.isActive()], ["eth1", "aa:bb:cc:dd:ee:ff", true]);
  await conn.changeBegin();
  await iface.destroy();
  assert.deepEqual(await conn.listDefinedInterfaces(), ["eth1"]);
  await conn.changeRollback();
  assert.equal(await (await conn.interfaceLookupByName("eth1")).isActive(), true);
});

test("secrets: what is kept is neither the caller's nor what another caller got", async (t) => {
  const conn = await opened(t);
  const xml = "<secret><usage type='ceph'><name>c</name></usage></secret>";
  const secret = await conn.secretDefineXML(xml);
  assert.deepEqual([secret.usageType(), secret.usageId()], [SecretUsageType.CEPH, "c"]);
  await assert.rejects(secret.value(), (error) => isLibvirtError(error, "NO_SECRET"));
  const given = Buffer.from("open sesame");
  await secret.setValue(given);
  given.fill(0);
  const got = await secret.value();
  assert.equal(Buffer.from(got).toString(), "open sesame");
  got.fill(0);
  assert.equal(Buffer.from(await secret.value()).toString(), "open sesame");
  await secret.setValue("text");
  assert.equal(Buffer.from(await secret.value()).toString(), "text");
  assert.equal((await conn.secretLookupByUsage(SecretUsageType.CEPH, "c")).uuidString(), secret.uuidString());
  assert.deepEqual(await conn.listSecrets(), [secret.uuidString()]);
});

test("network filters are not this driver's", async (t) => {
  const conn = await opened(t);
  await assert.rejects(conn.listAllNWFilters(), (error) => isLibvirtError(error, "NO_SUPPORT"));
});
