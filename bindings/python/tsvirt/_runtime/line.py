"""A connection that several threads share, for the face that waits.

There is no thread behind it. Whoever waits for an answer and finds nobody reading reads for all, until its own answer is
there; then one of the others goes on. While nobody waits, the event loop reads, if there is one.
"""

from __future__ import annotations

import select
import threading
from collections import deque
from typing import Any, Callable, Deque, Optional

from .errors import (
    VIR_ERR_INVALID_CONN,
    VIR_ERR_SYSTEM_ERROR,
    VIR_FROM_RPC,
    own_error,
)
from .keepalive import Keepalive
from .session import Description, Session, StreamEnd
from .transport import Transport

READ_SIZE = 256 * 1024


class Waiter:
    """A thread that waits for something: for an answer, or for what a stream brings."""

    __slots__ = ("_gate", "done", "error", "result")

    def __init__(self) -> None:
        self.done = False
        self.result: Any = None
        self.error: Optional[BaseException] = None
        self._gate: Optional[threading.Lock] = None

    def resolve(self, result: Any) -> None:
        self.result = result
        self.done = True
        self.wake()

    def reject(self, error: BaseException) -> None:
        self.error = error
        self.done = True
        self.wake()

    def park(self) -> threading.Lock:
        """Called with the line's lock held, before waiting on the gate without it."""
        self._gate = gate = threading.Lock()
        gate.acquire()
        return gate

    def wake(self) -> None:
        gate, self._gate = self._gate, None
        if gate is not None:
            gate.release()


