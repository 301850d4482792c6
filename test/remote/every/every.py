#!/usr/bin/python3
"""Calls every function of libvirt's API on one connection, through libvirt's own client.

    every.py URI KIND

KIND says what is behind the URI, `test` or `qemu`. After each function one JSON line is printed, {"function": its C name,
"error": the error's fields or null}; the next one is called when a line has come in.
"""

import ctypes
import inspect
import json
import re
import sys
import uuid

import libvirt
import libvirt_lxc
import libvirt_qemu

URI, KIND = sys.argv[1], sys.argv[2]

libvirt.registerErrorHandler(lambda _context, _error: None, None)
libvirt.virEventRegisterDefaultImpl()
LIBRARY = ctypes.CDLL("libvirt.so.0")
CAPSULE = ctypes.pythonapi
CAPSULE.PyCapsule_GetPointer.restype = ctypes.c_void_p
CAPSULE.PyCapsule_GetPointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
CAPSULE.PyCapsule_New.restype = ctypes.py_object
CAPSULE.PyCapsule_New.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]

conn = libvirt.open(URI)


KEPT = []
NAMES = {}


def pointer(thing, kind):
    # What points into an object must not outlive it.
    KEPT.append(thing)
    return ctypes.c_void_p(CAPSULE.PyCapsule_GetPointer(thing._o, kind.encode()))


def made(kind, getter, *args):
    """An object that need not be there: what the client knows of one is only its name."""
    function = getattr(LIBRARY, getter)
    function.restype = ctypes.c_void_p
    address = function(*args)
    # A capsule holds on to the bytes of its name, but does not own them.
    name = NAMES.setdefault(kind, (kind + "Ptr").encode())
    return CAPSULE.PyCapsule_New(address, name, None)


UUID = uuid.UUID("4dea22b3-1d52-d8f3-2516-782e98ab3fa0")
RAW = ctypes.c_char_p(UUID.bytes)
C = pointer(conn, "virConnectPtr")


def found(lookup, make):
    try:
        return lookup()
    except libvirt.libvirtError:
        return make()


def domain():
    return found(
        lambda: conn.lookupByName("test"),
        lambda: libvirt.virDomain(conn, made("virDomain", "virGetDomain", C, b"test", RAW, -1)),
    )


def network():
    return found(
        lambda: conn.networkLookupByName("default"),
        lambda: libvirt.virNetwork(conn, made("virNetwork", "virGetNetwork", C, b"default", RAW)),
    )


def port():
    return libvirt.virNetworkPort(
        network(), made("virNetworkPort", "virGetNetworkPort", pointer(network(), "virNetworkPtr"), RAW)
    )


def interface():
    return found(
        lambda: conn.interfaceLookupByName("eth1"),
        lambda: libvirt.virInterface(
            conn, made("virInterface", "virGetInterface", C, b"eth1", b"aa:bb:cc:dd:ee:ff")
        ),
    )


def pool():
    return found(
        lambda: conn.storagePoolLookupByName("default-pool"),
        lambda: libvirt.virStoragePool(
            conn, made("virStoragePool", "virGetStoragePool", C, b"default-pool", RAW, None, None)
        ),
    )


def volume():
    return found(
        lambda: pool().storageVolLookupByName("volume"),
        lambda: libvirt.virStorageVol(
            conn,
            made("virStorageVol", "virGetStorageVol", C, b"default-pool", b"volume", b"/default-pool/volume", None, None),
        ),
    )


def device():
    return found(
        lambda: conn.nodeDeviceLookupByName("scsi_host11"),
        lambda: libvirt.virNodeDevice(conn, made("virNodeDevice", "virGetNodeDevice", C, b"nosuch")),
    )


def secret():
    return found(
        lambda: conn.secretLookupByUUID(UUID.bytes),
        lambda: libvirt.virSecret(conn, made("virSecret", "virGetSecret", C, RAW, 1, b"/usage")),
    )


def nwfilter():
    return found(
        lambda: conn.nwfilterLookupByName("tsvirt-filter"),
        lambda: libvirt.virNWFilter(conn, made("virNWFilter", "virGetNWFilter", C, b"tsvirt-filter", RAW)),
    )


