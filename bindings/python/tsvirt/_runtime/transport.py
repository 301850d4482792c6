"""What carries a connection's bytes: a unix socket, TCP, TLS, or a program such as ssh."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
from typing import List, Protocol

from .errors import VIR_ERR_RPC, VIR_ERR_SYSTEM_ERROR, VIR_FROM_RPC, libvirtError, own_error


#: What a daemon sends behind a TLS handshake to a client that it accepts.
TLS_ACCEPTED = b"\1"


class Transport(Protocol):
    """A byte connection. Blocking: one thread may send while another receives."""

    #: Whether nobody on the way can read along.
    is_private: bool

    def fileno(self) -> int: ...

    def receive(self, most: int) -> bytes:
        """What has come, at least a byte; nothing at the end."""

    def pending(self) -> bool:
        """Whether something has come that the descriptor does not show."""

    def send(self, data: bytes) -> None:
        """Sends all of it."""

    def close(self) -> None: ...

    def last_words(self) -> str:
        """What the program that carries the bytes said before it ended."""


class SocketTransport:
    """A socket, plain or TLS."""

    def __init__(self, sock: socket.socket, is_private: bool) -> None:
        self.socket = sock
        self.is_private = is_private
        self.receive = sock.recv
        self.send = sock.sendall
        self.fileno = sock.fileno

    def pending(self) -> bool:
        return isinstance(self.socket, ssl.SSLSocket) and self.socket.pending() > 0

    def close(self) -> None:
        try:
            # Wakes who waits in it.
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()

    def last_words(self) -> str:
        return ""


class ProgramTransport(SocketTransport):
    """The standard input and output of a program, which is this transport's to end."""

    def __init__(self, command: List[str]) -> None:
        ours, theirs = socket.socketpair()
        try:
            self._program = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, close_fds=True)
        except OSError as error:
            ours.close()
            raise system_error(f"Cannot start '{command[0]}'", error) from None
        finally:
            theirs.close()
        super().__init__(ours, is_private=True)

    def close(self) -> None:
        super().close()
        if self._program.poll() is None:
            self._program.terminate()
        try:
            self._program.wait(5)
        except subprocess.TimeoutExpired:
            self._program.kill()
            self._program.wait()
        if self._program.stderr is not None:
            self._program.stderr.close()

    def last_words(self) -> str:
        try:
            self._program.wait(5)
        except subprocess.TimeoutExpired:
            return ""
        stderr = self._program.stderr
        return "" if stderr is None else os.read(stderr.fileno(), 4096).decode("utf-8", "replace").strip()


def system_error(what: str, error: OSError) -> libvirtError:
    """An error of the operating system."""
    return own_error(VIR_ERR_SYSTEM_ERROR, VIR_FROM_RPC, f"{what}: {error.strerror or error}")


def connect_unix(path: str) -> SocketTransport:
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.connect(path)
    except OSError as error:
        sock.close()
        raise system_error(f"Failed to connect socket to '{path}'", error) from None
    return SocketTransport(sock, is_private=True)


def connect_tcp(host: str, port: int) -> SocketTransport:
    return SocketTransport(_tcp_socket(host, port), is_private=False)


def connect_tls(host: str, port: int, context: ssl.SSLContext) -> SocketTransport:
    """TLS as libvirt does it: after the handshake the daemon sends one byte, 1, when it accepts the client."""
    plain = _tcp_socket(host, port)
    try:
        sock = context.wrap_socket(plain, server_hostname=host)
        verdict = sock.recv(1)
    except (OSError, ssl.SSLError) as error:
        plain.close()
        raise tls_failed(host, error) from None
    if verdict != TLS_ACCEPTED:
        sock.close()
        raise tls_refused()
    return SocketTransport(sock, is_private=True)


def tls_failed(host: str, error: OSError) -> libvirtError:
    return own_error(VIR_ERR_RPC, VIR_FROM_RPC, f"TLS handshake with '{host}' failed: {error}")


def tls_refused() -> libvirtError:
    return own_error(VIR_ERR_RPC, VIR_FROM_RPC, "server verification (of our certificate or IP address) failed")


def _tcp_socket(host: str, port: int) -> socket.socket:
    try:
        sock = socket.create_connection((host, port))
    except OSError as error:
        raise system_error(f"unable to connect to server at '{host}:{port}'", error) from None
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock
