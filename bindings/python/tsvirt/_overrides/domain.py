"""Domains."""

from __future__ import annotations

import time as _time
from typing import Any, Dict, List, Optional, Sequence, Tuple

from .._runtime.parameters import (
    STRINGS_TOO,
    ULLONG,
    guessed,
    like,
    map_of,
    maps_of,
    processors_of,
    to_dict,
)

#: VIR_DOMAIN_MEMORY_STAT_*: the names that the official module gives them, by their numbers.
_MEMORY_STATS = (
    "swap_in",
    "swap_out",
    "major_fault",
    "minor_fault",
    "unused",
    "available",
    "actual",
    "rss",
    "usable",
    "last_update",
    "disk_caches",
    "hugetlb_pgalloc",
    "hugetlb_pgfail",
)


def virDomainCreate(self):
    """Starts the domain. Its id is a new one from then on."""
    yield "domainCreate", (self._wire,)
    self._wire = (yield "domainLookupByUuid", (self._wire.uuid,)).dom
    return 0


def virDomainCreateWithFlags(self, flags: int = 0):
    """Starts the domain. Its id is a new one from then on."""
    self._wire = (yield "domainCreateWithFlags", (self._wire, flags)).dom
    return 0


def virDomainDestroy(self):
    """Ends the domain at once. It has no id from then on."""
    yield "domainDestroy", (self._wire,)
    self._wire = self._wire._replace(id=-1)
    return 0


def virDomainDestroyFlags(self, flags: int = 0):
    """Ends the domain. It has no id from then on."""
    yield "domainDestroyFlags", (self._wire, flags)
    self._wire = self._wire._replace(id=-1)
    return 0


def virDomainRename(self, new_name: str, flags: int = 0) -> int:
    """Gives the domain another name, which the object has from then on."""
    answer = yield "domainRename", (self._wire, new_name, flags)
    self._wire = self._wire._replace(name=new_name)
    return answer.retcode


def virDomainSendKey(self, codeset: int, holdtime: int, keycodes: List[int], nkeycodes: int, flags: int = 0) -> int:
    """Presses keys at once, for so many ms."""
    if not isinstance(keycodes, (list, tuple)):
        raise TypeError(f"keycodes: a list is required, not {type(keycodes).__name__}")
    yield "domainSendKey", (self._wire, codeset, holdtime, list(keycodes)[:nkeycodes], flags)
    return 0


def virDomainGetInfo(self) -> List[int]:
    """State, maximum memory in KiB, memory in KiB, number of processors, processor time in ns."""
    return list((yield "domainGetInfo", (self._wire,)))


def virDomainGetState(self, flags: int = 0) -> List[int]:
    """State and its reason."""
    return list((yield "domainGetState", (self._wire, flags)))


def virDomainGetControlInfo(self, flags: int = 0) -> List[int]:
    """State of the control channel, details, and for how long in ms."""
    return list((yield "domainGetControlInfo", (self._wire, flags)))


def virDomainGetAutostart(self) -> int:
    """Whether the domain starts with the host."""
    return (yield "domainGetAutostart", (self._wire,)).autostart


def virDomainGetBlockInfo(self, path: str, flags: int = 0) -> List[int]:
    """Capacity, allocation and physical size, in bytes."""
    answer = yield "domainGetBlockInfo", (self._wire, path, flags)
    return [answer.capacity, answer.allocation, answer.physical]


def virDomainBlockStats(self, path: str) -> Tuple[int, ...]:
    """Read requests and bytes, write requests and bytes, errors."""
    return tuple((yield "domainBlockStats", (self._wire, path)))


def virDomainInterfaceStats(self, path: str) -> Tuple[int, ...]:
    """Bytes, packets, errors and drops received; the same sent."""
    return tuple((yield "domainInterfaceStats", (self._wire, path)))


def virDomainBlockStatsFlags(self, path: str, flags: int = 0) -> Dict[str, int]:
    """Statistics of a disk, by name."""
    return to_dict((yield from _counted(self, "domainBlockStatsFlags", path, flags)))


def virDomainBlockPeek(self, disk: str, offset: int, size: int, flags: int = 0) -> bytes:
    """What is on a disk."""
    return (yield "domainBlockPeek", (self._wire, disk, offset, size, flags)).buffer


def virDomainMemoryPeek(self, start: int, size: int, flags: int = 0) -> bytes:
    """What is in the guest's memory."""
    return (yield "domainMemoryPeek", (self._wire, start, size, flags)).buffer