def binding():
    return libvirt.virNWFilterBinding(
        conn, made("virNWFilterBinding", "virGetNWFilterBinding", C, b"vnet99", b"tsvirt-filter")
    )


def snapshot():
    return found(
        lambda: domain().snapshotLookupByName("snap"),
        lambda: libvirt.virDomainSnapshot(
            domain(),
            made("virDomainSnapshot", "virGetDomainSnapshot", pointer(domain(), "virDomainPtr"), b"snap"),
        ),
    )


def checkpoint():
    return found(
        lambda: domain().checkpointLookupByName("check"),
        lambda: libvirt.virDomainCheckpoint(
            domain(),
            made("virDomainCheckpoint", "virGetDomainCheckpoint", pointer(domain(), "virDomainPtr"), b"check"),
        ),
    )


RECEIVERS = {
    libvirt.virConnect: lambda: conn,
    libvirt.virDomain: domain,
    libvirt.virNetwork: network,
    libvirt.virNetworkPort: port,
    libvirt.virInterface: interface,
    libvirt.virStoragePool: pool,
    libvirt.virStorageVol: volume,
    libvirt.virNodeDevice: device,
    libvirt.virSecret: secret,
    libvirt.virNWFilter: nwfilter,
    libvirt.virNWFilterBinding: binding,
    libvirt.virDomainSnapshot: snapshot,
    libvirt.virDomainCheckpoint: checkpoint,
}

DOMAIN_TYPE = {"test": "test", "qemu": "qemu"}[KIND]


def domain_xml(name, number):
    return f"""<domain type='{DOMAIN_TYPE}'><name>{name}</name><uuid>4dea22b3-1d52-d8f3-2516-782e98ab3f{number:02x}</uuid>
<memory unit='KiB'>65536</memory><vcpu>1</vcpu><os><type>hvm</type></os></domain>"""


NETWORK_XML = "<network><name>{}</name><uuid>4dea22b3-1d52-d8f3-2516-782e98ab3f{:02x}</uuid><forward mode='bridge'/><bridge name='nosuchbr'/></network>"
POOL_XML = "<pool type='dir'><name>{}</name><uuid>4dea22b3-1d52-d8f3-2516-782e98ab3f{:02x}</uuid><target><path>/run/{}</path></target></pool>"
VOL_XML = "<volume><name>{}</name><capacity>1048576</capacity><allocation>0</allocation><target><format type='raw'/></target></volume>"
SECRET_XML = f"<secret ephemeral='yes' private='no'><uuid>{UUID}</uuid><usage type='volume'><volume>/usage</volume></usage></secret>"
FILTER_XML = f"<filter name='tsvirt-filter' chain='root'><uuid>{UUID}</uuid></filter>"
DISK_XML = "<disk type='file' device='disk'><source file='/run/disk'/><target dev='vdb' bus='virtio'/></disk>"
CPU_XML = "<cpu><arch>x86_64</arch><model>core2duo</model></cpu>"


def callback(*_args):
    return 0


class Callback:
    """Stands for the callback where the value has to be made first."""


