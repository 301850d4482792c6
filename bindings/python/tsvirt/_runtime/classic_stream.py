"""Streams of the face that waits, with the methods of libvirt's own module."""

from __future__ import annotations

from typing import Any, Callable, Optional, Union

from .errors import VIR_ERR_OPERATION_INVALID, VIR_FROM_STREAMS, libvirtError, own_error, report
from .eventloop import ERROR, HANGUP, READABLE, WRITABLE, loop
from .line import Line
from .stream import AT_HOLE, WOULD_BLOCK, DataStream

#: VIR_STREAM_NONBLOCK
_NONBLOCK = 1
#: VIR_STREAM_RECV_STOP_AT_HOLE
_STOP_AT_HOLE = 1
#: How much `recvAll` and the like take at a time, in bytes.
BUFFER_SIZE = 262120


class StreamBase:
    """A stream of data. It begins with the call that it is given to."""

    def __init__(self, conn: Any, flags: int = 0) -> None:
        self._conn = conn
        self._flags = flags
        self._data: Optional[DataStream] = None
        self._timer: Optional[int] = None
        self._wanted = 0

    def connect(self):
        """The connection that the stream is of."""
        return self._conn

    def _begin(self, line: Line, serial: int) -> DataStream:
        if self._data is not None:
            raise own_error(VIR_ERR_OPERATION_INVALID, VIR_FROM_STREAMS, "the stream has begun already")
        self._data = DataStream(line, serial)
        return self._data

    def _do(self, what: Callable[[DataStream], Any]) -> Any:
        try:
            if self._data is None:
                raise own_error(VIR_ERR_OPERATION_INVALID, VIR_FROM_STREAMS, "stream is not open")
            return what(self._data)
        except libvirtError as error:
            raise report(error, self._conn._handlers) from None

    def send(self, data: bytes) -> int:
        """Sends bytes; gives how many."""
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise TypeError(f"data: a bytes-like object is required, not {type(data).__name__}")
        return self._do(lambda stream: stream.send(bytes(data)))

    def sendHole(self, length: int, flags: int = 0) -> int:
        """Sends a hole of so many bytes."""
        if not isinstance(length, int):
            raise TypeError(f"length: an int is required, not {type(length).__name__}")
        self._do(lambda stream: stream.send_hole(length, flags))
        return 0

    def recv(self, nbytes: int) -> Union[bytes, int]:
        """At most so many bytes; none at the end; -2 when a stream that does not wait has nothing yet."""
        return self.recvFlags(nbytes, 0)

    def recvFlags(self, nbytes: int, flags: int = 0) -> Union[bytes, int]:
        """As ``recv``; with VIR_STREAM_RECV_STOP_AT_HOLE, -3 in front of a hole."""
        if not isinstance(nbytes, int):
            raise TypeError(f"nbytes: an int is required, not {type(nbytes).__name__}")
        waits = not self._flags & _NONBLOCK
        return self._do(lambda stream: stream.receive(nbytes, bool(flags & _STOP_AT_HOLE), waits))

    def recvHole(self, flags: int = 0) -> int:
        """The length in bytes of the hole that comes next."""
        return self._do(lambda stream: stream.receive_hole())

    def finish(self) -> int:
        """Says that all has been sent or read, and waits until the other side has taken all."""
        self._do(lambda stream: stream.finish())
        return 0

    def abort(self) -> int:
        """Breaks the stream off."""
        self._do(lambda stream: stream.abort())
        return 0

    # The whole stream at once.

    def sendAll(self, handler: Callable[[Any, int, Any], bytes], opaque: Any) -> None:
        """Sends what ``handler(stream, nbytes, opaque)`` gives, until that is nothing."""
        while True:
            data = self._guarded(lambda: handler(self, BUFFER_SIZE, opaque))
            if not data:
                return
            if self.send(data) == WOULD_BLOCK:
                raise libvirtError("cannot use sendAll with nonblocking stream")

    def recvAll(self, handler: Callable[[Any, bytes, Any], Optional[int]], opaque: Any) -> None:
        """Gives ``handler(stream, data, opaque)`` all that comes."""
        while True:
            data = self.recv(BUFFER_SIZE)
            if data == WOULD_BLOCK:
                raise libvirtError("cannot use recvAll with nonblocking stream")
            if not data:
                return
            self._taken(self._guarded(lambda: handler(self, data, opaque)), "recvAll handler")

    def sparseRecvAll(
        self,
        handler: Callable[[Any, bytes, Any], Optional[int]],
        holeHandler: Callable[[Any, int, Any], Optional[int]],
        opaque: Any,
    ) -> None:
        """Gives one function the data, and the other the lengths of the holes between."""
        while True:
            data = self.recvFlags(BUFFER_SIZE, _STOP_AT_HOLE)
            if data == WOULD_BLOCK:
                raise libvirtError("cannot use sparseRecvAll with nonblocking stream")
            if data == AT_HOLE:
                self._taken(holeHandler(self, self.recvHole(), opaque), "holeHandler handler")
                continue
            if not data:
                return
            self._taken(handler(self, data, opaque), "sparseRecvAll handler")

    def sparseSendAll(
        self,
        handler: Callable[[Any, int, Any], Union[bytes, int]],
        holeHandler: Callable[[Any, Any], Any],
        skipHandler: Callable[[Any, int, Any], int],
        opaque: Any,
    ) -> None:
        """Sends data and holes: ``holeHandler`` says whether data is next, and how much of it or of the hole."""
        while True:
            in_data, length = holeHandler(self, opaque)
            if not in_data and length > 0:
                self.sendHole(length)
                self._taken(skipHandler(self, length, opaque), "skipHandler handler")
                continue
            data = handler(self, min(BUFFER_SIZE, length), opaque)
            if isinstance(data, int):
                self._taken(data, "sparseSendAll handler")
                data = b""
            if not data:
                return
            self.send(data)

    def _guarded(self, what: Callable[[], Any]) -> Any:
        """A handler's fault ends the stream."""
        try:
            return what()
        except BaseException:
            self._quietly_abort()
            raise

    def _taken(self, answer: Any, who: str) -> None:
        if isinstance(answer, int) and answer < 0:
            self._quietly_abort()
            raise RuntimeError(f"{who} returned {answer}")

    def _quietly_abort(self) -> None:
        try:
            self.abort()
        except libvirtError:
            pass

    # Events.

    def eventAddCallback(self, events: int, cb: Callable[[Any, int, Any], None], opaque: Any) -> None:
        """Calls ``cb(stream, events, opaque)`` in the event loop's thread while any of those events is there."""
        if not callable(cb):
            raise TypeError(f"cb: a callable is required, not {type(cb).__name__}")
        self._do(lambda stream: None)
        self._wanted = events

        def due(_timer: int, _opaque: Any) -> None:
            there = self._events()
            if there:
                cb(self, there, opaque)
            self._plan()

        self._timer = loop.add_timeout(-1, due, None)
        self._do(lambda stream: setattr(stream, "on_change", self._plan))
        self._plan()

    def eventUpdateCallback(self, events: int) -> int:
        """Says which events are wanted."""
        self._wanted = events
        self._plan()
        return 0

    def eventRemoveCallback(self) -> int:
        """Takes the callback back."""
        timer, self._timer = self._timer, None
        if timer is not None:
            loop.remove_timeout(timer)
        return 0

    def _events(self) -> int:
        stream = self._data
        if stream is None:
            return 0
        there = WRITABLE if stream.writable else 0
        there |= READABLE if stream.readable else 0
        there |= ERROR | HANGUP if stream.is_broken else 0
        return there & (self._wanted | (ERROR | HANGUP if stream.is_broken else 0))

    def _plan(self) -> None:
        if self._timer is not None:
            loop.update_timeout(self._timer, 0 if self._events() else -1)

    def __del__(self) -> None:
        if getattr(self, "_timer", None) is not None:
            self.eventRemoveCallback()
