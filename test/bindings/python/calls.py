"""Some 200 calls in the classic names on a test connection, and what came back.

    calls.py MODULE URI [FOLDER]

MODULE is `libvirt`, the official module, or `tsvirt`, which lies in FOLDER.
"""

import importlib
import sys
import threading

from recorder import Recorder, by_name, kinds, name_of

MODULE, URI = sys.argv[1:3]
if len(sys.argv) > 3:
    sys.path.insert(0, sys.argv[3])
libvirt = importlib.import_module(MODULE)

record = Recorder(libvirt)
libvirt.registerErrorHandler(lambda _context, _error: None, None)
libvirt.virEventRegisterDefaultImpl()

ids = [f"11111111-2222-3333-4444-{number:012d}" for number in range(10)]

DOMAIN = f"""<domain type='test'><name>lab</name><uuid>{ids[0]}</uuid><memory>65536</memory>
<currentMemory>32768</currentMemory><vcpu current='2'>4</vcpu><os><type>hvm</type></os>
<devices><disk type='file' device='disk'><source file='/lab.img'/><target dev='vda' bus='virtio'/></disk>
<interface type='network'><mac address='aa:bb:cc:00:00:01'/><source network='default'/><target dev='lan7'/></interface>
</devices></domain>"""
NETWORK = f"""<network><name>lab</name><uuid>{ids[1]}</uuid><bridge name='virbr7'/><forward/>
<ip address='192.168.77.1' netmask='255.255.255.0'><dhcp><range start='192.168.77.2' end='192.168.77.9'/></dhcp></ip>
</network>"""
POOL = f"""<pool type='dir'><name>lab</name><uuid>{ids[2]}</uuid><target><path>/lab</path></target></pool>"""
VOLUME = "<volume><name>{name}</name><capacity>1048576</capacity><target><format type='raw'/></target></volume>"
SECRET = f"""<secret ephemeral='no' private='no'><uuid>{ids[3]}</uuid><usage type='volume'><volume>/lab</volume></usage>
</secret>"""
INTERFACE = """<interface type='ethernet' name='lab7'><start mode='none'/><mac address='aa:bb:cc:00:00:07'/>
</interface>"""
SNAPSHOT = "<domainsnapshot><name>{name}</name><description>lab</description></domainsnapshot>"


def on_connection(conn):
    record("getType", conn.getType)
    record("getVersion", conn.getVersion)
    record("getLibVersion", conn.getLibVersion, kinds)
    record("libvirt.getVersion", libvirt.getVersion, kinds)
    record("getHostname", conn.getHostname)
    record("getURI", lambda: conn.getURI().split("?")[0])
    record("isAlive", conn.isAlive)
    record("isSecure", conn.isSecure)
    record("isEncrypted", conn.isEncrypted)
    record("setKeepAlive", lambda: conn.setKeepAlive(5, 5))
    record("getMaxVcpus", lambda: conn.getMaxVcpus("test"))
    record("getMaxVcpus none", lambda: conn.getMaxVcpus(None))
    record("getInfo", conn.getInfo)
    record("getFreeMemory", conn.getFreeMemory, kinds)
    record("getCellsFreeMemory", lambda: conn.getCellsFreeMemory(0, 2), kinds)
    record.own("getFreePages", lambda: conn.getFreePages([4, 2048], 0, 2, 0), kinds)
    record("getCPUStats", lambda: conn.getCPUStats(-1, 0), kinds)
    record("getMemoryStats", lambda: conn.getMemoryStats(-1, 0), kinds)
    record("getCPUMap", conn.getCPUMap, kinds)
    record("getSecurityModel", conn.getSecurityModel)
    record("getMemoryParameters", conn.getMemoryParameters)
    record("getSEVInfo", conn.getSEVInfo)
    record("getSysinfo", conn.getSysinfo)
    record("getCapabilities", lambda: conn.getCapabilities().startswith("<capabilities>"))
    record.own("getCPUModelNames", lambda: len(conn.getCPUModelNames("x86_64", 0)) > 5)
    record("getDomainCapabilities", lambda: conn.getDomainCapabilities(None, None, None, None, 0))
    record("numOfDomains", conn.numOfDomains)
    record("numOfDefinedDomains", conn.numOfDefinedDomains)
    record("numOfNetworks", conn.numOfNetworks)
    record("numOfDefinedNetworks", conn.numOfDefinedNetworks)
    record("numOfStoragePools", conn.numOfStoragePools)
    record("numOfDefinedStoragePools", conn.numOfDefinedStoragePools)
    record("numOfInterfaces", conn.numOfInterfaces)
    record("numOfDefinedInterfaces", conn.numOfDefinedInterfaces)
    record.own("numOfSecrets", conn.numOfSecrets)
    record("numOfNWFilters", conn.numOfNWFilters)
    record("numOfDevices", lambda: conn.numOfDevices(None, 0))
    record("findStoragePoolSources", lambda: conn.findStoragePoolSources("logical", None, 0))
    record("suspendForDuration", lambda: conn.suspendForDuration(0, 60, 0))
    record("getAllDomainStats", lambda: [(name_of(dom), sorted(of)) for dom, of in conn.getAllDomainStats(0, 0)])
    record("getLastError", lambda: libvirt.virGetLastError() is None or libvirt.virGetLastError()[0])


