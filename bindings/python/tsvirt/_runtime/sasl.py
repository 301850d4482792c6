"""Names and passwords: SCRAM, PLAIN and EXTERNAL (RFC 5802, 7677, 4616, 4422), as a client."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from typing import Callable, Dict, NamedTuple, Optional, Protocol

from .errors import VIR_ERR_AUTH_FAILED, VIR_FROM_AUTH, own_error

#: A server that asks for more only wants to keep us busy.
_MOST_ITERATIONS = 1_000_000


class Credentials(NamedTuple):
    user: str
    password: str


class Mechanism(Protocol):
    def start(self) -> bytes: ...

    def step(self, challenge: bytes) -> bytes: ...

    def done(self) -> None:
        """Raises unless the server has proved what it had to."""


def _refused(why: str) -> Exception:
    return own_error(VIR_ERR_AUTH_FAILED, VIR_FROM_AUTH, f"authentication failed: {why}")


class Plain:
    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    def start(self) -> bytes:
        user, password = self._credentials
        return b"\0" + user.encode() + b"\0" + password.encode()

    def step(self, challenge: bytes) -> bytes:
        raise _refused("PLAIN has one step")

    def done(self) -> None:
        pass


class External:
    def start(self) -> bytes:
        return b""

    def step(self, challenge: bytes) -> bytes:
        return b""

    def done(self) -> None:
        pass


class Scram:
    """SCRAM without channel binding."""

    def __init__(self, digest: str, credentials: Credentials) -> None:
        self._digest = digest
        self._credentials = credentials
        self._nonce = base64.b64encode(os.urandom(24)).decode()
        user = credentials.user.replace("=", "=3D").replace(",", "=2C")
        self._first = f"n={user},r={self._nonce}"
        self._signature: Optional[bytes] = None
        self._proved = False

    def start(self) -> bytes:
        return b"n,," + self._first.encode()

    def step(self, challenge: bytes) -> bytes:
        return self._prove(challenge) if self._signature is None else self._verify(challenge)

    def done(self) -> None:
        if not self._proved:
            raise _refused("the server has not proved that it knows the password")

    def _prove(self, challenge: bytes) -> bytes:
        fields = _fields(challenge)
        try:
            nonce, salt, iterations = fields["r"], base64.b64decode(fields["s"], validate=True), int(fields["i"])
        except (KeyError, ValueError):
            raise _refused("the server's first message cannot be read") from None
        if not nonce.startswith(self._nonce) or nonce == self._nonce or not 0 < iterations <= _MOST_ITERATIONS:
            raise _refused("the server's first message is not to be trusted")
        salted = hashlib.pbkdf2_hmac(self._digest, self._credentials.password.encode(), salt, iterations)
        key = self._hmac(salted, b"Client Key")
        bare = f"c=biws,r={nonce}"
        said = ",".join((self._first, challenge.decode(), bare)).encode()
        signature = self._hmac(hashlib.new(self._digest, key).digest(), said)
        proof = bytes(a ^ b for a, b in zip(key, signature))
        self._signature = self._hmac(self._hmac(salted, b"Server Key"), said)
        return f"{bare},p={base64.b64encode(proof).decode()}".encode()

    def _verify(self, challenge: bytes) -> bytes:
        fields = _fields(challenge)
        if "e" in fields:
            raise _refused(fields["e"])
        try:
            given = base64.b64decode(fields.get("v", ""), validate=True)
        except ValueError:
            given = b""
        if not hmac.compare_digest(given, self._signature or b""):
            raise _refused("the server does not know the password")
        self._proved = True
        return b""

    def _hmac(self, key: bytes, content: bytes) -> bytes:
        return hmac.new(key, content, self._digest).digest()


def _fields(message: bytes) -> Dict[str, str]:
    try:
        parts = message.decode().split(",")
    except UnicodeDecodeError:
        raise _refused("what the server says is no text") from None
    return {part[0]: part[2:] for part in parts if part[1:2] == "="}


def choose(offered: str, wanted: Optional[str], is_private: bool, ask: Callable[[], Credentials]):
    """The name and the object of the best mechanism that both sides have; (None, None) without one. What shows the
    password to whoever reads along is used only where nobody can."""
    names = [name for name in offered.replace(",", " ").split() if wanted is None or name == wanted]
    makers: Dict[str, Callable[[], Mechanism]] = {
        "SCRAM-SHA-256": lambda: Scram("sha256", ask()),
        "SCRAM-SHA-1": lambda: Scram("sha1", ask()),
    }
    if is_private:
        makers["PLAIN"] = lambda: Plain(ask())
        makers["EXTERNAL"] = External
    for name, make in makers.items():
        if name in names:
            return name, make()
    return None, None
