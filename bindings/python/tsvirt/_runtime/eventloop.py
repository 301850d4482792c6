"""libvirt's event loop: handles, timers, and the default implementation on ``poll``."""

from __future__ import annotations

import heapq
import itertools
import os
import select
import threading
import time
from typing import Any, Callable, Dict, List, Optional, Tuple

HandleCallback = Callable[[int, int, int, Any], None]
TimeoutCallback = Callable[[int, Any], None]

#: virEventHandleType
READABLE, WRITABLE, ERROR, HANGUP = 1, 2, 4, 8


class PollLoop:
    """The default implementation: ``run_once`` waits for one thing to happen, in whichever thread the program chose."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._numbers = itertools.count(1)
        self._handles: Dict[int, List[Any]] = {}
        self._timers: Dict[int, List[Any]] = {}
        self._due: List[Tuple[float, int]] = []
        self._runner: Optional[int] = None
        self._wake_out, self._wake_in = os.pipe()
        os.set_blocking(self._wake_in, False)
        os.set_blocking(self._wake_out, False)

    def add_handle(self, fd: int, events: int, callback: HandleCallback, opaque: Any) -> int:
        with self._lock:
            watch = next(self._numbers)
            self._handles[watch] = [fd, events, callback, opaque]
        self._wake()
        return watch

    def update_handle(self, watch: int, events: int) -> None:
        with self._lock:
            if watch in self._handles:
                self._handles[watch][1] = events
        self._wake()

    def remove_handle(self, watch: int) -> int:
        with self._lock:
            known = self._handles.pop(watch, None)
        self._wake()
        return -1 if known is None else 0

    def add_timeout(self, interval: int, callback: TimeoutCallback, opaque: Any) -> int:
        """``interval`` in milliseconds; -1 for a timer that rests, 0 for one that is always due."""
        with self._lock:
            timer = next(self._numbers)
            self._timers[timer] = [interval, 0.0, callback, opaque]
            self._plan(timer)
        self._wake()
        return timer

    def update_timeout(self, timer: int, interval: int) -> None:
        with self._lock:
            if timer in self._timers:
                self._timers[timer][0] = interval
                self._plan(timer)
        self._wake()

    def remove_timeout(self, timer: int) -> int:
        with self._lock:
            known = self._timers.pop(timer, None)
        self._wake()
        return -1 if known is None else 0

    def run_once(self) -> None:
        """Waits until something happens, and tells whoever asked to be told of it."""
        with self._lock:
            self._runner = threading.get_ident()
            watched = {watch: (fd, events) for watch, (fd, events, _, _) in self._handles.items() if events}
            wait = self._until_due()
        poll = select.poll()
        flags: Dict[int, int] = {self._wake_out: select.POLLIN}
        for fd, events in watched.values():
            flags[fd] = flags.get(fd, 0) | _to_poll(events)
        for fd, wanted in flags.items():
            poll.register(fd, wanted)
        happened = dict(poll.poll(wait))
        with self._lock:
            self._runner = None
        if happened.pop(self._wake_out, 0):
            self._drain()
        self._run_timers()
        for watch, (fd, _) in watched.items():
            if fd in happened:
                self._run_handle(watch, fd, _from_poll(happened[fd]))

    def _run_handle(self, watch: int, fd: int, events: int) -> None:
        with self._lock:
            handle = self._handles.get(watch)
            if handle is None or handle[0] != fd:
                return
            events &= handle[1] | ERROR | HANGUP
            callback, opaque = handle[2], handle[3]
        if events and handle[1]:
            callback(watch, fd, events, opaque)

    def _run_timers(self) -> None:
        now = time.monotonic()
        with self._lock:
            due = []
            while self._due and self._due[0][0] <= now:
                at, timer = heapq.heappop(self._due)
                entry = self._timers.get(timer)
                # A plan that has been changed since counts no more.
                if entry is not None and entry[0] >= 0 and entry[1] == at:
                    due.append((timer, entry[2], entry[3]))
            for timer, _, _ in due:
                self._plan(timer, now)
        for timer, callback, opaque in due:
            with self._lock:
                if timer not in self._timers:
                    continue
            callback(timer, opaque)

    def _plan(self, timer: int, now: Optional[float] = None) -> None:
        entry = self._timers[timer]
        if entry[0] < 0:
            return
        entry[1] = (time.monotonic() if now is None else now) + entry[0] / 1000
        heapq.heappush(self._due, (entry[1], timer))

    def _until_due(self) -> Optional[int]:
        while self._due:
            at, timer = self._due[0]
            entry = self._timers.get(timer)
            if entry is not None and entry[0] >= 0 and entry[1] == at:
                return max(0, int((at - time.monotonic()) * 1000 + 0.999))
            heapq.heappop(self._due)
        return None

    def _wake(self) -> None:
        with self._lock:
            asleep = self._runner is not None and self._runner != threading.get_ident()
        if asleep:
            try:
                os.write(self._wake_in, b"\0")
            except BlockingIOError:
                pass  # it is awake already

    def _drain(self) -> None:
        try:
            while len(os.read(self._wake_out, 4096)) == 4096:
                pass
        except BlockingIOError:
            pass


def _to_poll(events: int) -> int:
    return (select.POLLIN if events & READABLE else 0) | (select.POLLOUT if events & WRITABLE else 0)


def _from_poll(flags: int) -> int:
    events = 0
    for flag, event in (
        (select.POLLIN, READABLE),
        (select.POLLOUT, WRITABLE),
        (select.POLLERR, ERROR),
        (select.POLLNVAL, ERROR),
        (select.POLLHUP, HANGUP),
    ):
        if flags & flag:
            events |= event
    return events


class EventLoop:
    """Which implementation there is: none, the default one, or the program's own."""

    def __init__(self) -> None:
        self._default: Optional[PollLoop] = None
        self._functions: Optional[Tuple[Callable[..., Any], ...]] = None

    @property
    def registered(self) -> bool:
        return self._functions is not None

    def register_default(self) -> None:
        if self._functions is not None:
            return
        self._default = loop = PollLoop()
        self._functions = (
            loop.add_handle,
            loop.update_handle,
            loop.remove_handle,
            loop.add_timeout,
            loop.update_timeout,
            loop.remove_timeout,
        )

    def register(self, *functions: Callable[..., Any]) -> None:
        """The program's own six functions. It is given callbacks to call with what it was given beside them."""
        if self._functions is None:
            self._functions = functions

    def run_once(self) -> None:
        if self._default is None:
            raise RuntimeError("the default event loop is not registered")
        self._default.run_once()

    def add_handle(self, fd: int, events: int, callback: HandleCallback, opaque: Any) -> int:
        return self._need()[0](fd, events, callback, opaque)

    def update_handle(self, watch: int, events: int) -> None:
        self._need()[1](watch, events)

    def remove_handle(self, watch: int) -> Any:
        return self._need()[2](watch)

    def add_timeout(self, interval: int, callback: TimeoutCallback, opaque: Any) -> int:
        return self._need()[3](interval, callback, opaque)

    def update_timeout(self, timer: int, interval: int) -> None:
        self._need()[4](timer, interval)

    def remove_timeout(self, timer: int) -> Any:
        return self._need()[5](timer)

    def _need(self) -> Tuple[Callable[..., Any], ...]:
        if self._functions is None:
            raise RuntimeError("no event loop is registered")
        return self._functions


#: The event loop of this process.
loop = EventLoop()