# What a parameter is, by its name; by "function.name" where that is not enough.
VALUES = {
    "action": 1,
    "algorithm": 0,
    "alias": "ua-nosuch",
    "arch": "x86_64",
    "autostart": 1,
    "backupXML": "<domainbackup mode='nosuch'/>",
    "bandwidth": 1,
    "base": "/run/base",
    "cacheSize": 1048576,
    "callbackID": 0,
    "cap": "system",
    "capacity": 2097152,
    "cb": callback,
    "cellCount": 1,
    "cellNum": 0,
    "checkpointXML": None,
    "clonevol": volume,
    "cmd": '{"execute":"query-status"}',
    "codeset": 0,
    "command": 3,
    "cpuNum": -1,
    "cpumap": (True, False),
    "dconn": conn,
    "dconnuri": "qemu+unix:///nosuch?socket=/nosuch",
    "dest": "/run/dest",
    "destxml": "<disk type='file'><source file='/run/copy'/></disk>",
    "dev": "vda",
    "dev_name": None,
    "device": "vnet0",
    "disk": "vda",
    "dname": None,
    "dom": domain,
    "domain": domain,
    "doms": lambda: [domain()],
    "downtime": 100,
    "driverName": None,
    "dumpformat": 0,
    "duration": 0,
    "duri": "qemu+unix:///nosuch?socket=/nosuch",
    "dxml": None,
    "emulator": None,
    "emulatorbin": None,
    "event": None,
    "eventID": 0,
    "fd": 0,
    "file": "/run/saved",
    "files": [],
    "flags": 0,
    "frm": "/run/saved",
    "holdtime": 0,
    "id": 1,
    "idx": 0,
    "interval": 0,
    "iothread_id": 1,
    "iothread_val": 1,
    "key": "key",
    "keycodes": [30],
    "keys": ["ssh-ed25519 AAAA"],
    "length": 0,
    "mac": None,
    "machine": None,
    "macstr": "aa:bb:cc:dd:ee:ff",
    "maxCells": 1,
    "memory": 65536,
    "metadata": "a title",
    "miguri": None,
    "minimum": 0,
    "mountPoint": None,
    "mountpoints": None,
    "name": "test",
    "nativeConfig": "-name x",
    "nativeFormat": "qemu-argv",
    "net": network,
    "new_name": "renamed",
    "nkeycodes": 1,
    "nvcpus": 1,
    "offset": 0,
    "opaque": None,
    "pages": [2048],
    "params": {},
    "parentIndex": -1,
    "password": "geheim",
    "path": "vda",
    "period": 1,
    "pid_value": 1,
    "pool": pool,
    "portdev": "vnet99",
    "screen": 0,
    "seconds": 1,
    "secret": secret,
    "section": 4,
    "signum": 15,
    "size": 16,
    "snap": snapshot,
    "source": 0,
    "srcSpec": None,
    "st": lambda: conn.newStream(),
    "start": 0,
    "startCell": 0,
    "state": 1,
    "stats": 0,
    "stream": lambda: conn.newStream(),
    "target": 0,
    "threshold": 1,
    "time": {"seconds": 1, "nseconds": 0},
    "timeout": -2,
    "to": "/run/saved",
    "top": "/run/top",
    "total": True,
    "type": 1,
    "types": 0,
    "uri": None,
    "usageID": "/usage",
    "usageType": 1,
    "user": "root",
    "uuid": UUID.bytes,
    "uuidstr": str(UUID),
    "value": b"geheim",
    "vcpu": 0,
    "vcpumap": "0",
    "virttype": None,
    "wwnn": "2000000012341234",
    "wwpn": "1000000012341234",
    "xmlCPU": CPU_XML,
    "xmlCPUs": [CPU_XML],
    "virNodeAllocPages.pages": {2048: 0},
    "virConnectCompareCPU.xmlDesc": CPU_XML,
    "virConnectDomainXMLToNative.domainXml": domain_xml("native", 1),
    "virConnectFindStoragePoolSources.type": "dir",
    "virConnectGetMaxVcpus.type": DOMAIN_TYPE,
    "virConnectSetIdentity.params": {"user-name": "fred"},
    "virConnectNodeDeviceEventRegisterAny.dev": device,
    "virConnectSecretEventRegisterAny.secret": None,
    "virConnectDomainEventRegisterAny.dom": None,
    "virConnectDomainEventDeregister.cb": lambda: conn.domainEventRegister(callback, None) or Callback(),
    "virConnectDomainEventDeregisterAny.callbackID": lambda: conn.domainEventRegisterAny(None, 1, callback, None),
    "virConnectNetworkEventDeregisterAny.callbackID": lambda: conn.networkEventRegisterAny(None, 0, callback, None),
    "virConnectNodeDeviceEventDeregisterAny.callbackID": lambda: conn.nodeDeviceEventRegisterAny(None, 1, callback, None),
    "virConnectSecretEventDeregisterAny.callbackID": lambda: conn.secretEventRegisterAny(None, 1, callback, None),
    "virConnectStoragePoolEventDeregisterAny.callbackID": lambda: conn.storagePoolEventRegisterAny(None, 1, callback, None),
    "virConnectDomainQemuMonitorEventDeregister.callbackID": lambda: libvirt_qemu.qemuMonitorEventRegister(conn, None, None, callback, None),
    "virDomainAttachDevice.xml": DISK_XML,
    "virDomainAttachDeviceFlags.xml": DISK_XML,
    "virDomainCheckpointCreateXML.xmlDesc": "<domaincheckpoint><name>check</name></domaincheckpoint>",
    "virDomainCheckpointLookupByName.name": "check",
    "virDomainCreateLinux.xmlDesc": domain_xml("linux", 2),
    "virDomainCreateXML.xmlDesc": domain_xml("created", 3),
    "virDomainCreateXMLWithFiles.xmlDesc": domain_xml("files", 4),
    "virDomainDefineXML.xml": domain_xml("defined", 5),
    "virDomainDefineXMLFlags.xml": domain_xml("flags", 6),
    "virDomainDetachDevice.xml": DISK_XML,
    "virDomainDetachDeviceFlags.xml": DISK_XML,
    "virDomainUpdateDeviceFlags.xml": DISK_XML,
    "virDomainLookupByUUID.uuid": lambda: domain().UUID(),
    "virDomainLookupByUUIDString.uuidstr": lambda: domain().UUIDString(),
    "virDomainFDAssociate.name": "group",
    "virDomainManagedSaveDefineXML.dxml": domain_xml("test", 0),
    "virDomainSaveImageDefineXML.dxml": domain_xml("test", 0),
    "virDomainMigrate3.params": {"bandwidth": 1},
    "virDomainMigrateToURI3.params": {"bandwidth": 1},
    "virDomainOpenChannel.name": None,
    "virDomainSaveParams.params": {"file": "/run/saved"},
    "virDomainRestoreParams.params": {"file": "/run/saved"},
    "virDomainSetBlkioParameters.params": {"weight": 500},
    "virDomainSetBlockIoTune.params": {"total_bytes_sec": 1000},
    "virDomainSetGuestVcpus.cpumap": "0",
    "virDomainSetInterfaceParameters.params": {"inbound.average": 100},
    "virDomainSetIOThreadParams.params": {"poll_max_ns": 1},
    "virDomainSetLaunchSecurityState.params": {"sev-secret": "x"},
    "virDomainSetMemoryParameters.params": {"hard_limit": 1000000},
    "virDomainSetMetadata.key": None,
    "virDomainSetMetadata.uri": None,
    "virDomainSetNumaParameters.params": {"numa_mode": 0},
    "virDomainSetPerfEvents.params": {"cmt": False},
    "virDomainSetSchedulerParameters.params": {"weight": 50},
    "virDomainSetSchedulerParametersFlags.params": {"weight": 60},
    "virDomainSnapshotCreateXML.xmlDesc": "<domainsnapshot><name>snap</name></domainsnapshot>",
    "virDomainSnapshotLookupByName.name": "snap",
    "virDomainSetTime.time": {"seconds": 1, "nseconds": 0},
    "virDomainBlockCopy.params": {"bandwidth": 1},
    "virDomainMemoryPeek.flags": 1,
    "virInterfaceDefineXML.xml": "<interface type='ethernet' name='eth9'><start mode='none'/></interface>",
    "virInterfaceLookupByName.name": "eth1",
    "virNetworkCreateXML.xmlDesc": NETWORK_XML.format("created", 0x11),
    "virNetworkCreateXMLFlags.xmlDesc": NETWORK_XML.format("flags", 0x12),
    "virNetworkDefineXML.xml": NETWORK_XML.format("defined", 0x13),
    "virNetworkDefineXMLFlags.xml": NETWORK_XML.format("dflags", 0x14),
    "virNetworkLookupByName.name": "default",
    "virNetworkLookupByUUID.uuid": lambda: network().UUID(),
    "virNetworkLookupByUUIDString.uuidstr": lambda: network().UUIDString(),
    "virNetworkPortCreateXML.xmldesc": f"<networkport><uuid>{UUID}</uuid><owner><name>x</name><uuid>{UUID}</uuid></owner><mac address='52:54:00:00:00:01'/></networkport>",
    "virNetworkPortSetParameters.params": {"inbound.average": 100},
    "virNetworkUpdate.xml": "<host mac='52:54:00:00:00:01' ip='192.168.122.5'/>",
    "virNodeDeviceCreateXML.xmlDesc": "<device><parent>nosuch</parent><capability type='scsi_host'><capability type='fc_host'/></capability></device>",
    "virNodeDeviceDefineXML.xmlDesc": "<device><parent>nosuch</parent><capability type='mdev'><type id='x'/></capability></device>",
    "virNodeDeviceLookupByName.name": "computer",
    "virNodeGetMemoryStats.cellNum": -1,
    "virNodeSetMemoryParameters.params": {"shm_pages_to_scan": 100},
    "virNWFilterBindingCreateXML.xml": f"<filterbinding><owner><name>x</name><uuid>{UUID}</uuid></owner><portdev name='vnet99'/><mac address='52:54:00:00:00:01'/><filterref filter='tsvirt-filter'/></filterbinding>",
    "virNWFilterDefineXML.xmlDesc": FILTER_XML,
    "virNWFilterDefineXMLFlags.xmlDesc": FILTER_XML,
    "virNWFilterLookupByName.name": "tsvirt-filter",
    "virSecretDefineXML.xml": SECRET_XML,
    "virStoragePoolCreateXML.xmlDesc": POOL_XML.format("created", 0x21, "created"),
    "virStoragePoolDefineXML.xml": POOL_XML.format("default-pool", 0xA0, "default-pool") if KIND == "qemu" else POOL_XML.format("defined", 0x22, "defined"),
    "virStoragePoolLookupByName.name": "default-pool",
    "virStoragePoolLookupByTargetPath.path": "/default-pool",
    "virStoragePoolLookupByUUID.uuid": lambda: pool().UUID(),
    "virStoragePoolLookupByUUIDString.uuidstr": lambda: pool().UUIDString(),
    "virStorageVolCreateXML.xmlDesc": VOL_XML.format("volume"),
    "virStorageVolCreateXMLFrom.xmlDesc": VOL_XML.format("clone"),
    "virStorageVolLookupByKey.key": "/default-pool/volume",
    "virStorageVolLookupByName.name": "volume",
    "virStorageVolLookupByPath.path": "/default-pool/volume",
    "virStorageVolUpload.length": 0,
    "virDomainLxcEnterCGroup.flags": 0,
    "virDomainQemuAgentCommand.cmd": '{"execute":"guest-ping"}',
    "virDomainQemuAttach.pid_value": 999999,
}

