"""The connection and its host."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence, Tuple

from .._runtime.parameters import STRINGS_TOO, guessed, like, processors_of, to_dict


def virConnectIsSecure(self) -> int:
    """1 when nobody else can read along: the daemon says so of its end, and the way to it has to be such a one."""
    secure = (yield "connectIsSecure", ()).secure
    return secure if self._is_private else 0


def virNodeGetInfo(self) -> List[Any]:
    """Model, memory in MiB, processors, MHz, memory nodes, sockets, cores, threads."""
    model, memory, *rest = yield "nodeGetInfo", ()
    return [model, memory >> 10, *rest]


def virNodeGetCellsFreeMemory(self, startCell: int, maxCells: int) -> List[int]:
    """Free memory of memory nodes, in bytes."""
    return (yield "nodeGetCellsFreeMemory", (startCell, maxCells)).cells


def virNodeGetSecurityModel(self) -> List[str]:
    """Name and domain of the security model."""
    return list((yield "nodeGetSecurityModel", ()))


def virNodeGetCPUStats(self, cpuNum: int, flags: int = 0) -> Dict[str, int]:
    """Time of a processor, by what it did; in ns."""
    count = (yield "nodeGetCpuStats", (cpuNum, 0, flags)).nparams
    if count == 0:
        return {}
    return dict((yield "nodeGetCpuStats", (cpuNum, count, flags)).params)


def virNodeGetMemoryStats(self, cellNum: int, flags: int = 0) -> Dict[str, int]:
    """Memory of a memory node, by what it is for; in KiB."""
    count = (yield "nodeGetMemoryStats", (0, cellNum, flags)).nparams
    if count == 0:
        return {}
    return dict((yield "nodeGetMemoryStats", (count, cellNum, flags)).params)


def virNodeGetMemoryParameters(self, flags: int = 0) -> Dict[str, Any]:
    """Parameters of the host's memory, by name."""
    flags |= STRINGS_TOO
    count = (yield "nodeGetMemoryParameters", (0, flags)).nparams
    if count == 0:
        return {}
    return to_dict((yield "nodeGetMemoryParameters", (count, flags)).params)


def virNodeSetMemoryParameters(self, params: Dict[str, Any], flags: int = 0) -> int:
    """Sets parameters of the host's memory."""
    asking = flags | STRINGS_TOO
    count = (yield "nodeGetMemoryParameters", (0, asking)).nparams
    known = (yield "nodeGetMemoryParameters", (count, asking)).params if count else []
    yield "nodeSetMemoryParameters", (like(known, params), flags)
    return 0


def virNodeGetSEVInfo(self, flags: int = 0) -> Dict[str, Any]:
    """What the host can do for memory encryption, by name."""
    return to_dict((yield "nodeGetSevInfo", (0, flags | STRINGS_TOO)).params)


def virNodeGetCPUMap(self, flags: int = 0) -> Tuple[int, List[bool], int]:
    """How many processors there are, which are online, and how many those are."""
    answer = yield "nodeGetCpuMap", (1, 1, flags)
    return answer.ret, list(processors_of(answer.cpumap, answer.ret)), answer.online


