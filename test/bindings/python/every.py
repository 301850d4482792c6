"""Calls every method of every class with made-up arguments, and writes down what came back.

    every.py MODULE URI FOLDER

The arguments follow from the hints of `tsvirt`, which lies in FOLDER, whichever module is called.
"""

import importlib
import inspect
import sys

from recorder import Recorder

MODULE, URI, FOLDER = sys.argv[1:4]
sys.path.insert(0, FOLDER)
hints = importlib.import_module("tsvirt")
libvirt = importlib.import_module(MODULE)
record = Recorder(libvirt)
libvirt.registerErrorHandler(lambda _context, _error: None, None)
libvirt.virEventRegisterDefaultImpl()
conn = libvirt.open(URI)

#: About the connection's end, callbacks, streams, or not in both modules.
SKIPPED = {
    "close", "connect", "c_pointer", "getURI", "isAlive", "isEncrypted", "setKeepAlive", "newStream",
    "upload", "download", "screenshot", "openConsole", "openChannel", "streamBufSize", "openGraphicsFD",
    "virConnGetLastError", "virConnResetLastError", "virConnSetErrorFunc", "registerCloseCallback",
    "unregisterCloseCallback", "getConnect",
}  # fmt: skip

UUID = "01020304-0506-0708-090a-0b0c0d0e0f10"
OBJECTS = {
    "virConnect": lambda: conn,
    "virDomain": lambda: conn.lookupByName("x"),
    "virNetwork": lambda: conn.networkLookupByName("x"),
    "virStoragePool": lambda: conn.storagePoolLookupByName("x"),
    "virStorageVol": lambda: conn.storageVolLookupByPath("/x"),
    "virNodeDevice": lambda: conn.nodeDeviceLookupByName("x"),
    "virInterface": lambda: conn.interfaceLookupByName("x"),
    "virSecret": lambda: conn.secretLookupByUUIDString(UUID),
    "virNWFilter": lambda: conn.nwfilterLookupByName("x"),
    "virNWFilterBinding": lambda: conn.nwfilterBindingLookupByPortDev("x"),
    "virDomainSnapshot": lambda: conn.lookupByName("x").snapshotLookupByName("x"),
    "virDomainCheckpoint": lambda: conn.lookupByName("x").checkpointLookupByName("x"),
    "virNetworkPort": lambda: conn.networkLookupByName("x").portLookupByUUIDString(UUID),
}


def argument(name, hint):
    """A made-up argument, by its hint, and by its name where that says more."""
    if name in ("uuidstr", "uuidStr"):
        return UUID
    if name == "uuid":
        return bytes(range(1, 17))
    # Of metadata only elements have these; keys are as many as are said to be.
    if name in ("uri", "key") and hint.startswith(("Optional", "'Optional")):
        return None
    if name == "nkeycodes":
        return 3
    if name == "snap":
        return OBJECTS["virDomainSnapshot"]()
    if name == "doms":
        return [OBJECTS["virDomain"]()]
    if name == "time":
        return {"seconds": 7, "nseconds": 8}
    if name == "pages":
        return {4: 2} if hint.startswith("Dict") else [4, 2048]
    if name == "xmlCPUs":
        return ["<cpu/>", "<cpu/>"]
    hint = hint[len("Optional[") : -1] if hint.startswith("Optional[") else hint
    kind = hint.strip("\"'")
    if kind in OBJECTS:
        return OBJECTS[kind]()
    made = {
        "int": 1, "bool": True, "str": f"some {name}", "bytes": b"\0\xffs", "List[int]": [1, 2, 3], "List[str]": ["a", "b"],
        "Sequence[int]": [1, 2], "Sequence[bool]": (True, False, True), "Dict[str, Any]": {"first": 4, "second": 5},
        "Dict[str, bool]": {"first": True}, "Dict[str, int]": {"first": 4},
    }  # fmt: skip
    return made[kind]


def arguments(method):
    found = list(inspect.signature(method).parameters.values())[1:]
    return [0 if each.name == "flags" else argument(each.name, str(each.annotation)) for each in found]


for owner, make in OBJECTS.items():
    for name, method in sorted(vars(getattr(hints, owner)).items()):
        if name.startswith("_") or name in SKIPPED or name.startswith("migrateTo") or name in ("migrate", "migrate2", "migrate3"):
            continue
        if not inspect.isfunction(method) or "EventRegister" in name or "EventDeregister" in name:
            continue
        if not hasattr(getattr(libvirt, owner), name):
            record.write(f"{owner}.{name}", "not there")
            continue
        thing, values = make(), arguments(method)
        record(f"{owner}.{name}", lambda: getattr(thing, name)(*values))