# What a function needs before it is called.
BEFORE = {
    "virDomainSnapshotListChildrenNames": lambda: domain().snapshotCreateXML(
        "<domainsnapshot><name>child</name></domainsnapshot>"
    ),
}

# What makes others possible, in this order; then everything else; then what ends things, in this order.
FIRST = """
virSecretDefineXML virNWFilterDefineXML virNWFilterDefineXMLFlags virStoragePoolDefineXML virStoragePoolBuild
virStoragePoolCreate virStorageVolCreateXML virNetworkDefineXML virNetworkPortCreateXML virDomainSnapshotCreateXML
virDomainCheckpointCreateXML virInterfaceChangeBegin virInterfaceDefineXML virNWFilterBindingCreateXML
""".split()
LAST = """
virConnectListDefinedDomains virConnectListDefinedNetworks virDomainReset virDomainSuspend virDomainResume virDomainPMWakeup virDomainRevertToSnapshot virDomainSnapshotDelete
virDomainCheckpointDelete virDomainSave virDomainCreate virDomainRestore virDomainSaveFlags virDomainRestoreFlags
virDomainSaveParams virDomainRestoreParams virDomainCoreDump virDomainCoreDumpWithFormat virDomainManagedSave
virDomainManagedSaveRemove virDomainCreateWithFlags virDomainShutdown virDomainCreateWithFiles virDomainReboot
virDomainShutdownFlags virDomainBlockPull virDomainDestroy virDomainDestroyFlags virDomainRename virDomainUndefine virDomainUndefineFlags
virStorageVolWipe virStorageVolWipePattern virStorageVolDelete virStoragePoolDestroy virStoragePoolDelete
virStoragePoolUndefine virNetworkPortDelete virNetworkDestroy virNetworkUndefine virInterfaceChangeRollback
virInterfaceChangeCommit virInterfaceDestroy virInterfaceUndefine virNodeDeviceDestroy virNodeDeviceUndefine
virNWFilterBindingDelete virNWFilterUndefine virSecretUndefine
""".split()
# Taken by other functions, or about no connection.
NOT_HERE = re.compile(r"^(vir(Event|Stream|ConnectRef|ConnectOpen|ConnectClose$|Initialize|.*Free$|.*Ref$|Error|ResetLast|GetLast|CopyLast|Conn.*Error|ConnectSetKeepAlive)|.*(GetConnect|_pointer)$)")
# Open files go along with these, which what stands between client and daemon here cannot pass on.
WITH_FILES = ["virDomainOpenGraphics", "virDomainOpenGraphicsFD"]
# What would do something to the host behind a real driver.
TO_HOST = """
virNodeSuspendForDuration virNodeAllocPages virNodeDeviceDettach virNodeDeviceDetachFlags
virNodeDeviceReset virNodeDeviceReAttach virDomainQemuAttach virDomainSendProcessSignal
""".split()