def virNodeGetFreePages(
    self, pages: Sequence[int], startCell: int, maxCells: int, flags: int = 0
) -> Dict[int, Dict[int, int]]:
    """Free pages of each size (KiB), by memory node."""
    sizes = list(pages)
    counts = (yield "nodeGetFreePages", (sizes, startCell, maxCells, flags)).counts
    found: Dict[int, Dict[int, int]] = {}
    for cell in range(len(counts) // len(sizes) if sizes else 0):
        at = cell * len(sizes)
        found[startCell + cell] = dict(zip(sizes, counts[at : at + len(sizes)]))
    return found


def virNodeAllocPages(
    self, pages: Dict[int, int], startCell: int = 0, cellCount: int = 0, flags: int = 0
) -> int:
    """Sets how many pages of each size (KiB) memory nodes keep."""
    if not isinstance(pages, dict):
        raise TypeError(f"pages: a dict is required, not {type(pages).__name__}")
    sizes, counts = list(pages), list(pages.values())
    return (yield "nodeAllocPages", (sizes, counts, startCell, cellCount, flags)).ret


def virConnectGetVersion(self) -> int:
    """Version of the hypervisor: major * 1,000,000 + minor * 1,000 + release."""
    return (yield "connectGetVersion", ()).hvVer


def virConnectGetLibVersion(self) -> int:
    """Version of the daemon's libvirt: major * 1,000,000 + minor * 1,000 + release."""
    return (yield "connectGetLibVersion", ()).libVer


def virConnectBaselineCPU(self, xmlCPUs: List[str], flags: int = 0) -> str:
    """The processor that all of these can be."""
    return (yield "connectBaselineCpu", (xmlCPUs, flags)).cpu


def virConnectBaselineHypervisorCPU(
    self,
    emulator: Optional[str],
    arch: Optional[str],
    machine: Optional[str],
    virttype: Optional[str],
    xmlCPUs: List[str],
    flags: int = 0,
) -> str:
    """The processor that the hypervisor can give on all hosts with these."""
    args = (emulator, arch, machine, virttype, xmlCPUs, flags)
    return (yield "connectBaselineHypervisorCpu", args).cpu


def virConnectGetCPUModelNames(self, arch: str, flags: int = 0) -> List[str]:
    """Models of processors."""
    return (yield "connectGetCpuModelNames", (arch, 1, flags)).models


def virDomainRestoreParams(self, params: Dict[str, Any], flags: int = 0) -> int:
    """Restores a domain that was saved."""
    yield "domainRestoreParams", (guessed(params, {}), flags)
    return 0


def virConnectListDomains(self) -> List[int]:
    """Ids of the domains that run."""
    count = (yield "connectNumOfDomains", ()).num
    return (yield "connectListDomains", (count,)).ids if count else []


def _names(count: str, listing: str):
    most = (yield count, ()).num
    return (yield listing, (most,)).names if most else []


def virConnectListDefinedDomains(self) -> List[str]:
    """Names of the domains that do not run."""
    return (yield from _names("connectNumOfDefinedDomains", "connectListDefinedDomains"))


def virConnectListNetworks(self) -> List[str]:
    """Names of the networks that are active."""
    return (yield from _names("connectNumOfNetworks", "connectListNetworks"))


def virConnectListDefinedNetworks(self) -> List[str]:
    """Names of the networks that are not active."""
    return (yield from _names("connectNumOfDefinedNetworks", "connectListDefinedNetworks"))


def virConnectListInterfaces(self) -> List[str]:
    """Names of the host's interfaces that are active."""
    return (yield from _names("connectNumOfInterfaces", "connectListInterfaces"))


def virConnectListDefinedInterfaces(self) -> List[str]:
    """Names of the host's interfaces that are not active."""
    return (yield from _names("connectNumOfDefinedInterfaces", "connectListDefinedInterfaces"))


def virConnectListStoragePools(self) -> List[str]:
    """Names of the pools that are active."""
    return (yield from _names("connectNumOfStoragePools", "connectListStoragePools"))


def virConnectListDefinedStoragePools(self) -> List[str]:
    """Names of the pools that are not active."""
    return (yield from _names("connectNumOfDefinedStoragePools", "connectListDefinedStoragePools"))


def virConnectListNWFilters(self) -> List[str]:
    """Names of the network filters."""
    return (yield from _names("connectNumOfNwfilters", "connectListNwfilters"))


def virConnectListSecrets(self) -> List[str]:
    """UUIDs of the secrets."""
    count = (yield "connectNumOfSecrets", ()).num
    return (yield "connectListSecrets", (count,)).uuids if count else []


def virNodeListDevices(self, cap: Optional[str], flags: int = 0) -> List[str]:
    """Names of the host's devices, of those with a capability if one is named."""
    count = (yield "nodeNumOfDevices", (cap, flags)).num
    return (yield "nodeListDevices", (cap, count, flags)).names if count else []


def virConnectGetAllDomainStats(self, stats: int = 0, flags: int = 0) -> List[Tuple[Any, Dict[str, Any]]]:
    """Statistics of all domains, by name."""
    found = (yield "connectGetAllDomainStats", ([], stats, flags)).retStats
    return [(self._object("virDomain", each.dom), to_dict(each.params)) for each in found]


def virDomainListGetStats(self, doms: List[Any], stats: int = 0, flags: int = 0) -> List[Tuple[Any, Dict[str, Any]]]:
    """Statistics of some domains, by name."""
    if not isinstance(doms, (list, tuple)):
        raise TypeError(f"doms: a list is required, not {type(doms).__name__}")
    wires = [self._argument(dom, "doms", "virDomain") for dom in doms]
    # VIR_CONNECT_GET_ALL_DOMAINS_STATS of a list is the same call with that list.
    found = (yield "connectGetAllDomainStats", (wires, stats, flags)).retStats
    return [(self._object("virDomain", each.dom), to_dict(each.params)) for each in found]


def virConnectSetIdentity(self, params: Optional[Dict[str, Any]], flags: int = 0) -> int:
    """Says on whose behalf the calls are made."""
    yield "connectSetIdentity", (guessed(params, {}), flags)
    return 0
