"""Moving domains between hosts: by the source's host itself, or led by this client step by step."""

from __future__ import annotations

from typing import Any, Dict, Optional

from .._runtime.connection import Elsewhere
from .._runtime.errors import VIR_ERR_NO_SUPPORT, libvirtError
from .._runtime.parameters import INT, ULLONG, guessed
from .._runtime.values import own_failure, refused

_FROM_DOMAIN = 20
_ARGUMENT_UNSUPPORTED = 74
_PEER2PEER, _TUNNELLED, _CHANGE_PROTECTION = 2, 4, 256
# What the two ends ask each other.
_P2P, _DIRECT, _PROTECTS, _PARAMS = 4, 5, 7, 13

#: The types of parameters whose values alone do not say.
_TYPES = {
    "bandwidth": ULLONG,
    "bandwidth.postcopy": ULLONG,
    "compression.xbzrle.cache": ULLONG,
    "compression.mt.level": INT,
    "compression.mt.threads": INT,
    "compression.mt.dthreads": INT,
    "auto_converge.initial": INT,
    "auto_converge.increment": INT,
    "parallel.connections": INT,
    "disks_port": INT,
}


def _classic(dname: Any, uri: Any, dxml: Any, bandwidth: int) -> Dict[str, Any]:
    """The older functions' arguments as the parameters of the newest."""
    found = {"migrate_uri": uri, "destination_name": dname, "destination_xml": dxml, "bandwidth": bandwidth}
    return {name: value for name, value in found.items() if value is not None}


def _can(feature: int, conn: Any = None):
    step = ("connectSupportsFeature", (feature,))
    try:
        return (yield step if conn is None else Elsewhere(conn, step)).supported != 0
    except libvirtError as error:
        if error.get_error_code() == VIR_ERR_NO_SUPPORT:
            return False
        raise


def virDomainMigrateToURI(self, duri: str, flags: int = 0, dname: Optional[str] = None, bandwidth: int = 0) -> int:
    """Has the source's host move the domain to the host of a URI."""
    return (yield from virDomainMigrateToURI3(self, duri, _classic(dname, None, None, bandwidth), flags))


def virDomainMigrateToURI2(
    self,
    dconnuri: Optional[str] = None,
    miguri: Optional[str] = None,
    dxml: Optional[str] = None,
    flags: int = 0,
    dname: Optional[str] = None,
    bandwidth: int = 0,
) -> int:
    """As migrateToURI, with more to choose."""
    return (yield from virDomainMigrateToURI3(self, dconnuri, _classic(dname, miguri, dxml, bandwidth), flags))


def virDomainMigrateToURI3(self, dconnuri: Optional[str], params: Dict[str, Any], flags: int = 0) -> int:
    """Has the source's host move the domain; params by the names VIR_MIGRATE_PARAM_*."""
    typed = guessed(params, _TYPES)
    peer_to_peer = bool(flags & _PEER2PEER)
    if peer_to_peer and dconnuri is None:
        function = "virDomainMigrateToURI3"
        raise own_failure(self, refused(f"dconnuri in {function} must not be NULL", function, "dconnuri"))
    if not (yield from _can(_P2P if peer_to_peer else _DIRECT)):
        way = "p2p" if peer_to_peer else "direct"
        message = f"argument unsupported: {way} migration is not supported by the source host"
        raise own_failure(self, libvirtError(message, details=_details(_ARGUMENT_UNSUPPORTED, message)))
    yield "domainMigratePerform3Params", (self._wire, dconnuri, typed, b"", flags)
    self._wire = self._wire._replace(id=-1)
    return 0


def virDomainMigrate(
    self, dconn: "virConnect", flags: int = 0, dname: Optional[str] = None, uri: Optional[str] = None, bandwidth: int = 0
) -> "virDomain":
    """Moves the domain to the host of another connection; gives the domain there."""
    return (yield from virDomainMigrate3(self, dconn, _classic(dname, uri, None, bandwidth), flags))