def functions():
    """The functions by their C names, each with the method that calls it."""
    known = {}
    for owner, receiver in RECEIVERS.items():
        for _, method in inspect.getmembers(owner, inspect.isfunction):
            add(known, method, receiver)
    for module in (libvirt_qemu, libvirt_lxc):
        for _, function in inspect.getmembers(module, inspect.isfunction):
            add(known, function, None)
    return known


def add(known, function, receiver):
    called = re.findall(r"libvirtmod\w*\.(vir\w+)", inspect.getsource(function))
    for name in called:
        if not NOT_HERE.search(name) and (name not in known or len(called) == 1):
            known[name] = (function, receiver)


def value(function, parameter):
    chosen = VALUES.get(f"{function}.{parameter.name}", VALUES.get(parameter.name))
    lazily = callable(chosen) and chosen is not callback
    chosen = chosen() if lazily else chosen
    return callback if isinstance(chosen, Callback) else chosen


def call(name, method, receiver):
    parameters = list(inspect.signature(method).parameters.values())
    if receiver is not None:
        parameters = parameters[1:]
    parameters = [each for each in parameters if each.kind == each.POSITIONAL_OR_KEYWORD]
    target = [] if receiver is None else [receiver()]
    if name in BEFORE:
        BEFORE[name]()
    arguments = [value(name, parameter) for parameter in parameters]
    if name.startswith(("virDomainQemu", "virConnectDomainQemu")) and parameters[0].name == "conn":
        arguments[0] = conn
    say({"begin": name})
    return target, method(*target, *arguments)