def on_wrong_arguments(conn):
    record("lookupByName of a number", lambda: conn.lookupByName(7))
    record("lookupByID of text", lambda: conn.lookupByID("7"))
    record("lookupByID too large", lambda: conn.lookupByID(2**40))
    record("lookupByUUID too short", lambda: conn.lookupByUUID(b"short"))
    record("lookupByUUIDString of rubbish", lambda: conn.lookupByUUIDString("rubbish"))
    record("lookupByName of none", lambda: conn.lookupByName(None))
    record("lookupByName of nothing", lambda: conn.lookupByName("nothing"))
    record("lookupByID of nothing", lambda: conn.lookupByID(999))
    record("defineXML of rubbish", lambda: conn.defineXML("<rubbish/>"))
    record("networkLookupByName of nothing", lambda: conn.networkLookupByName("nothing"))
    record("storagePoolLookupByName of nothing", lambda: conn.storagePoolLookupByName("nothing"))
    record("storageVolLookupByPath of nothing", lambda: conn.storageVolLookupByPath("/nothing"))
    record("interfaceLookupByName of nothing", lambda: conn.interfaceLookupByName("nothing"))
    record("nodeDeviceLookupByName of nothing", lambda: conn.nodeDeviceLookupByName("nothing"))
    record.own("secretLookupByUUIDString of nothing", lambda: conn.secretLookupByUUIDString(ids[9]))
    record("listAllDomains with an unknown flag", lambda: conn.listAllDomains(1 << 30))


