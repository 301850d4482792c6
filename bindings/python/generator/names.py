"""libvirt's rule for the names of methods: a function belongs to the class of its first argument, its prefix falls away,
and its first letter becomes lower case."""

from __future__ import annotations

import re
from typing import Optional

from .document import Document, Function

#: Names that libvirt's own module has, where the rule would make others.
_EXCEPTIONS = {
    "virConnectListAllNodeDevices": "listAllDevices",
    "virConnectListDomains": "listDomainsID",
    "virConnectListNWFilters": "listNWFilters",
    "virDomainFSFreeze": "fsFreeze",
    "virDomainFSThaw": "fsThaw",
    "virDomainGetFSInfo": "fsInfo",
    "virDomainGetIOThreadInfo": "ioThreadInfo",
    "virDomainGetCPUStats": "getCPUStats",
    "virDomainGetTime": "getTime",
    "virNodeDeviceDettach": "dettach",
    "virDomainListGetStats": "domainListGetStats",
    "virDomainSaveImageGetXMLDesc": "saveImageGetXMLDesc",
    "virStoragePoolLookupByVolume": "storagePoolLookupByVolume",
    "virConnectFindStoragePoolSources": "findStoragePoolSources",
    "virStreamNew": "newStream",
    "virConnectDomainXMLFromNative": "domainXMLFromNative",
    "virConnectDomainXMLToNative": "domainXMLToNative",
    "virStorageVolCreateXML": "createXML",
    "virStorageVolCreateXMLFrom": "createXMLFrom",
    "virNetworkPortCreateXML": "portCreateXML",
    "virNetworkPortLookupByUUID": "portLookupByUUID",
    "virNetworkPortLookupByUUIDString": "portLookupByUUIDString",
}

#: Functions whose first argument is not what they are a method of.
_OWNERS = {"virDomainListGetStats": "virConnect", "virDomainRevertToSnapshot": "virDomain"}

#: Methods that libvirt's own module has under a second name.
ALSO = {"virDomainSnapshotGetDomain": "domain", "virDomainCheckpointGetDomain": "domain"}

#: Parameters that libvirt's own module lets programs leave out, beside `flags`.
DEFAULTS = {
    ("virConnectGetDomainCapabilities", "emulatorbin"): "None",
    ("virConnectGetDomainCapabilities", "arch"): "None",
    ("virConnectGetDomainCapabilities", "machine"): "None",
    ("virConnectGetDomainCapabilities", "virttype"): "None",
    ("virDomainBlockCommit", "bandwidth"): "0",
    ("virDomainBlockPull", "bandwidth"): "0",
    ("virDomainBlockRebase", "bandwidth"): "0",
    ("virDomainRestoreFlags", "dxml"): "None",
    ("virDomainSaveFlags", "dxml"): "None",
}

#: Files of which the client says where they are, seen from where the program runs: the daemon runs elsewhere.
FILES = {
    ("virDomainCoreDump", "to"),
    ("virDomainCoreDumpWithFormat", "to"),
    ("virDomainRestore", "from"),
    ("virDomainRestoreFlags", "from"),
    ("virDomainSave", "to"),
    ("virDomainSaveFlags", "to"),
    ("virDomainSaveImageDefineXML", "file"),
    ("virDomainSaveImageGetXMLDesc", "file"),
}

#: Names that are words of Python, as libvirt's own module writes them.
RENAMED = {"from": "frm"}

#: Functions of a connection whose names keep a word for what they are about.
_ABOUT = (
    ("virNWFilterBinding", "nwfilterBinding"),
    ("virNWFilter", "nwfilter"),
    ("virNetwork", "network"),
    ("virInterfaceChange", "change"),
    ("virInterface", "interface"),
    ("virStoragePool", "storagePool"),
    ("virStorageVol", "storageVol"),
    ("virNodeDevice", "nodeDevice"),
    ("virSecret", "secret"),
    ("virDomain", ""),
    ("virConnect", ""),
    ("virConn", "virConn"),
    ("virNode", ""),
)

#: Words whose first letters stay as they are.
_ACRONYMS = re.compile(r"^(XML|UUID|OS|ID|MAC|FD|DHCP|CPU)")


def class_of(function: Function, document: Document) -> Optional[str]:
    """The class, by its name in C (``virDomain``), that a function is a method of."""
    if function.name in _OWNERS:
        return _OWNERS[function.name]
    if not function.arguments:
        return None
    first = function.arguments[0].type
    return next((each.type for each in document.classes.values() if f"{each.type}Ptr" == first), None)


def method_of(function: Function, owner: str) -> str:
    """The name of the method that a function becomes."""
    name = function.name
    if name in _EXCEPTIONS:
        return _EXCEPTIONS[name]
    if owner == "virConnect":
        for prefix, word in _ABOUT:
            if name.startswith(prefix):
                return _joined(word, name[len(prefix) :])
    if name.startswith(owner):
        rest = name[len(owner) :]
        # Moments and streams keep their `get`.
        if rest.startswith("Get") and owner not in ("virDomainSnapshot", "virDomainCheckpoint"):
            rest = rest[3:]
        return _joined("", rest)
    # A snapshot of a domain, a volume of a pool.
    for prefix in ("virDomain", "virNetwork", "virStorage", "vir"):
        if name.startswith(prefix):
            rest = name[len("vir") :] if prefix in ("virStorage", "vir") else name[len(prefix) :]
            return _joined("", rest)
    raise ValueError(f"{name} has no name in {owner}")


def _joined(word: str, rest: str) -> str:
    if word:
        return word + rest
    return rest if _ACRONYMS.match(rest) else rest[:1].lower() + rest[1:]
