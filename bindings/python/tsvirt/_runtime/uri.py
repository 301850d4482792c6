"""Connection URIs: ``driver[+transport]://[user@][host][:port]/path[?name=value&...]``."""

from __future__ import annotations

import os
from typing import Dict, NamedTuple, Optional
from urllib.parse import parse_qsl, unquote, urlsplit

from .errors import VIR_ERR_INTERNAL_ERROR, VIR_ERR_INVALID_ARG, VIR_FROM_REMOTE, own_error

TRANSPORTS = ("unix", "tcp", "tls", "ssh", "ext")
#: Parameters that are for this side; the daemon is not told them.
OURS = (
    "socket auth command netcat keyfile pkipath no_verify no_sanity no_tty mode proxy sshauth known_hosts "
    "known_hosts_verify tls_priority authfile name"
).split()
_VIR_FROM_URI = 45
_LONGEST = 4096


class ConnectionUri(NamedTuple):
    driver: str
    transport: str
    user: Optional[str]
    host: str
    port: Optional[int]
    path: str
    params: Dict[str, str]
    #: What the daemon is asked to open.
    name: str


def default_uri() -> str:
    """What is opened when a program names nothing."""
    named = os.environ.get("LIBVIRT_DEFAULT_URI")
    if named:
        return named
    return "qemu:///system" if os.geteuid() == 0 else "qemu:///session"


def read_uri(text: str) -> ConnectionUri:
    """Takes a URI apart. Raises ``libvirtError`` for one that cannot be read, or names no transport of ours."""
    try:
        if len(text) > _LONGEST:
            raise ValueError("too long")
        parts = urlsplit(text)
        port = parts.port
        params = dict(parse_qsl(parts.query, keep_blank_values=True))
    except ValueError:
        raise own_error(VIR_ERR_INTERNAL_ERROR, _VIR_FROM_URI, f"Unable to parse URI {text[:200]}") from None
    driver, _, transport = parts.scheme.partition("+")
    if not driver:
        raise own_error(VIR_ERR_INTERNAL_ERROR, _VIR_FROM_URI, f"Unable to parse URI {text[:200]}")
    host = parts.hostname or ""
    transport = transport or ("tls" if host else "unix")
    if transport in ("libssh", "libssh2"):
        transport = "ssh"
    if transport not in TRANSPORTS:
        message = f"remote_open: transport in URL not recognised (should be {'|'.join(TRANSPORTS)})"
        raise own_error(VIR_ERR_INVALID_ARG, VIR_FROM_REMOTE, message)
    user = unquote(parts.username) if parts.username is not None else None
    if host.startswith("-") or (user or "").startswith("-"):
        # ssh would take it for an option.
        raise own_error(VIR_ERR_INVALID_ARG, VIR_FROM_REMOTE, f"'{text}' does not name a host")
    return ConnectionUri(driver, transport, user, host, port, parts.path, params, _name(driver, parts, params))


def _name(driver: str, parts, params: Dict[str, str]) -> str:
    if "name" in params:
        return params["name"]
    if driver == "remote":
        return ""
    query = "&".join(pair for pair in parts.query.split("&") if pair and pair.split("=")[0] not in OURS)
    # Written out: without a host the two slashes would be left away.
    name = f"{driver}://{parts.path}"
    return f"{name}?{query}" if query else name