def on_domains(conn):
    record("listDomainsID", conn.listDomainsID)
    record("listDefinedDomains", conn.listDefinedDomains)
    record("listAllDomains", lambda: by_name(conn.listAllDomains()))
    test = record("lookupByName", lambda: conn.lookupByName("test"))
    record("lookupByID", lambda: conn.lookupByID(test.ID()))
    record("lookupByUUID", lambda: conn.lookupByUUID(test.UUID()))
    record("lookupByUUIDString", lambda: conn.lookupByUUIDString(test.UUIDString()))
    record("ID", test.ID)
    record("UUID", test.UUID, kinds)
    record("connect", lambda: test.connect() is conn)
    record("OSType", test.OSType)
    record("info", test.info, lambda info: info[:4] + [type(info[4]).__name__])
    record("state", test.state)
    record("maxMemory", test.maxMemory)
    record("schedulerType", test.schedulerType)
    record("schedulerParameters", test.schedulerParameters)
    record.own("schedulerParametersFlags", lambda: test.schedulerParametersFlags(0))
    record("isActive", test.isActive)
    record("isPersistent", test.isPersistent)
    record("isUpdated", test.isUpdated)
    dom = record("defineXML", lambda: conn.defineXML(DOMAIN))
    record("name", dom.name)
    record("UUIDString", dom.UUIDString)
    record("ID of an inactive one", dom.ID)
    record("XMLDesc", lambda: dom.XMLDesc(0))
    record("autostart", dom.autostart)
    record("setAutostart", lambda: dom.setAutostart(1))
    record("autostart after", dom.autostart)
    record("setMemoryFlags", lambda: dom.setMemoryFlags(16384, libvirt.VIR_DOMAIN_AFFECT_CONFIG))
    record("setMaxMemory", lambda: dom.setMaxMemory(65536))
    record("setVcpusFlags", lambda: dom.setVcpusFlags(3, libvirt.VIR_DOMAIN_AFFECT_CONFIG))
    record("vcpusFlags", lambda: dom.vcpusFlags(libvirt.VIR_DOMAIN_AFFECT_CONFIG))
    record("setMetadata", lambda: dom.setMetadata(libvirt.VIR_DOMAIN_METADATA_TITLE, "A lab", None, None))
    record("metadata", lambda: dom.metadata(libvirt.VIR_DOMAIN_METADATA_TITLE, None))
    record("metadata that is not there", lambda: dom.metadata(libvirt.VIR_DOMAIN_METADATA_DESCRIPTION, None))
    record("create", dom.create)
    record("create again", dom.create)
    record("isActive after", dom.isActive)
    record("vcpus", dom.vcpus, kinds)
    record("vcpusFlags of a running one", lambda: dom.vcpusFlags(libvirt.VIR_DOMAIN_VCPU_MAXIMUM))
    record("maxVcpus", dom.maxVcpus)
    record("pinVcpu", lambda: dom.pinVcpu(0, (True, False, True, False)))
    record("vcpuPinInfo", lambda: dom.vcpuPinInfo(0))
    record("emulatorPinInfo", dom.emulatorPinInfo)
    record("setVcpus", lambda: dom.setVcpus(2))
    record("setMemory", lambda: dom.setMemory(32768))
    record.own("memoryStats", dom.memoryStats, kinds)
    record("memoryParameters", lambda: dom.memoryParameters(0))
    record("setMemoryParameters", lambda: dom.setMemoryParameters({"hard_limit": 131072}, 0))
    record("memoryParameters after", lambda: dom.memoryParameters(0))
    record("numaParameters", lambda: dom.numaParameters(0))
    record("blkioParameters", lambda: dom.blkioParameters(0))
    record("perfEvents", dom.perfEvents)
    record("interfaceParameters", lambda: dom.interfaceParameters("lan7", 0))
    record("blockIoTune", lambda: dom.blockIoTune("vda", 0))
    record("setBlockIoTune", lambda: dom.setBlockIoTune("vda", {"total_bytes_sec": 4096}, 0))
    record("blockIoTune after", lambda: dom.blockIoTune("vda", 0))
    record("setBlockIoTune of an unknown name", lambda: dom.setBlockIoTune("vda", {"rubbish": 4096}, 0))
    record("blockStats", lambda: dom.blockStats("vda"), kinds)
    record("blockStats of none", lambda: dom.blockStats("nothing"))
    record("interfaceStats", lambda: dom.interfaceStats("lan7"), kinds)
    record.own("interfaceAddresses", lambda: dom.interfaceAddresses(libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE))
    record("diskErrors", dom.diskErrors)
    record("fsInfo", dom.fsInfo)
    record("fsFreeze", dom.fsFreeze)
    record("fsThaw", dom.fsThaw)
    record("getTime", dom.getTime, kinds)
    record("guestInfo", lambda: dom.guestInfo(0, 0), kinds)
    record.own("hostname", dom.hostname)
    record("controlInfo", dom.controlInfo)
    record.own("jobInfo", dom.jobInfo, kinds)
    record("ioThreadInfo", dom.ioThreadInfo)
    record("messages", dom.messages)
    record("securityLabel", dom.securityLabel)
    record("sendKey", lambda: dom.sendKey(0, 0, [1, 2], 2, 0))
    record.own("getCPUStats", lambda: dom.getCPUStats(True, 0), kinds)
    record("migrateGetMaxSpeed", dom.migrateGetMaxSpeed)
    record("screenshot", lambda: screenshot(conn, dom))
    record("suspend", dom.suspend)
    record("state of a paused one", dom.state)
    record("resume", dom.resume)
    record("managedSave", dom.managedSave)
    record("hasManagedSaveImage", dom.hasManagedSaveImage)
    record("managedSaveRemove", dom.managedSaveRemove)
    record("create with flags", lambda: dom.createWithFlags(0))
    record("reboot", lambda: dom.reboot(0))
    record("shutdown", dom.shutdown)
    record("state after shutdown", dom.state)
    record("destroy when off", dom.destroy)
    on_snapshots(dom)
    on_checkpoints(dom)
    record("rename", lambda: dom.rename("laboratory"))
    record("name after", lambda: conn.lookupByUUIDString(ids[0]).name())
    record("undefineFlags", lambda: dom.undefineFlags(0))
    record("info of what is gone", dom.info)
    transient = record("createXML", lambda: conn.createXML(DOMAIN.replace("lab<", "transient<"), 0))
    record("isPersistent of a transient one", transient.isPersistent)
    record("domainListGetStats", lambda: [sorted(of) for _, of in conn.domainListGetStats([transient])])
    record("destroyFlags", lambda: transient.destroyFlags(0))


