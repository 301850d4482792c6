"""Messages of libvirt's wire: a length, a header of six words, a body."""

from __future__ import annotations

import struct as _struct
from typing import Iterator, NamedTuple, Optional

#: The longest message, its length included, in bytes.
MESSAGE_MAX = 32 * 1024 * 1024 + 4
#: How much a stream sends in one message, in bytes.
STREAM_CHUNK = 256 * 1024

HEADER = _struct.Struct(">IIiiIi")
HEADER_SIZE = 4 + HEADER.size
#: A hole in a stream: its length in bytes, and flags.
HOLE = _struct.Struct(">qI")
_LENGTH = _struct.Struct(">I")
_WHOLE = _struct.Struct(">IIIiiIi")

# What a message is.
CALL, REPLY, MESSAGE, STREAM, CALL_WITH_FDS, REPLY_WITH_FDS, STREAM_HOLE = range(7)
# How it went.
OK, ERROR, CONTINUE = range(3)

REMOTE_PROGRAM = 0x20008086
KEEPALIVE_PROGRAM = 0x6B656570
KEEPALIVE_PING, KEEPALIVE_PONG = 1, 2


class Header(NamedTuple):
    program: int
    version: int
    procedure: int
    kind: int
    serial: int
    status: int


class Message(NamedTuple):
    header: Header
    #: The whole message, its length in front; the body begins at ``HEADER_SIZE``.
    data: bytes


class FramingError(ValueError):
    """Bytes that are no message; nothing behind them can be trusted."""


def message(header: Header, body: bytes = b"") -> bytes:
    """A message as it is sent. A body beyond libvirt's limit is a ``ValueError``."""
    size = HEADER_SIZE + len(body)
    if size > MESSAGE_MAX:
        raise ValueError(f"a message of {size} bytes is longer than the {MESSAGE_MAX} that may be")
    return _WHOLE.pack(size, *header) + body


class Framer:
    """Cuts what has come into messages. What is announced takes no memory before it is there."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that are whole now. Raises ``FramingError`` for a length that cannot be."""
        waiting = self._waiting
        if not waiting:
            size = _size(data)
            # The usual case: one message, whole.
            if size is not None and size == len(data):
                yield _message(data)
                return
        waiting += data
        at = 0
        while True:
            size = _size(waiting, at)
            if size is None or len(waiting) - at < size:
                break
            yield _message(bytes(waiting[at : at + size]))
            at += size
        del waiting[:at]


def _size(data, at: int = 0) -> Optional[int]:
    if len(data) - at < 4:
        return None
    size = _LENGTH.unpack_from(data, at)[0]
    if not HEADER_SIZE <= size <= MESSAGE_MAX:
        raise FramingError(f"a message of {size} bytes cannot be")
    return size


def _message(data: bytes) -> Message:
    return Message(Header._make(HEADER.unpack_from(data, 4)), data)