def virDomainMemoryStats(self) -> Dict[str, int]:
    """Statistics of the guest's memory, by name; in KiB, or counts."""
    stats = (yield "domainMemoryStats", (self._wire, len(_MEMORY_STATS), 0)).stats
    return {_MEMORY_STATS[tag]: value for tag, value in stats if tag < len(_MEMORY_STATS)}


def virDomainGetJobInfo(self) -> List[int]:
    """Kind of the job that runs, and how far it is."""
    return list((yield "domainGetJobInfo", (self._wire,)))


def virDomainGetJobStats(self, flags: int = 0) -> Dict[str, Any]:
    """Kind of the job that runs (`type`), and how far it is, by name."""
    answer = yield "domainGetJobStats", (self._wire, flags)
    return {"type": answer.type, **to_dict(answer.params)}


def virDomainGetBlockJobInfo(self, path: str, flags: int = 0) -> Dict[str, int]:
    """Kind of the job on a disk, its bandwidth, and how far it is; empty when there is none."""
    answer = yield "domainGetBlockJobInfo", (self._wire, path, flags)
    if not answer.found:
        return {}
    return {"type": answer.type, "bandwidth": answer.bandwidth, "cur": answer.cur, "end": answer.end}


def virDomainGetTime(self, flags: int = 0) -> Dict[str, int]:
    """The guest's clock: seconds since 1970, and nanoseconds."""
    answer = yield "domainGetTime", (self._wire, flags)
    return {"seconds": answer.seconds, "nseconds": answer.nseconds}