def screenshot(conn, dom):
    stream = conn.newStream()
    mime = dom.screenshot(stream, 0)
    picture = bytearray()
    stream.recvAll(lambda _stream, data, _opaque: picture.extend(data), None)
    stream.finish()
    return mime, bytes(picture[:8]), len(picture) > 100


def on_snapshots(dom):
    record("snapshotNum", dom.snapshotNum)
    record("hasCurrentSnapshot", dom.hasCurrentSnapshot)
    record("snapshotCurrent without one", dom.snapshotCurrent)
    first = record("snapshotCreateXML", lambda: dom.snapshotCreateXML(SNAPSHOT.format(name="one")))
    record("snapshotCreateXML of a child", lambda: dom.snapshotCreateXML(SNAPSHOT.format(name="two"), 0))
    record("snapshotListNames", lambda: sorted(dom.snapshotListNames()))
    record("listAllSnapshots", lambda: by_name(dom.listAllSnapshots()))
    record("snapshotLookupByName", lambda: dom.snapshotLookupByName("one"))
    record("snapshotLookupByName of nothing", lambda: dom.snapshotLookupByName("nothing"))
    record("snapshotCurrent", dom.snapshotCurrent)
    record("snapshot getParent", lambda: dom.snapshotLookupByName("two").getParent())
    record("snapshot getParent of a root", first.getParent)
    record("snapshot numChildren", first.numChildren)
    record("snapshot listChildrenNames", first.listChildrenNames)
    record("snapshot listAllChildren", first.listAllChildren)
    record("snapshot isCurrent", first.isCurrent)
    record("snapshot hasMetadata", first.hasMetadata)
    record("snapshot getDomain", first.getDomain)
    record("snapshot getXMLDesc", lambda: "<name>one</name>" in first.getXMLDesc())
    record("revertToSnapshot", lambda: dom.revertToSnapshot(first))
    record("snapshot delete", lambda: first.delete(libvirt.VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN))
    record("snapshotNum after", dom.snapshotNum)


