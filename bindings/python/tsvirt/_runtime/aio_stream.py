"""Streams of the asyncio face."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any, AsyncIterator, Callable, Deque, Optional, Union

from .aio_line import AioLine
from .errors import VIR_ERR_OPERATION_INVALID, VIR_FROM_STREAMS, libvirtError, own_error, report
from .message import STREAM_CHUNK
from .session import Session


class Hole(int):
    """A hole in the data: its length in bytes."""


class AioStreamBase:
    """A stream of data. It begins with the call that it is given to.

    The wire cannot hold one stream up alone: what has come waits here until it is read."""

    def __init__(self, conn: Any) -> None:
        self._conn = conn
        self._line: Optional[AioLine] = None
        self._serial = 0
        self._come: Deque[Union[bytes, Hole]] = deque()
        self._all_has_come = False
        self._done = False
        self._error: Optional[BaseException] = None
        self._changed = asyncio.Event()

    def connect(self):
        """The connection that the stream is of."""
        return self._conn

    def _begin(self, line: AioLine, serial: int) -> "AioStreamBase":
        if self._line is not None:
            raise own_error(VIR_ERR_OPERATION_INVALID, VIR_FROM_STREAMS, "the stream has begun already")
        self._line, self._serial = line, serial
        return self

    # What the session tells.

    def data(self, content: bytes) -> None:
        self._come.append(content)
        self._changed.set()

    def hole(self, length: int) -> None:
        self._come.append(Hole(length))
        self._changed.set()

    def ended(self) -> None:
        self._all_has_come = True
        self._changed.set()

    def finished(self) -> None:
        self._all_has_come = self._done = True
        self._changed.set()

    def failed(self, error: BaseException) -> None:
        self._error = error
        self._done = True
        self._changed.set()

    # What the program asks.

    async def send(self, data: bytes) -> int:
        """Sends bytes, when the daemon keeps up; gives how many."""
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise TypeError(f"data: a bytes-like object is required, not {type(data).__name__}")
        view = memoryview(data)
        for at in range(0, len(view), STREAM_CHUNK):
            content = bytes(view[at : at + STREAM_CHUNK])
            await self._say(lambda session: session.stream_data(self._serial, content))  # noqa: B023 - at once
        return len(view)

    async def sendHole(self, length: int, flags: int = 0) -> int:
        """Sends a hole of so many bytes."""
        await self._say(lambda session: session.stream_hole(self._serial, length, flags))
        return 0

    async def recv(self) -> bytes:
        """What comes next; nothing at the end. Holes are zeros."""
        chunk = await self._next()
        return bytes(chunk) if isinstance(chunk, Hole) else chunk

    async def chunks(self) -> AsyncIterator[Union[bytes, Hole]]:
        """All that comes: bytes, and holes as such."""
        while True:
            chunk = await self._next()
            if not chunk:
                return
            yield chunk

    def __aiter__(self) -> AsyncIterator[Union[bytes, Hole]]:
        return self.chunks()

    async def finish(self) -> int:
        """Says that all has been sent or read, and waits until the other side has taken all."""
        if not self._done:
            await self._say(lambda session: session.stream_finish(self._serial))
            await self._until(lambda: self._done)
        self._check()
        return 0

    async def abort(self) -> int:
        """Breaks the stream off. The connection stays usable."""
        if not self._done:
            await self._say(lambda session: session.stream_abort(self._serial))
            await self._until(lambda: self._done)
        return 0

    async def _next(self) -> Union[bytes, Hole]:
        await self._until(lambda: bool(self._come) or self._all_has_come or self._done)
        if self._come:
            return self._come.popleft()
        self._check()
        return b""

    async def _until(self, there: Callable[[], bool]) -> None:
        while not there():
            self._changed.clear()
            await self._changed.wait()

    async def _say(self, make: Callable[[Session], bytes]) -> None:
        self._check()
        if self._line is None or self._done:
            message = "stream is not open"
            raise report(own_error(VIR_ERR_OPERATION_INVALID, VIR_FROM_STREAMS, message), self._conn._handlers)
        await self._line.send_stream(make)

    def _check(self) -> None:
        if self._error is not None:
            if isinstance(self._error, libvirtError):
                raise report(self._error, self._conn._handlers)
            raise self._error