class Line:
    """Calls, one after another or side by side from several threads."""

    def __init__(self, transport: Transport, description: Description) -> None:
        self._transport = transport
        #: Guards the session and who reads.
        self._lock = threading.Lock()
        #: Keeps what is sent whole and in order.
        self._sending = threading.Lock()
        self._session = Session(description, self._event, self._answer)
        self._reading = False
        self._waiting: Deque[Waiter] = deque()
        #: Events that have come and have not been given out, with their names.
        self.events: Deque[Any] = deque()
        #: Told, without a lock held, that there are events now.
        self.on_events: Optional[Callable[[], None]] = None
        #: Told that nobody reads any more, when the event loop had found somebody reading.
        self.on_idle: Optional[Callable[[], None]] = None
        #: Told once that the connection is gone.
        self.on_broken: Optional[Callable[[BaseException], None]] = None
        self._idle_wanted = False
        self._closed = False
        #: Whether anything has come since this was last set to False.
        self.heard = False
        self.keepalive = Keepalive(self)

    @property
    def broken(self) -> Optional[BaseException]:
        return self._session.broken

    def fileno(self) -> int:
        return self._transport.fileno()

    def call(self, name: str, args: Any = (), open_stream: Optional[Callable[[int], StreamEnd]] = None) -> Any:
        """Makes a call and waits for its result. Raises ``TypeError`` and the like before anything is sent, and
        ``libvirtError`` for what the daemon says or when the connection breaks."""
        body = self._session.encode(name, args)
        waiter = Waiter()
        with self._sending:
            with self._lock:
                _, data = self._session.call(name, body, waiter, open_stream)
            self._put(data)
        self.wait(waiter)
        if waiter.error is not None:
            raise waiter.error
        return waiter.result

    def send_stream(self, make: Callable[[Session], bytes]) -> None:
        """Sends what a stream has to say."""
        with self._sending:
            with self._lock:
                if self._session.broken is not None:
                    raise self._session.broken
                data = make(self._session)
            self._put(data)

    def wait(self, waiter: Waiter) -> None:
        """Waits until the waiter is done, reading for everybody if nobody else does."""
        while True:
            with self._lock:
                if waiter.done:
                    return
                if not self._reading:
                    self._reading = True
                    gate = None
                else:
                    self._waiting.append(waiter)
                    gate = waiter.park()
            if gate is None:
                try:
                    self._read_until(waiter)
                finally:
                    self._pass_on()
            else:
                gate.acquire()

    def read_what_is_there(self) -> bool:
        """For the event loop, when the descriptor has something: reads it. False when another thread reads already."""
        with self._lock:
            if self._reading:
                return False
            self._reading = True
        try:
            # Who read before may have left nothing.
            while self._has_come():
                self._read()
        finally:
            self._pass_on()
        return True

    def tell_when_idle(self) -> None:
        """Asks to be told, by ``on_idle``, when nobody reads; that may be at once."""
        with self._lock:
            self._idle_wanted = self._reading
            idle = not self._reading
        if idle and self.on_idle is not None:
            self.on_idle()

    def read_ready(self) -> None:
        """Takes what has come already, without waiting: a sender learns of errors, the daemon of signs of life."""
        if self._has_come():
            self.read_what_is_there()

    def _has_come(self) -> bool:
        if self._session.broken is not None:
            return False
        return self._transport.pending() or bool(select.select([self._transport], [], [], 0)[0])

    def close(self) -> None:
        """Ends the connection; whoever waits is told."""
        self.give_up(own_error(VIR_ERR_INVALID_CONN, VIR_FROM_RPC, "the connection has been closed"))

    def give_up(self, why: BaseException) -> None:
        """Ends the connection for a reason."""
        if self._closed:
            return
        self._closed = True
        self.keepalive.stop()
        self._fail(why)
        self._transport.close()

    def say(self, data: bytes) -> None:
        """Sends a message that is nobody's call."""
        with self._sending:
            self._put(data)

    def _read_until(self, waiter: Waiter) -> None:
        while not waiter.done:
            self._read()

    def _read(self) -> None:
        try:
            data = self._transport.receive(READ_SIZE)
        except OSError as error:
            text = f"Cannot recv data: {error.strerror or error}"
            self._fail(own_error(VIR_ERR_SYSTEM_ERROR, VIR_FROM_RPC, text))
            return
        if not data:
            words = "" if self._closed else self._transport.last_words()
            text = f"End of file while reading data: {words or 'Input/output error'}"
            self._fail(own_error(VIR_ERR_SYSTEM_ERROR, VIR_FROM_RPC, text))
            return
        self.heard = True
        with self._lock:
            had = len(self.events)
            self._session.feed(data)
            more = len(self.events) > had
            broken = self._session.broken
        if more and self.on_events is not None:
            self.on_events()
        if broken is not None:
            self._tell_broken(broken)

    def _pass_on(self) -> None:
        """Reading ends here: the next who waits goes on with it, else the event loop."""
        with self._lock:
            self._reading = False
            while self._waiting:
                waiter = self._waiting.popleft()
                if not waiter.done:
                    waiter.wake()
                    return
            idle, self._idle_wanted = self._idle_wanted, False
        if idle and self.on_idle is not None:
            self.on_idle()

    def _put(self, data: bytes) -> None:
        """Sends, with the sending lock held."""
        try:
            self._transport.send(data)
        except OSError as error:
            text = f"Cannot write data: {error.strerror or error}"
            self._fail(own_error(VIR_ERR_SYSTEM_ERROR, VIR_FROM_RPC, text))

    def _answer(self, data: bytes) -> None:
        """Sent while reading: only when nobody is in the middle of a message."""
        # A daemon that asks for a sign of life has one in any message, so that a busy line needs no answer of its own.
        if self._sending.acquire(blocking=False):
            try:
                self._transport.send(data)
            except OSError:
                pass  # the reader learns of it
            finally:
                self._sending.release()

    def _event(self, name: str, content: Any) -> None:
        self.events.append((name, content))

    def _fail(self, error: BaseException) -> None:
        with self._lock:
            already = self._session.broken is not None
            self._session.fail(error)
        if not already:
            self._tell_broken(error)

    def _tell_broken(self, error: BaseException) -> None:
        told, self.on_broken = self.on_broken, None
        if told is not None:
            told(error)