def on_checkpoints(dom):
    record("listAllCheckpoints", dom.listAllCheckpoints)
    record("checkpointLookupByName of nothing", lambda: dom.checkpointLookupByName("nothing"))


def on_networks(conn):
    record("listNetworks", conn.listNetworks)
    record("listDefinedNetworks", conn.listDefinedNetworks)
    net = record("networkDefineXML", lambda: conn.networkDefineXML(NETWORK))
    record("network name", net.name)
    record("network UUIDString", net.UUIDString)
    record("network UUID", net.UUID)
    record("network XMLDesc", lambda: net.XMLDesc(0))
    record("network bridgeName", net.bridgeName)
    record("network isActive", net.isActive)
    record("network isPersistent", net.isPersistent)
    record("network create", net.create)
    record("network create again", net.create)
    record("network setAutostart", lambda: net.setAutostart(1))
    record("network autostart", net.autostart)
    record.own("network DHCPLeases", net.DHCPLeases)
    record.own("network listAllPorts", net.listAllPorts)
    host = "<host mac='52:54:00:00:00:01' ip='192.168.77.5'/>"
    add, hosts = libvirt.VIR_NETWORK_UPDATE_COMMAND_ADD_LAST, libvirt.VIR_NETWORK_SECTION_IP_DHCP_HOST
    record("network update", lambda: net.update(add, hosts, -1, host, libvirt.VIR_NETWORK_UPDATE_AFFECT_LIVE))
    record("networkLookupByName", lambda: conn.networkLookupByName("lab"))
    record("networkLookupByUUIDString", lambda: conn.networkLookupByUUIDString(ids[1]))
    record("networkLookupByUUID", lambda: conn.networkLookupByUUID(net.UUID()))
    record("listAllNetworks", lambda: by_name(conn.listAllNetworks(libvirt.VIR_CONNECT_LIST_NETWORKS_ACTIVE)))
    record("network destroy", net.destroy)
    record("network undefine", net.undefine)
    record("network name of what is gone", net.name)
    record("network XMLDesc of what is gone", lambda: net.XMLDesc(0))


def on_storage(conn):
    record("listStoragePools", conn.listStoragePools)
    record("listDefinedStoragePools", conn.listDefinedStoragePools)
    pool = record("storagePoolDefineXML", lambda: conn.storagePoolDefineXML(POOL, 0))
    record("pool XMLDesc", lambda: pool.XMLDesc(0))
    record("pool build", lambda: pool.build(0))
    record("pool create", lambda: pool.create(0))
    record("pool info", pool.info)
    record("pool isActive", pool.isActive)
    record("pool setAutostart", lambda: pool.setAutostart(1))
    record("pool autostart", pool.autostart)
    record("pool numOfVolumes", pool.numOfVolumes)
    record("storagePoolLookupByUUIDString", lambda: conn.storagePoolLookupByUUIDString(ids[2]))
    record.own("storagePoolLookupByTargetPath", lambda: conn.storagePoolLookupByTargetPath("/lab"))
    record("listAllStoragePools", lambda: by_name(conn.listAllStoragePools(0)))
    vol = record("pool createXML", lambda: pool.createXML(VOLUME.format(name="one"), 0))
    record("pool createXML of the same name", lambda: pool.createXML(VOLUME.format(name="one"), 0))
    record("pool createXMLFrom", lambda: pool.createXMLFrom(VOLUME.format(name="two"), vol, 0))
    record("pool listVolumes", lambda: sorted(pool.listVolumes()))
    record("pool listAllVolumes", lambda: by_name(pool.listAllVolumes()))
    record("volume name", vol.name)
    record("volume key", vol.key)
    record("volume path", vol.path)
    record("volume info", vol.info)
    record.own("volume infoFlags", lambda: vol.infoFlags(0))
    record("volume XMLDesc", lambda: vol.XMLDesc(0))
    record.own("volume resize", lambda: vol.resize(2097152, 0))
    record.own("volume wipe", lambda: vol.wipe(0))
    record.own("volume upload and download", lambda: through_streams(conn, vol))
    record("storagePoolLookupByVolume", vol.storagePoolLookupByVolume)
    record("storageVolLookupByName", lambda: pool.storageVolLookupByName("two"))
    record("storageVolLookupByPath", lambda: conn.storageVolLookupByPath("/lab/one"))
    record("storageVolLookupByKey", lambda: conn.storageVolLookupByKey(vol.key()))
    record("volume delete", lambda: vol.delete(0))
    record("volume info of what is gone", vol.info)
    record("pool refresh", lambda: pool.refresh(0))
    record("pool destroy", pool.destroy)
    record("pool delete", lambda: pool.delete(0))
    record("pool undefine", pool.undefine)
    record("pool info of what is gone", pool.info)


