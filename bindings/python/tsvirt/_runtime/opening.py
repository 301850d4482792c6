"""From a URI to an open connection, in the order of libvirt's own client."""

from __future__ import annotations

import configparser
import os
import shlex
import ssl
from typing import Any, Callable, Iterator, List, NamedTuple, Optional, Sequence, Tuple

from . import sasl
from .errors import (
    VIR_ERR_AUTH_CANCELLED,
    VIR_ERR_AUTH_FAILED,
    VIR_ERR_AUTH_UNAVAILABLE,
    VIR_ERR_INVALID_ARG,
    VIR_ERR_NO_SUPPORT,
    VIR_ERR_SYSTEM_ERROR,
    VIR_FROM_AUTH,
    VIR_FROM_REMOTE,
    VIR_FROM_RPC,
    libvirtError,
    own_error,
)
from .transport import (
    ProgramTransport,
    Transport,
    connect_tcp,
    connect_tls,
    connect_unix,
)
from .uri import ConnectionUri

TCP_PORT, TLS_PORT = 16509, 16514
_SYSTEM_SOCKETS = "/var/run/libvirt"
_AUTH_NONE, _AUTH_SASL, _AUTH_POLKIT = 0, 1, 2
# virConnectCredentialType
_USERNAME, _AUTHNAME, _PASSPHRASE, _NOECHOPROMPT = 1, 2, 5, 7
#: VIR_CONNECT_RO
READ_ONLY = 1

#: [types that can be asked for, callback(credentials, data), data]: as libvirt's own module has it.
Auth = Optional[Sequence[Any]]
Step = Tuple[str, Sequence[Any]]


class Opening(NamedTuple):
    uri: ConnectionUri
    flags: int
    auth: Auth


def connect(uri: ConnectionUri, read_only: bool) -> Transport:
    """The byte connection that a URI names."""
    if uri.transport == "unix":
        return connect_unix(unix_socket(uri, read_only))
    host = uri.host or "localhost"
    if uri.transport == "tcp":
        return connect_tcp(host, uri.port or TCP_PORT)
    if uri.transport == "tls":
        return connect_tls(host, uri.port or TLS_PORT, tls_context(uri))
    if uri.transport == "ext":
        if "command" not in uri.params:
            message = "remote_open: for 'ext' transport, command is required"
            raise own_error(VIR_ERR_INVALID_ARG, VIR_FROM_REMOTE, message)
        return ProgramTransport([uri.params["command"]])
    return ProgramTransport(ssh_command(uri, read_only))


def unix_socket(uri: ConnectionUri, read_only: bool) -> str:
    """Where the daemon of this machine listens: the URI's own socket, else the driver's daemon's, else libvirtd's."""
    if "socket" in uri.params:
        return uri.params["socket"]
    of_user = uri.path == "/session" and os.geteuid() != 0
    folder = _user_sockets() if of_user else _SYSTEM_SOCKETS
    suffix = "-ro" if read_only and not of_user else ""
    mode = uri.params.get("mode", "auto")
    direct = os.path.join(folder, f"virt{uri.driver}d-sock{suffix}")
    if mode == "direct" or (mode == "auto" and os.path.exists(direct)):
        return direct
    return os.path.join(folder, f"libvirt-sock{suffix}")


def _user_sockets() -> str:
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime:
        return os.path.join(runtime, "libvirt")
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(cache, "libvirt")


