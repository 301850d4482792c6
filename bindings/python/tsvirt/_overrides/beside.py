"""Networks, storage, node devices, secrets: what is beside domains."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from .._runtime.parameters import UINT, guessed, to_dict


def virNetworkGetAutostart(self) -> int:
    """Whether the network starts with the host."""
    return (yield "networkGetAutostart", (self._wire,)).autostart


def virNetworkGetDHCPLeases(self, mac: Optional[str] = None, flags: int = 0) -> List[Dict[str, Any]]:
    """Addresses that are leased, of all or of one hardware address."""
    leases = (yield "networkGetDhcpLeases", (self._wire, mac, 1, flags)).leases
    return [lease._asdict() for lease in leases]


def virNetworkPortGetParameters(self, flags: int = 0) -> Dict[str, Any]:
    """Limits of a port's traffic, by name."""
    count = (yield "networkPortGetParameters", (self._wire, 0, flags)).nparams
    if count == 0:
        return {}
    return to_dict((yield "networkPortGetParameters", (self._wire, count, flags)).params)


def virNetworkPortSetParameters(self, params: Dict[str, Any], flags: int = 0) -> int:
    """Sets limits of a port's traffic."""
    directions = ("inbound", "outbound")
    types = {f"{way}.{what}": UINT for way in directions for what in ("average", "peak", "burst", "floor")}
    yield "networkPortSetParameters", (self._wire, guessed(params, types), flags)
    return 0


def virStoragePoolGetAutostart(self) -> int:
    """Whether the pool starts with the host."""
    return (yield "storagePoolGetAutostart", (self._wire,)).autostart


def virStoragePoolGetInfo(self) -> List[int]:
    """State; capacity, allocation and what is left, in bytes."""
    return list((yield "storagePoolGetInfo", (self._wire,)))


def virStoragePoolListVolumes(self) -> List[str]:
    """Names of the volumes."""
    count = (yield "storagePoolNumOfVolumes", (self._wire,)).num
    return (yield "storagePoolListVolumes", (self._wire, count)).names if count else []


def virStorageVolGetInfo(self) -> List[int]:
    """Kind; capacity and allocation, in bytes."""
    return list((yield "storageVolGetInfo", (self._wire,)))


def virStorageVolGetInfoFlags(self, flags: int = 0) -> List[int]:
    """Kind; capacity and allocation (or physical size), in bytes."""
    return list((yield "storageVolGetInfoFlags", (self._wire, flags)))


def virNodeDeviceGetAutostart(self) -> int:
    """Whether the device starts with the host."""
    return (yield "nodeDeviceGetAutostart", (self._wire.name,)).autostart


def virNodeDeviceListCaps(self) -> List[str]:
    """Names of what the device can be."""
    count = (yield "nodeDeviceNumOfCaps", (self._wire.name,)).num
    return (yield "nodeDeviceListCaps", (self._wire.name, count)).names if count else []


def virSecretGetValue(self, flags: int = 0) -> bytes:
    """The secret itself."""
    return (yield "secretGetValue", (self._wire, flags)).value


def virSecretSetValue(self, value: bytes, flags: int = 0) -> int:
    """Sets the secret itself."""
    yield "secretSetValue", (self._wire, value, flags)
    return 0