def through_streams(conn, vol):
    """Bytes into a volume and out of it again: whole, in pieces, and how many packets it took not at all."""
    up = conn.newStream()
    vol.upload(up, 0, 0, 0)
    sent = [b"a" * 100000, b"b" * 100000]
    pieces = iter(sent)
    up.sendAll(lambda _stream, most, _opaque: take(pieces, most), None)
    up.finish()
    down = conn.newStream()
    vol.download(down, 99990, 20, 0)
    got = bytearray()
    down.recvAll(lambda _stream, data, _opaque: got.extend(data), None)
    return down.finish(), bytes(got)


_rest = [b""]


def take(pieces, most):
    data = _rest.pop() or next(pieces, b"")
    _rest.append(data[most:])
    return data[:most]


def on_secrets(conn):
    secret = record.own("secretDefineXML", lambda: conn.secretDefineXML(SECRET, 0))
    if secret is None:
        return
    record.own("secret UUID", secret.UUID)
    record.own("secret usageType", secret.usageType)
    record.own("secret usageID", secret.usageID)
    record.own("secret XMLDesc", lambda: secret.XMLDesc(0))
    record.own("secret value before", lambda: secret.value(0))
    record.own("secret setValue", lambda: secret.setValue(b"\0\xffword", 0))
    record.own("secret value", lambda: secret.value(0))
    record.own("secretLookupByUsage", lambda: conn.secretLookupByUsage(libvirt.VIR_SECRET_USAGE_TYPE_VOLUME, "/lab"))
    record.own("secret undefine", secret.undefine)


def on_the_rest(conn):
    record("listInterfaces", conn.listInterfaces)
    record("listDefinedInterfaces", conn.listDefinedInterfaces)
    interface = record("interfaceDefineXML", lambda: conn.interfaceDefineXML(INTERFACE, 0))
    record("interface name", interface.name)
    record("interface MACString", interface.MACString)
    record("interface XMLDesc", lambda: interface.XMLDesc(0))
    record("interface isActive", interface.isActive)
    record("interface create", lambda: interface.create(0))
    record("interfaceLookupByMACString", lambda: conn.interfaceLookupByMACString("aa:bb:cc:00:00:07"))
    record("listAllInterfaces", lambda: by_name(conn.listAllInterfaces(0)))
    record("interface destroy", lambda: interface.destroy(0))
    record("interface undefine", interface.undefine)
    record("changeBegin", lambda: conn.changeBegin(0))
    record("changeRollback", lambda: conn.changeRollback(0))
    record("changeCommit without a beginning", lambda: conn.changeCommit(0))
    record("listDevices", lambda: sorted(conn.listDevices(None, 0)))
    record("listAllDevices", lambda: by_name(conn.listAllDevices(0)))
    device = record("nodeDeviceLookupByName", lambda: conn.nodeDeviceLookupByName("scsi_host1"))
    record("device parent", device.parent)
    record.own("device numOfCaps", device.numOfCaps)
    record.own("device listCaps", device.listCaps)
    record("device XMLDesc", lambda: device.XMLDesc(0))
    record.own("device isActive", device.isActive)
    record("device reset", device.reset)
    record.own("listSecrets", conn.listSecrets)
    record.own("listAllSecrets", conn.listAllSecrets)
    on_secrets(conn)
    record("listNWFilters", conn.listNWFilters)
    record("listAllNWFilterBindings", conn.listAllNWFilterBindings)


