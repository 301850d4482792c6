"""What the classes of the face that waits are made on."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Tuple

from . import opening
from .classic_events import Registrations
from .connection import ConnectionCommon
from .errors import libvirtError, own_error, report, reset_last_error
from .eventloop import ERROR, HANGUP, READABLE, loop
from .line import Line
from .opening import Opening
from .session import Description
from .uri import default_uri, read_uri
from .values import checked_object

Step = Tuple[Any, ...]


class ConnectionBase(ConnectionCommon):
    """A connection: its line, its events, its error handler."""

    def __init__(self, line: Line, text: str, opened: Opening, is_private: bool) -> None:
        super().__init__(text, opened)
        self._line = line
        self._is_private = is_private
        self._registrations = Registrations(self, self._api)
        self._watch: Optional[int] = None
        self._timer: Optional[int] = None
        self._life_cycle: Dict[Any, int] = {}
        self._close_callback: Optional[Tuple[Callable[..., Any], Any]] = None
        self._join_loop()

    @classmethod
    def _open(cls, name: Optional[str], auth: opening.Auth, flags: int):
        """Opens a connection."""
        if name is not None and not isinstance(name, str):
            raise TypeError(f"name: a str is required, not {type(name).__name__}")
        try:
            text = name or default_uri()
            opened = Opening(read_uri(text), flags, auth)
            line, is_private = _lined(cls._api.description, opened)
        except libvirtError as error:
            raise report(error) from None
        return cls(line, text, opened, is_private)

    def reconnect(self) -> None:
        """Makes a lost connection anew: its objects can be used again, its events are registered again. What happened
        meanwhile is not told."""
        self._leave_loop()
        self._line.close()
        try:
            self._line, self._is_private = _lined(self._api.description, self._opened)
        except libvirtError as error:
            raise report(error, self._handlers) from None
        self._join_loop()
        self._registrations.register_again()

    def close(self) -> int:
        """Closes the connection."""
        self._leave_loop()
        self._line.close()
        return 0

    def __enter__(self):
        return self

    def __exit__(self, *_error: Any) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_line", None) is not None:
            try:
                self.close()
            except Exception:  # noqa: BLE001 - nobody could be told
                pass

    # Calls.

    def _call(self, name: str, args: Any, names: Optional[Mapping[str, str]] = None, stream: Any = None) -> Any:
        reset_last_error()
        try:
            if stream is None:
                return self._line.call(name, args)
            checked_object(stream, "stream", self._api.classes["virStream"])
            return self._line.call(name, args, lambda serial: stream._begin(self._line, serial))
        except libvirtError as error:
            raise report(error, self._handlers) from None
        except (TypeError, OverflowError, ValueError) as error:
            raise self._explained(error, name, names) from None

    def _run(self, steps: Iterator[Step]) -> Any:
        """Makes the calls of an override, and gives its result."""
        result: Any = None
        failed: Optional[libvirtError] = None
        while True:
            try:
                step = steps.throw(failed) if failed is not None else steps.send(result)  # type: ignore[attr-defined]
            except StopIteration as stop:
                return stop.value
            failed = None
            try:
                conn, made = self._made_by(step)
                result = conn._call(*made)
            except libvirtError as error:
                failed = error

    # The event loop.

    def _join_loop(self) -> None:
        line = self._line
        if not loop.registered:
            return
        self._timer = timer = loop.add_timeout(-1, lambda *_: self._tell(), None)
        line.on_events = lambda: loop.update_timeout(timer, 0)
        self._watch = watch = loop.add_handle(line.fileno(), READABLE | ERROR | HANGUP, self._readable, None)
        line.on_idle = lambda: loop.update_handle(watch, READABLE | ERROR | HANGUP)
        line.on_broken = self._lost

    def _leave_loop(self) -> None:
        watch, self._watch = self._watch, None
        timer, self._timer = self._timer, None
        self._line.on_events = self._line.on_idle = self._line.on_broken = None
        if watch is not None:
            loop.remove_handle(watch)
        if timer is not None:
            loop.remove_timeout(timer)

    def _readable(self, watch: int, _fd: int, _events: int, _opaque: Any) -> None:
        if self._line.broken is not None:
            loop.update_handle(watch, 0)
        elif not self._line.read_what_is_there():
            # Another thread reads for its own call, and does so for all; it says when it is done.
            loop.update_handle(watch, 0)
            self._line.tell_when_idle()

    def _tell(self) -> None:
        """Gives the events out that have come, in the event loop's thread."""
        timer = self._timer
        if timer is not None:
            loop.update_timeout(timer, -1)
        self._registrations.tell(self._line.events)

    def _lost(self, _error: BaseException) -> None:
        watch = self._watch
        if watch is not None:
            loop.update_handle(watch, 0)
        callback = self._close_callback
        if callback is not None:
            _once(lambda: callback[0](self, _CLOSED_BY_ERROR, callback[1]))

    def setKeepAlive(self, interval: int, count: int) -> int:
        """Asks the daemon for a sign of life after so many seconds of silence; the connection ends when so many went
        unanswered. 0 stops it."""
        if not loop.registered:
            message = (
                "internal error: the caller doesn't support keepalive protocol; "
                "perhaps it's missing event loop implementation"
            )
            raise report(own_error(1, 13, message), self._handlers)
        self._line.keepalive.start(interval, count)
        return 0

    def registerCloseCallback(self, cb: Callable[..., Any], opaque: Any) -> int:
        """Calls ``cb(conn, reason, opaque)`` when the connection is lost, in the event loop's thread."""
        if not callable(cb):
            raise TypeError(f"cb: a callable is required, not {type(cb).__name__}")
        if self._close_callback is not None:
            raise report(own_error(1, 0, "internal error: A close callback is already registered"), self._handlers)
        self._close_callback = (cb, opaque)
        return 0

    def unregisterCloseCallback(self) -> None:
        """Takes that back."""
        if self._close_callback is None:
            message = "internal error: A different callback was requested"
            raise report(own_error(1, 0, message), self._handlers)
        self._close_callback = None

    # Events.

    def domainEventRegisterAny(self, dom: Optional[Any], eventID: int, cb: Callable[..., Any], opaque: Any) -> int:
        """Calls ``cb(conn, dom, ..., opaque)`` at each event of a kind, of one domain or of all."""
        return self._register("domain", "virDomain", dom, eventID, cb, opaque)

    def domainEventDeregisterAny(self, callbackID: int) -> None:
        """Takes that back."""
        self._registrations.deregister("domain", callbackID)

    def domainEventRegister(self, cb: Callable[..., Any], opaque: Any) -> None:
        """Calls ``cb(conn, dom, event, detail, opaque)`` when a domain starts, stops and the like."""
        self._life_cycle[cb] = self.domainEventRegisterAny(None, 0, cb, opaque)

    def domainEventDeregister(self, cb: Callable[..., Any]) -> None:
        """Takes that back."""
        if cb in self._life_cycle:
            self.domainEventDeregisterAny(self._life_cycle.pop(cb))

    def networkEventRegisterAny(self, net: Optional[Any], eventID: int, cb: Callable[..., Any], opaque: Any) -> int:
        """Calls ``cb(conn, net, ..., opaque)`` at each event of a kind, of one network or of all."""
        return self._register("network", "virNetwork", net, eventID, cb, opaque)

    def networkEventDeregisterAny(self, callbackID: int) -> None:
        """Takes that back."""
        self._registrations.deregister("network", callbackID)

    def storagePoolEventRegisterAny(self, pool: Optional[Any], eventID: int, cb: Callable[..., Any], opaque: Any) -> int:
        """Calls ``cb(conn, pool, ..., opaque)`` at each event of a kind, of one pool or of all."""
        return self._register("storagePool", "virStoragePool", pool, eventID, cb, opaque)

    def storagePoolEventDeregisterAny(self, callbackID: int) -> None:
        """Takes that back."""
        self._registrations.deregister("storagePool", callbackID)

    def nodeDeviceEventRegisterAny(self, dev: Optional[Any], eventID: int, cb: Callable[..., Any], opaque: Any) -> int:
        """Calls ``cb(conn, dev, ..., opaque)`` at each event of a kind, of one device or of all."""
        return self._register("nodeDevice", "virNodeDevice", dev, eventID, cb, opaque)

    def nodeDeviceEventDeregisterAny(self, callbackID: int) -> None:
        """Takes that back."""
        self._registrations.deregister("nodeDevice", callbackID)

    def secretEventRegisterAny(self, secret: Optional[Any], eventID: int, cb: Callable[..., Any], opaque: Any) -> int:
        """Calls ``cb(conn, secret, ..., opaque)`` at each event of a kind, of one secret or of all."""
        return self._register("secret", "virSecret", secret, eventID, cb, opaque)

    def secretEventDeregisterAny(self, callbackID: int) -> None:
        """Takes that back."""
        self._registrations.deregister("secret", callbackID)

    def _register(
        self, family: str, kind: str, subject: Any, event: int, callback: Callable[..., Any], opaque: Any
    ) -> int:
        wire = None if subject is None else self._argument(subject, family, kind)
        return self._registrations.register(family, event, wire, callback, opaque)

    def newStream(self, flags: int = 0):
        """A stream that has not begun."""
        return self._api.classes["virStream"](self, flags)

_CLOSED_BY_ERROR = 0


def _once(what: Callable[[], Any]) -> None:
    """Does something in the event loop's thread."""
    timers: List[int] = []

    def due(timer: int, _opaque: Any) -> None:
        loop.remove_timeout(timer)
        what()

    timers.append(loop.add_timeout(0, due, None))


def _lined(description: Description, opened: Opening) -> Tuple[Line, bool]:
    transport = opening.connect(opened.uri, bool(opened.flags & opening.READ_ONLY))
    line = Line(transport, description)
    try:
        opening.drive(opening.handshake(opened, transport.is_private), line.call)
    except BaseException:
        line.close()
        raise
    return line, transport.is_private