def virDomainMigrate2(
    self,
    dconn: "virConnect",
    dxml: Optional[str] = None,
    flags: int = 0,
    dname: Optional[str] = None,
    uri: Optional[str] = None,
    bandwidth: int = 0,
) -> "virDomain":
    """As migrate, with another definition there."""
    return (yield from virDomainMigrate3(self, dconn, _classic(dname, uri, dxml, bandwidth), flags))


def virDomainMigrate3(self, dconn: "virConnect", params: Dict[str, Any], flags: int = 0) -> "virDomain":
    """As migrate; params by the names VIR_MIGRATE_PARAM_*."""
    typed = guessed(params, _TYPES)
    function = "virDomainMigrate3"
    if flags & _PEER2PEER:
        message = "use virDomainMigrateToURI3 for peer-to-peer migration"
        raise own_failure(self, refused(message, function, "flags"))
    if flags & _TUNNELLED:
        message = "cannot perform tunnelled migration without using peer2peer flag"
        raise own_failure(self, refused(message, function, "flags"))
    for conn in (None, dconn):
        if not (yield from _can(_PARAMS, conn)):
            message = f"this function is not supported by the connection driver: {function}"
            raise own_failure(self, libvirtError(message, details=_details(VIR_ERR_NO_SUPPORT, message)))
    return (yield from _led(self, dconn, typed, flags))


def _led(self, dconn: Any, typed: list, flags: int):
    """Begin here, prepare there, perform here, finish there, confirm here. Whatever fails in between, those are told who do
    not know, so that the domain runs on exactly one of the hosts in the end."""
    wire = self._wire
    # A source that can keeps others from changing the domain meanwhile.
    here = flags | _CHANGE_PROTECTION if (yield from _can(_PROTECTS)) else flags
    begun = yield "domainMigrateBegin3Params", (wire, typed, here)
    typed = _with(typed, "destination_xml", begun.xml)
    try:
        prepared = yield Elsewhere(dconn, ("domainMigratePrepare3Params", (typed, begun.cookieOut, flags)))
    except libvirtError:
        # What the program needs to know is why the destination refused.
        yield from _quietly(("domainMigrateConfirm3Params", (wire, typed, b"", here, 1)))
        raise
    if prepared.uriOut is not None:
        typed = _with(typed, "migrate_uri", prepared.uriOut)
    failure: Optional[libvirtError] = None
    cookie = b""
    try:
        cookie = (yield "domainMigratePerform3Params", (wire, None, typed, prepared.cookieOut, here)).cookieOut
    except libvirtError as error:
        failure = error
    # The destination finds it by that name, whether or not it has a new one.
    if not any(field == "destination_name" for field, _ in typed):
        typed = _with(typed, "destination_name", wire.name)
    finished = None
    cancelled = 0 if failure is None else 1
    try:
        finished = yield Elsewhere(dconn, ("domainMigrateFinish3Params", (typed, cookie, flags, cancelled)))
    except libvirtError as error:
        failure = failure or error
    # A source that could not send the domain knows that by itself. Where the domain runs is settled, whatever a source says.
    if not cancelled:
        last, lost = (b"", 1) if finished is None else (finished.cookieOut, 0)
        yield from _quietly(("domainMigrateConfirm3Params", (wire, typed, last, here, lost)))
    if failure is not None or finished is None:
        raise failure or own_failure(self, libvirtError("the migration ended without a domain"))
    self._wire = wire._replace(id=-1)
    return dconn._object("virDomain", finished.dom)


def _quietly(step: Any):
    try:
        yield step
    except libvirtError:
        pass


def _with(typed: list, field: str, text: str) -> list:
    """Parameters, one of them replaced."""
    return [each for each in typed if each[0] != field] + [(field, (7, text))]


def _details(code: int, message: str):
    return (code, _FROM_DOMAIN, message, 2, message, None, None, -1, -1)