def tls_context(uri: ConnectionUri) -> ssl.SSLContext:
    """Certificates in libvirt's places."""
    folder = uri.params.get("pkipath")
    authority = os.path.join(folder, "cacert.pem") if folder else "/etc/pki/CA/cacert.pem"
    own = folder or "/etc/pki/libvirt"
    certificate = os.path.join(own, "clientcert.pem")
    key = os.path.join(own, "clientkey.pem" if folder else "private/clientkey.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if _yes(uri.params.get("no_verify")):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    try:
        context.load_verify_locations(authority)
        if os.path.exists(certificate) and os.path.exists(key):
            context.load_cert_chain(certificate, key)
    except OSError as error:
        where = f"{authority}, {certificate} or {key}"
        raise own_error(VIR_ERR_SYSTEM_ERROR, VIR_FROM_RPC, f"Cannot read {where}: {error}") from None
    return context


def ssh_command(uri: ConnectionUri, read_only: bool) -> List[str]:
    """ssh, and what the far side runs: virt-ssh-helper, or netcat where that is not there."""
    params = uri.params
    command = [params.get("command", "ssh")]
    if uri.port is not None:
        command += ["-p", str(uri.port)]
    if uri.user is not None:
        command += ["-l", uri.user]
    if "keyfile" in params:
        command += ["-i", params["keyfile"]]
    command += ["-T", "-e", "none"]
    if _yes(params.get("no_tty")):
        command += ["-o", "BatchMode=yes"]
    if _yes(params.get("no_verify")):
        command += ["-o", "StrictHostKeyChecking=accept-new"]
    if "known_hosts" in params:
        command += ["-o", f"UserKnownHostsFile={params['known_hosts']}"]
    return command + ["--", uri.host or "localhost", f"sh -c {shlex.quote(_far_script(uri, read_only))}"]


def _far_script(uri: ConnectionUri, read_only: bool) -> str:
    suffix = "-ro" if read_only else ""
    far = uri.params.get("socket", f"{_SYSTEM_SOCKETS}/libvirt-sock{suffix}")
    helper = f"exec virt-ssh-helper {'-r ' if read_only else ''}{shlex.quote(uri.name)}"
    program = shlex.quote(uri.params.get("netcat", "nc"))
    # Some netcats wait on after the end of their input unless told not to; others do not know that option.
    netcat = (
        f'if {program} -q 2>&1 | grep -q "requires an argument"; then q=-q0; else q=; fi; '
        f"exec {program} $q -U {shlex.quote(far)}"
    )
    proxy = uri.params.get("proxy", "netcat" if "netcat" in uri.params else "auto")
    if proxy == "native":
        return helper
    if proxy == "netcat":
        return netcat
    return f"if command -v virt-ssh-helper >/dev/null 2>&1; then {helper}; else {netcat}; fi"


def _yes(text: Optional[str]) -> bool:
    return text not in (None, "", "0")


def handshake(opening: Opening, is_private: bool) -> Iterator[Step]:
    """What is said to open a connection: a generator of calls (name, arguments) that is sent each call's result, or
    thrown its error. Both faces drive it."""
    yield from _authenticate(opening, is_private)
    yield ("connectOpen", (opening.uri.name, opening.flags))


def _authenticate(opening: Opening, is_private: bool):
    try:
        offered = (yield ("authList", ()))[0]
    except libvirtError as error:
        if error.get_error_code() != VIR_ERR_NO_SUPPORT:
            raise
        return  # a daemon from before there was authentication
    wanted = opening.uri.params.get("auth", "").lower()
    way = offered[0] if offered else _AUTH_NONE
    if wanted:
        way = {"sasl": _AUTH_SASL, "polkit": _AUTH_POLKIT}.get(wanted.split(".")[0], -1)
        if way not in offered:
            message = f"requested authentication type {opening.uri.params['auth']} rejected"
            raise own_error(VIR_ERR_AUTH_FAILED, VIR_FROM_REMOTE, message)
    if way == _AUTH_POLKIT:
        yield ("authPolkit", ())
    elif way == _AUTH_SASL:
        yield from _log_in(opening, is_private)


def _log_in(opening: Opening, is_private: bool):
    offered = (yield ("authSaslInit", ()))[0]
    _, _, named = opening.uri.params.get("auth", "").partition(".")
    name, mechanism = sasl.choose(offered, named or None, is_private, lambda: credentials(opening))
    if mechanism is None:
        message = f"none of the server's mechanisms ({offered}) can be used here"
        raise own_error(VIR_ERR_AUTH_UNAVAILABLE, VIR_FROM_AUTH, f"authentication unavailable: {message}")
    first = mechanism.start()
    complete, nil, data = yield ("authSaslStart", (name, 0, first))
    while True:
        answer = mechanism.step(data) if not nil and data else b""
        if complete:
            break
        complete, nil, data = yield ("authSaslStep", (0, answer))
    mechanism.done()


def credentials(opening: Opening) -> sasl.Credentials:
    """Name and password: from auth.conf, and what that does not know from whoever opened the connection."""
    known = _from_file(opening.uri)
    user = known.get("authname") or known.get("username") or opening.uri.user
    password = known.get("password")
    if user is None:
        user = _ask(opening, (_AUTHNAME, _USERNAME), "Please enter your authentication name")
    if password is None:
        password = _ask(opening, (_PASSPHRASE, _NOECHOPROMPT), "Please enter your password")
    return sasl.Credentials(user, password)


def _ask(opening: Opening, kinds: Tuple[int, ...], prompt: str) -> str:
    possible, callback, data = opening.auth if opening.auth else ((), None, None)
    kind = next((kind for kind in kinds if kind in possible), None)
    if kind is None or callback is None:
        message = "authentication failed: Failed to make auth credentials"
        raise own_error(VIR_ERR_AUTH_FAILED, VIR_FROM_REMOTE, message)
    credential = [kind, prompt, opening.uri.host or "localhost", None, None]
    if callback([credential], data) < 0 or not isinstance(credential[4], str):
        message = "authentication cancelled: Failed to collect auth credentials"
        raise own_error(VIR_ERR_AUTH_CANCELLED, VIR_FROM_REMOTE, message)
    return credential[4]


def _from_file(uri: ConnectionUri):
    candidates: List[Optional[str]] = [uri.params.get("authfile"), os.environ.get("LIBVIRT_AUTH_FILE")]
    config = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    candidates += [os.path.join(config, "libvirt/auth.conf"), "/etc/libvirt/auth.conf"]
    path = next((path for path in candidates if path and os.path.exists(path)), None)
    if path is None:
        return {}
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read(path)
    except (configparser.Error, UnicodeDecodeError) as error:
        raise own_error(VIR_ERR_AUTH_FAILED, VIR_FROM_AUTH, f"{path} cannot be read: {error}") from None
    for name in (f"auth-libvirt-{uri.host or 'localhost'}", "auth-libvirt-default"):
        if parser.has_option(name, "credentials"):
            section = f"credentials-{parser.get(name, 'credentials')}"
            return dict(parser.items(section)) if parser.has_section(section) else {}
    return {}


def drive(steps: Iterator[Step], call: Callable[[str, Sequence[Any]], Any]) -> None:
    """Makes the calls of a handshake, for the face that waits."""
    try:
        step = next(steps)
        while True:
            try:
                result = call(*step)
            except libvirtError as error:
                step = steps.throw(error)  # type: ignore[attr-defined]
            else:
                step = steps.send(result)  # type: ignore[attr-defined]
    except StopIteration:
        return