def say(what):
    print(json.dumps(what), flush=True)
    sys.stdin.readline()


def run(name, method, receiver):
    # Objects live until the answer is told: what frees them may say so to the daemon.
    outcome = {"end": name, "error": None, "python": None}
    held = None
    try:
        held = call(name, method, receiver)
    except libvirt.libvirtError as error:
        outcome["error"] = list(error.err) if error.err else None
    except Exception as error:  # what the binding itself refuses
        outcome["python"] = repr(error)
    say(outcome)
    del held


# Steps of migrations, which the client takes by itself; its library has them for its own use.
NOTHING = ctypes.c_char_p(None)
NUMBER = ctypes.c_ulong


def cookie():
    return [ctypes.byref(ctypes.c_char_p()), ctypes.byref(ctypes.c_int())]


def text():
    return ctypes.byref(ctypes.c_char_p())


NO_COOKIE = [NOTHING, ctypes.c_int(0)]
NO_PARAMS = [ctypes.c_void_p(None), ctypes.c_int(0)]
FLAGS, INT = NUMBER(0), ctypes.c_int(0)
URI_IN, XML, NAME = b"tcp:127.0.0.1:1", b"<domain/>", b"test"


def steps():
    D = pointer(domain(), "virDomainPtr")
    stream = lambda: pointer(conn.newStream(), "virStreamPtr")
    rest = [FLAGS, NAME, NUMBER(0)]
    return {
        "virDomainMigratePrepare": [C, *cookie(), URI_IN, text(), *rest],
        "virDomainMigratePerform": [D, *NO_COOKIE, URI_IN, *rest],
        "virDomainMigrateFinish": [C, NAME, *NO_COOKIE, URI_IN, FLAGS],
        "virDomainMigratePrepare2": [C, *cookie(), URI_IN, text(), *rest, XML],
        "virDomainMigrateFinish2": [C, NAME, *NO_COOKIE, URI_IN, FLAGS, INT],
        "virDomainMigratePrepareTunnel": [C, stream(), *rest, XML],
        "virDomainMigrateBegin3": [D, NOTHING, *cookie(), *rest],
        "virDomainMigratePrepare3": [C, *NO_COOKIE, *cookie(), URI_IN, text(), *rest, XML],
        "virDomainMigratePrepareTunnel3": [C, stream(), *NO_COOKIE, *cookie(), *rest, XML],
        "virDomainMigratePerform3": [D, NOTHING, *NO_COOKIE, *cookie(), NOTHING, URI_IN, *rest],
        "virDomainMigrateFinish3": [C, NAME, *NO_COOKIE, *cookie(), NOTHING, URI_IN, FLAGS, ctypes.c_int(1)],
        "virDomainMigrateConfirm3": [D, *NO_COOKIE, FLAGS, ctypes.c_int(1)],
        "virDomainMigrateBegin3Params": [D, *NO_PARAMS, *cookie(), INT],
        "virDomainMigratePrepare3Params": [C, *NO_PARAMS, *NO_COOKIE, *cookie(), text(), INT],
        "virDomainMigratePrepareTunnel3Params": [C, stream(), *NO_PARAMS, *NO_COOKIE, *cookie(), INT],
        "virDomainMigratePerform3Params": [D, NOTHING, *NO_PARAMS, *NO_COOKIE, *cookie(), INT],
        "virDomainMigrateFinish3Params": [C, *NO_PARAMS, *NO_COOKIE, *cookie(), INT, ctypes.c_int(1)],
        "virDomainMigrateConfirm3Params": [D, *NO_PARAMS, *NO_COOKIE, INT, ctypes.c_int(1)],
    }