class Collector:
    """Collects events until one comes that a test waits for."""

    def __init__(self):
        self.events = []
        self.changed = threading.Condition()

    def __call__(self, conn, thing, *details):
        with self.changed:
            # The last detail is what was handed in at registering.
            self.events.append((type(conn).__name__, name_of(thing), *details))
            self.changed.notify_all()

    def wait_for(self, count):
        with self.changed:
            if not self.changed.wait_for(lambda: len(self.events) >= count, 60):
                raise SystemExit(f"only {self.events}, not {count}")
            return self.events


def on_events(conn):
    domains, networks, pools = Collector(), Collector(), Collector()
    lifecycle = libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE
    kinds_of = [
        conn.domainEventRegisterAny(None, lifecycle, domains, "all"),
        conn.networkEventRegisterAny(None, libvirt.VIR_NETWORK_EVENT_ID_LIFECYCLE, networks, 7),
        conn.storagePoolEventRegisterAny(None, libvirt.VIR_STORAGE_POOL_EVENT_ID_LIFECYCLE, pools, None),
    ]
    record("numbers of registrations", lambda: kinds_of, kinds)
    dom = conn.defineXML(DOMAIN)
    dom.create()
    dom.suspend()
    dom.resume()
    dom.destroy()
    dom.undefine()
    net = conn.networkDefineXML(NETWORK)
    net.create()
    net.destroy()
    net.undefine()
    pool = conn.storagePoolDefineXML(POOL, 0)
    pool.create(0)
    pool.destroy()
    pool.undefine()
    record("domain events", lambda: domains.wait_for(6))
    record("network events", lambda: networks.wait_for(4))
    record("pool events", lambda: pools.wait_for(4))
    record("domainEventDeregisterAny", lambda: conn.domainEventDeregisterAny(kinds_of[0]))
    record("networkEventDeregisterAny", lambda: conn.networkEventDeregisterAny(kinds_of[1]))
    record("storagePoolEventDeregisterAny", lambda: conn.storagePoolEventDeregisterAny(kinds_of[2]))
    record("domainEventDeregisterAny again", lambda: conn.domainEventDeregisterAny(kinds_of[0]))


def on_errors(conn):
    heard = []
    libvirt.registerErrorHandler(lambda context, error: heard.append((context, error)), "context")
    try:
        conn.lookupByName("nothing")
    except libvirt.libvirtError as error:
        record.own("an error's fields", lambda: (error.err, error.get_str1(), error.get_int1(), str(error)))
    record.own("what the handler heard", lambda: heard)
    record.own("virGetLastError", libvirt.virGetLastError)
    libvirt.virResetLastError()
    record("virGetLastError after", libvirt.virGetLastError)
    libvirt.registerErrorHandler(lambda _context, _error: None, None)


def on_read_only(uri):
    conn = record("openReadOnly", lambda: libvirt.openReadOnly(uri), lambda one: type(one).__name__)
    record("reading", lambda: by_name(conn.listAllDomains()))
    record("defining", lambda: conn.defineXML(DOMAIN))
    record("destroying", lambda: conn.lookupByName("test").destroy())
    record("read-only close", conn.close)


def run_events():
    while True:
        libvirt.virEventRunDefaultImpl()


threading.Thread(target=run_events, daemon=True).start()
connection = libvirt.open(URI)
on_connection(connection)
on_wrong_arguments(connection)
on_domains(connection)
on_networks(connection)
on_storage(connection)
on_the_rest(connection)
on_events(connection)
on_errors(connection)
on_read_only(URI)
record("close", connection.close)
