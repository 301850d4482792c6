"""A stream of data beside the calls of a connection, for the face that waits."""

from __future__ import annotations

import threading
from collections import deque
from typing import Callable, Deque, Optional, Union

from .errors import VIR_ERR_OPERATION_INVALID, VIR_FROM_STREAMS, own_error
from .line import Line, Waiter
from .message import STREAM_CHUNK
from .session import Session

#: What ``recv`` says of a non-blocking stream that has nothing yet.
WOULD_BLOCK = -2
#: What ``recv`` says in front of a hole, when it was asked to stop there.
AT_HOLE = -3


class DataStream:
    """This side of a stream. What has come waits here until it is read: the connection is not held up by it."""

    def __init__(self, line: Line, serial: int) -> None:
        self._line = line
        self._serial = serial
        self._lock = threading.Lock()
        #: Data, and holes as their lengths.
        self._come: Deque[Union[bytes, int]] = deque()
        self._all_has_come = False
        self._done = False
        self._error: Optional[BaseException] = None
        self._waiter: Optional[Waiter] = None
        #: Told, without a lock held, that there is something new.
        self.on_change: Optional[Callable[[], None]] = None

    # What the session tells, while the line's lock is held.

    def data(self, content: bytes) -> None:
        self._come.append(content)
        self._changed()

    def hole(self, length: int) -> None:
        self._come.append(length)
        self._changed()

    def ended(self) -> None:
        self._all_has_come = True
        self._changed()

    def finished(self) -> None:
        self._all_has_come = self._done = True
        self._changed()

    def failed(self, error: BaseException) -> None:
        self._error = error
        self._done = True
        self._changed()

    def _changed(self) -> None:
        with self._lock:
            waiter, self._waiter = self._waiter, None
        if waiter is not None:
            waiter.resolve(None)
        if self.on_change is not None:
            self.on_change()

    # What the program asks.

    @property
    def readable(self) -> bool:
        """Whether ``receive`` would answer at once."""
        return bool(self._come) or self._all_has_come or self._done

    @property
    def writable(self) -> bool:
        """Whether ``send`` makes sense."""
        return not self._done

    @property
    def is_broken(self) -> bool:
        return self._error is not None

    def receive(self, most: int, stop_at_hole: bool = False, wait: bool = True) -> Union[bytes, int]:
        """At most so many bytes; none at the end. ``AT_HOLE`` or ``WOULD_BLOCK`` where those apply; without
        ``stop_at_hole`` a hole is read as zeros."""
        if not self._has(lambda: self.readable, wait):
            return WOULD_BLOCK
        if not self._come:
            self._check()
            return b""
        first = self._come[0]
        if isinstance(first, int):
            if stop_at_hole:
                return AT_HOLE
            first = bytes(min(first, most))
            self._shorten_hole(len(first))
            return first
        if len(first) <= most:
            self._come.popleft()
            return first
        self._come[0] = first[most:]
        return first[:most]

    def receive_hole(self) -> int:
        """The length of the hole that comes next, 0 when data does."""
        self._has(lambda: self.readable, True)
        self._check()
        if self._come and isinstance(self._come[0], int):
            return int(self._come.popleft())
        return 0

    def send(self, data: bytes) -> int:
        """Sends all of it, in packets."""
        self._line.read_ready()
        view = memoryview(data)
        for at in range(0, len(view), STREAM_CHUNK):
            self._check_open()
            content = bytes(view[at : at + STREAM_CHUNK])
            self._line.send_stream(lambda session: session.stream_data(self._serial, content))
        return len(view)

    def send_hole(self, length: int, flags: int) -> None:
        self._check_open()
        self._line.send_stream(lambda session: session.stream_hole(self._serial, length, flags))

    def finish(self) -> None:
        """Says that all has been sent, or read, and waits until the other side is done. Raises what went wrong."""
        self._end(lambda session: session.stream_finish(self._serial))
        self._check()

    def abort(self) -> None:
        """Breaks the stream off. The connection stays usable."""
        self._end(lambda session: session.stream_abort(self._serial))

    def _end(self, make: Callable[[Session], bytes]) -> None:
        if not self._done:
            self._line.send_stream(make)
            self._has(lambda: self._done, True)

    def _has(self, there: Callable[[], bool], wait: bool) -> bool:
        """Whether something is there, waiting for it if asked to."""
        while not there():
            with self._lock:
                self._waiter = waiter = Waiter()
            # It may have come meanwhile.
            if there():
                break
            if not wait:
                self._line.read_ready()
                return there()
            self._line.wait(waiter)
        return True

    def _shorten_hole(self, by: int) -> None:
        rest = int(self._come[0]) - by
        if rest > 0:
            self._come[0] = rest
        else:
            self._come.popleft()

    def _check(self) -> None:
        if self._error is not None:
            raise self._error

    def _check_open(self) -> None:
        self._check()
        if self._done:
            raise own_error(VIR_ERR_OPERATION_INVALID, VIR_FROM_STREAMS, "the stream has ended")