def direct():
    """Functions whose binding in Python asks something else first, which fails here."""
    D = pointer(domain(), "virDomainPtr")
    params, count, room = ctypes.c_void_p(), ctypes.c_int(0), ctypes.c_int(0)
    add = LIBRARY.virTypedParamsAddUInt
    add(ctypes.byref(params), ctypes.byref(count), ctypes.byref(room), b"inbound.average", ctypes.c_uint(100))
    return {
        "virDomainSetSchedulerParametersFlags": [D, params, count, INT],
        "virDomainSetInterfaceParameters": [D, b"vnet0", params, count, INT],
        "virNetworkPortSetParameters": [pointer(port(), "virNetworkPortPtr"), params, count, INT],
    }


def run_all(functions):
    for name, arguments in functions.items():
        function = getattr(LIBRARY, name)
        function.restype = ctypes.c_void_p
        libvirt.virResetLastError()
        function(*arguments)
        error = libvirt.virGetLastError()
        say({"end": name, "error": list(error) if error else None})


def guest():
    """A guest on the QEMU driver that there is something to ask of, on a volume of its own."""
    made = conn.storagePoolDefineXML(POOL_XML.format("default-pool", 0xA0, "default-pool"))
    made.build()
    made.create()
    made.createXML(VOL_XML.format("volume"))
    devices = """<devices><disk type='file' device='disk'><driver name='qemu' type='raw'/>
<source file='/run/default-pool/volume'/><target dev='vda' bus='virtio'/></disk>
<serial type='pty'/><console type='pty'/><memballoon model='virtio'/></devices>"""
    xml = domain_xml("test", 0xA0).replace("</domain>", devices + "</domain>")
    conn.defineXML(xml).createWithFlags(libvirt.VIR_DOMAIN_START_PAUSED)


def main():
    known = functions()
    if KIND == "qemu":
        guest()
        say({"end": "guest", "error": None})
    else:
        run_all(steps())
    run_all(direct())
    middle = sorted(name for name in known if name not in FIRST and name not in LAST)
    for name in [*FIRST, *middle, *LAST]:
        if name in known and name not in WITH_FILES and not (KIND == "qemu" and name in TO_HOST):
            run(name, *known[name])
    say({"end": "virConnectClose", "error": None, "python": None})


main()