def virDomainSetTime(self, time: Optional[Dict[str, int]] = None, flags: int = 0) -> int:
    """Sets the guest's clock: {"seconds": since 1970, "nseconds": ...}; without a time, to this host's."""
    if time is None:
        nanoseconds = _time.time_ns()
        time = {"seconds": nanoseconds // 10**9, "nseconds": nanoseconds % 10**9}
    elif not isinstance(time, dict):
        raise TypeError(f"time: a dict is required, not {type(time).__name__}")
    yield "domainSetTime", (self._wire, time.get("seconds", 0), time.get("nseconds", 0), flags)
    return 0


def virDomainFSFreeze(self, mountpoints: Optional[List[str]] = None, flags: int = 0) -> int:
    """How many file systems were frozen."""
    return (yield "domainFsfreeze", (self._wire, mountpoints or [], flags)).filesystems


def virDomainFSThaw(self, mountpoints: Optional[List[str]] = None, flags: int = 0) -> int:
    """How many file systems were thawed."""
    return (yield "domainFsthaw", (self._wire, mountpoints or [], flags)).filesystems


def virDomainGetFSInfo(self, flags: int = 0) -> List[Tuple[str, str, str, List[str]]]:
    """Mount point, name, kind and disks of each file system."""
    info = (yield "domainGetFsinfo", (self._wire, flags)).info
    return [(each.mountpoint, each.name, each.fstype, list(each.devAliases)) for each in info]


def virDomainInterfaceAddresses(self, source: int, flags: int = 0) -> Dict[str, Any]:
    """Addresses of each interface, by its name."""
    ifaces = (yield "domainInterfaceAddresses", (self._wire, source, flags)).ifaces
    return {
        each.name: {
            "addrs": [{"addr": at.addr, "prefix": at.prefix, "type": at.type} for at in each.addrs] or None,
            "hwaddr": each.hwaddr,
        }
        for each in ifaces
    }


def virDomainGetDiskErrors(self, flags: int = 0) -> Dict[str, int]:
    """What is wrong with disks, by their targets."""
    count = (yield "domainGetDiskErrors", (self._wire, 0, flags)).nerrors
    if count == 0:
        return {}
    errors = (yield "domainGetDiskErrors", (self._wire, count, flags)).errors
    return {disk: error for disk, error in errors}


def virDomainGetMessages(self, flags: int = 0) -> List[str]:
    """Warnings about the domain."""
    return (yield "domainGetMessages", (self._wire, flags)).msgs


def virDomainGetGuestInfo(self, types: int = 0, flags: int = 0) -> Dict[str, Any]:
    """What the guest's agent says of it, by name."""
    return to_dict((yield "domainGetGuestInfo", (self._wire, types, flags)).params)


def virDomainGetGuestVcpus(self, flags: int = 0) -> Dict[str, Any]:
    """What the guest's agent says of its processors."""
    return to_dict((yield "domainGetGuestVcpus", (self._wire, flags)).params)


def virDomainGetLaunchSecurityInfo(self, flags: int = 0) -> Dict[str, Any]:
    """Launch security, by name."""
    return to_dict((yield "domainGetLaunchSecurityInfo", (self._wire, flags | STRINGS_TOO)).params)


def virDomainSetLaunchSecurityState(self, params: Dict[str, Any], flags: int = 0) -> int:
    """Sets launch security parameters."""
    types = {"sev-secret-set-address": ULLONG}
    yield "domainSetLaunchSecurityState", (self._wire, guessed(params, types), flags)
    return 0


def virDomainAuthorizedSSHKeysGet(self, user: str, flags: int = 0) -> List[str]:
    """Keys that may log in as a user of the guest."""
    return (yield "domainAuthorizedSshKeysGet", (self._wire, user, flags)).keys


def virDomainAuthorizedSSHKeysSet(self, user: str, keys: Optional[List[str]] = None, flags: int = 0) -> int:
    """Sets keys that may log in as a user of the guest."""
    yield "domainAuthorizedSshKeysSet", (self._wire, user, keys or [], flags)
    return 0


def virDomainGetSecurityLabel(self) -> List[Any]:
    """Label, and whether it is enforced."""
    answer = yield "domainGetSecurityLabel", (self._wire,)
    return [answer.label, bool(answer.enforcing)]


def virDomainGetSecurityLabelList(self) -> List[List[Any]]:
    """Labels, and whether each is enforced."""
    labels = (yield "domainGetSecurityLabelList", (self._wire,)).labels
    return [[label.label, bool(label.enforcing)] for label in labels]


# Processors.


def _host_processors():
    return (yield "nodeGetCpuMap", (0, 0, 0)).ret


def virDomainGetVcpus(self) -> Tuple[List[Tuple[int, int, int, int]], List[Tuple[bool, ...]]]:
    """Number, state, time in ns and host processor of each; and on which host processors each may run."""
    host = yield from _host_processors()
    count = (yield "domainGetInfo", (self._wire,)).nrVirtCpu
    length = (host + 7) // 8
    answer = yield "domainGetVcpus", (self._wire, count, length)
    return [tuple(each) for each in answer.info], maps_of(answer.cpumaps, length, host)


def virDomainPinVcpu(self, vcpu: int, cpumap: Sequence[bool]) -> int:
    """On which host processors a processor may run."""
    host = yield from _host_processors()
    yield "domainPinVcpu", (self._wire, vcpu, map_of(cpumap, host))
    return 0


def virDomainPinVcpuFlags(self, vcpu: int, cpumap: Sequence[bool], flags: int = 0) -> int:
    """On which host processors a processor may run."""
    host = yield from _host_processors()
    yield "domainPinVcpuFlags", (self._wire, vcpu, map_of(cpumap, host), flags)
    return 0


def virDomainGetVcpuPinInfo(self, flags: int = 0) -> List[Tuple[bool, ...]]:
    """On which host processors each processor may run."""
    host = yield from _host_processors()
    count = (yield "domainGetInfo", (self._wire,)).nrVirtCpu
    length = (host + 7) // 8
    answer = yield "domainGetVcpuPinInfo", (self._wire, count, length, flags)
    return maps_of(answer.cpumaps, length, host)[: answer.num]


def virDomainPinEmulator(self, cpumap: Sequence[bool], flags: int = 0) -> int:
    """On which host processors the emulator may run."""
    host = yield from _host_processors()
    yield "domainPinEmulator", (self._wire, map_of(cpumap, host), flags)
    return 0


def virDomainGetEmulatorPinInfo(self, flags: int = 0) -> Tuple[bool, ...]:
    """On which host processors the emulator may run."""
    host = yield from _host_processors()
    answer = yield "domainGetEmulatorPinInfo", (self._wire, (host + 7) // 8, flags)
    return processors_of(answer.cpumaps, host) if answer.ret else ()


def virDomainGetIOThreadInfo(self, flags: int = 0) -> List[Tuple[int, List[bool]]]:
    """The I/O threads, and on which host processors each may run."""
    host = yield from _host_processors()
    info = (yield "domainGetIothreadInfo", (self._wire, flags)).info
    return [(each.iothreadId, list(processors_of(each.cpumap, host))) for each in info]


def virDomainPinIOThread(self, iothread_val: int, cpumap: Sequence[bool], flags: int = 0) -> int:
    """On which host processors an I/O thread may run."""
    host = yield from _host_processors()
    yield "domainPinIothread", (self._wire, iothread_val, map_of(cpumap, host), flags)
    return 0


def virDomainSetIOThreadParams(self, iothread_val: int, params: Dict[str, Any], flags: int = 0) -> int:
    """Sets parameters of an I/O thread."""
    types = {"poll-max-ns": ULLONG, "poll-grow": 2, "poll-shrink": 2, "thread_pool_min": 1, "thread_pool_max": 1}
    yield "domainSetIothreadParams", (self._wire, iothread_val, guessed(params, types), flags)
    return 0


def virDomainGetCPUStats(self, total: bool, flags: int = 0) -> List[Dict[str, Any]]:
    """Processor time: one dictionary in total, or one for each host processor."""
    flags |= STRINGS_TOO
    if total:
        count = (yield "domainGetCpuStats", (self._wire, 0, -1, 1, flags)).nparams
        if count == 0:
            return [{}]
        return [to_dict((yield "domainGetCpuStats", (self._wire, count, -1, 1, flags)).params)]
    processors = (yield "domainGetCpuStats", (self._wire, 0, 0, 0, flags)).nparams
    count = (yield "domainGetCpuStats", (self._wire, 0, 0, 1, flags)).nparams
    found: List[Dict[str, Any]] = []
    # The wire carries at most 128 processors at a time.
    for start in range(0, processors, 128):
        ncpus = min(128, processors - start)
        params = (yield "domainGetCpuStats", (self._wire, count, start, ncpus, flags)).params
        each = len(params) // ncpus if ncpus else 0
        found += [to_dict(params[i * each : (i + 1) * each]) for i in range(ncpus)]
    return found


# Parameters.


def virDomainGetSchedulerType(self) -> Tuple[str, int]:
    """The scheduler's name, and how many parameters it has."""
    return tuple((yield "domainGetSchedulerType", (self._wire,)))


def _scheduler(self, flags: Optional[int]):
    count = (yield "domainGetSchedulerType", (self._wire,)).nparams
    if count == 0:
        return []
    if flags is None:
        return (yield "domainGetSchedulerParameters", (self._wire, count)).params
    return (yield "domainGetSchedulerParametersFlags", (self._wire, count, flags | STRINGS_TOO)).params


def virDomainGetSchedulerParameters(self) -> Dict[str, Any]:
    """Parameters of the scheduler, by name."""
    return to_dict((yield from _scheduler(self, None)))


def virDomainGetSchedulerParametersFlags(self, flags: int = 0) -> Dict[str, Any]:
    """Parameters of the scheduler, by name."""
    return to_dict((yield from _scheduler(self, flags)))


def virDomainSetSchedulerParameters(self, params: Dict[str, Any]) -> int:
    """Sets parameters of the scheduler."""
    known = yield from _scheduler(self, None)
    yield "domainSetSchedulerParameters", (self._wire, like(known, params))
    return 0


def virDomainSetSchedulerParametersFlags(self, params: Dict[str, Any], flags: int = 0) -> int:
    """Sets parameters of the scheduler."""
    known = yield from _scheduler(self, flags)
    yield "domainSetSchedulerParametersFlags", (self._wire, like(known, params), flags)
    return 0


def _counted(self, procedure: str, *args: Any):
    """Parameters of which a daemon is first asked how many there are; flags come last."""
    *before, flags = args
    flags |= STRINGS_TOO
    count = (yield procedure, (self._wire, *before, 0, flags)).nparams
    if count == 0:
        return []
    return (yield procedure, (self._wire, *before, count, flags)).params


def virDomainGetBlkioParameters(self, flags: int = 0) -> Dict[str, Any]:
    """Parameters of disk traffic, by name."""
    return to_dict((yield from _counted(self, "domainGetBlkioParameters", flags)))


def virDomainSetBlkioParameters(self, params: Dict[str, Any], flags: int = 0) -> int:
    """Sets parameters of disk traffic."""
    known = yield from _counted(self, "domainGetBlkioParameters", flags)
    yield "domainSetBlkioParameters", (self._wire, like(known, params), flags)
    return 0


def virDomainGetMemoryParameters(self, flags: int = 0) -> Dict[str, Any]:
    """Limits of memory, by name; in KiB."""
    return to_dict((yield from _counted(self, "domainGetMemoryParameters", flags)))


def virDomainSetMemoryParameters(self, params: Dict[str, Any], flags: int = 0) -> int:
    """Sets limits of memory, in KiB."""
    known = yield from _counted(self, "domainGetMemoryParameters", flags)
    yield "domainSetMemoryParameters", (self._wire, like(known, params), flags)
    return 0


def virDomainGetNumaParameters(self, flags: int = 0) -> Dict[str, Any]:
    """Parameters of memory nodes, by name."""
    return to_dict((yield from _counted(self, "domainGetNumaParameters", flags)))


def virDomainSetNumaParameters(self, params: Dict[str, Any], flags: int = 0) -> int:
    """Sets parameters of memory nodes."""
    known = yield from _counted(self, "domainGetNumaParameters", flags)
    yield "domainSetNumaParameters", (self._wire, like(known, params), flags)
    return 0


def virDomainGetInterfaceParameters(self, device: str, flags: int = 0) -> Dict[str, Any]:
    """Limits of an interface's traffic, by name."""
    return to_dict((yield from _counted(self, "domainGetInterfaceParameters", device, flags)))


def virDomainSetInterfaceParameters(self, device: str, params: Dict[str, Any], flags: int = 0) -> int:
    """Sets limits of an interface's traffic."""
    known = yield from _counted(self, "domainGetInterfaceParameters", device, flags)
    yield "domainSetInterfaceParameters", (self._wire, device, like(known, params), flags)
    return 0


def virDomainGetBlockIoTune(self, disk: str, flags: int = 0) -> Dict[str, Any]:
    """Limits of a disk's traffic, by name."""
    return to_dict((yield from _counted(self, "domainGetBlockIoTune", disk, flags)))


def virDomainSetBlockIoTune(self, disk: str, params: Dict[str, Any], flags: int = 0) -> int:
    """Sets limits of a disk's traffic."""
    known = yield from _counted(self, "domainGetBlockIoTune", disk, flags)
    yield "domainSetBlockIoTune", (self._wire, disk, like(known, params), flags)
    return 0


def virDomainGetPerfEvents(self, flags: int = 0) -> Dict[str, bool]:
    """Which events are counted, by name."""
    return to_dict((yield "domainGetPerfEvents", (self._wire, flags)).params)


def virDomainSetPerfEvents(self, params: Dict[str, bool], flags: int = 0) -> int:
    """Sets which events are counted."""
    known = (yield "domainGetPerfEvents", (self._wire, flags)).params
    yield "domainSetPerfEvents", (self._wire, like(known, params), flags)
    return 0


def virDomainBlockCopy(self, disk: str, destxml: str, params: Optional[Dict[str, Any]] = None, flags: int = 0) -> int:
    """Begins to copy a disk."""
    types = {"bandwidth": ULLONG, "granularity": 2, "buf-size": ULLONG}
    yield "domainBlockCopy", (self._wire, disk, destxml, guessed(params, types), flags)
    return 0


def virDomainSaveParams(self, params: Dict[str, Any], flags: int = 0) -> int:
    """Saves the domain."""
    yield "domainSaveParams", (self._wire, guessed(params, {}), flags)
    return 0


def virDomainMigrateGetCompressionCache(self, flags: int = 0) -> int:
    """In bytes."""
    return (yield "domainMigrateGetCompressionCache", (self._wire, flags)).cacheSize


def virDomainMigrateGetMaxDowntime(self, flags: int = 0) -> int:
    """In ms."""
    return (yield "domainMigrateGetMaxDowntime", (self._wire, flags)).downtime


def virDomainMigrateGetMaxSpeed(self, flags: int = 0) -> int:
    """In MiB/s."""
    return (yield "domainMigrateGetMaxSpeed", (self._wire, flags)).bandwidth


# Snapshots.


def virDomainRevertToSnapshot(self, snap, flags: int = 0) -> int:
    """Puts the domain back to a snapshot."""
    yield "domainRevertToSnapshot", (self._argument(snap, "snap", "virDomainSnapshot"), flags)
    return 0


def virDomainSnapshotListNames(self, flags: int = 0) -> List[str]:
    """Names of the domain's snapshots."""
    count = (yield "domainSnapshotNum", (self._wire, flags)).num
    return (yield "domainSnapshotListNames", (self._wire, count, flags)).names


def virDomainSnapshotListChildrenNames(self, flags: int = 0) -> List[str]:
    """Names of the snapshots that were made from this one."""
    count = (yield "domainSnapshotNumChildren", (self._wire, flags)).num
    return (yield "domainSnapshotListChildrenNames", (self._wire, count, flags)).names


def virDomainGetAutostartOnce(self) -> int:
    """Whether the domain starts with the host's next start, once."""
    return (yield "domainGetAutostartOnce", (self._wire,)).autostart


def virDomainSetThrottleGroup(self, group: str, params: Dict[str, Any], flags: int = 0) -> int:
    """Sets limits of a group of disks."""
    yield "domainSetThrottleGroup", (self._wire, group, guessed(params, {}), flags)
    return 0
