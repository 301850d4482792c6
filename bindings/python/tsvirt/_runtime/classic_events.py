"""Callbacks for events, given out in the event loop's thread."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any, Callable, Deque, Dict, List, Optional, Tuple

from .errors import VIR_ERR_INTERNAL_ERROR, VIR_ERR_INVALID_ARG, VIR_FROM_NONE, own_error, report
from .eventloop import loop
from .values import REGISTERING, Happened, happened

if TYPE_CHECKING:
    from .classic import ConnectionBase
    from .connection import Api

class Registration:
    """Somebody who wants to be told."""

    __slots__ = ("callback", "event", "family", "number", "opaque", "subject")

    def __init__(self, family: str, event: int, subject: Any, callback: Callable[..., Any], opaque: Any) -> None:
        self.family = family
        self.event = event
        #: The object on the wire, when it is about one alone.
        self.subject = subject
        self.callback = callback
        self.opaque = opaque
        #: The daemon's number for it.
        self.number = -1


class Registrations:
    """A connection's registrations, by the numbers that the program knows."""

    def __init__(self, connection: "ConnectionBase", api: "Api") -> None:
        self._connection = connection
        self._api = api
        self._lock = threading.RLock()
        self._next = 0
        self._known: Dict[int, Registration] = {}

    def register(self, family: str, event: int, subject: Any, callback: Callable[..., Any], opaque: Any) -> int:
        """Registers; gives the number to take it back with."""
        if not callable(callback):
            raise TypeError(f"cb: a callable is required, not {type(callback).__name__}")
        if not loop.registered:
            message = "internal error: could not initialize domain event timer"
            raise report(own_error(VIR_ERR_INTERNAL_ERROR, VIR_FROM_NONE, message), self._connection._handlers)
        entry = Registration(family, event, subject, callback, opaque)
        # Nothing is given out before the daemon's number is known.
        with self._lock:
            entry.number = self._ask(entry)
            number, self._next = self._next, self._next + 1
            self._known[number] = entry
        return number

    def deregister(self, family: str, number: int) -> int:
        """Takes a registration back."""
        with self._lock:
            entry = self._known.get(number)
            if entry is None or entry.family != family:
                message = f"invalid argument: event callback id {number} not registered"
                raise report(own_error(VIR_ERR_INVALID_ARG, VIR_FROM_NONE, message), self._connection._handlers)
            del self._known[number]
            self._connection._call(REGISTERING[family][1], (entry.number,))
        return 0

    def register_again(self) -> None:
        """For a connection that was made anew."""
        with self._lock:
            for entry in self._known.values():
                entry.number = self._ask(entry)

    def _ask(self, entry: Registration) -> int:
        return self._connection._call(REGISTERING[entry.family][0], (entry.event, entry.subject)).callbackID

    def tell(self, events: Deque[Tuple[str, Any]]) -> None:
        """Gives out what has come."""
        while True:
            try:
                name, content = events.popleft()
            except IndexError:
                return
            kind = self._api.events.get(name)
            if kind is None or kind.family is None:
                continue
            what = happened(content, self._api.description.procedures[name], kind.shape)
            for entry in self._those_for(kind.family, kind.id, what):
                self._call(entry, kind.type, what)

    def _those_for(self, family: str, event: int, what: Happened) -> List[Registration]:
        with self._lock:
            return [
                entry
                for entry in self._known.values()
                if entry.family == family and entry.event == event and entry.number == what.callback_id
            ]

    def _call(self, entry: Registration, kind: str, what: Happened) -> None:
        subject: Optional[Any] = self._connection._object(kind, what.subject)
        try:
            entry.callback(self._connection, subject, *what.details, entry.opaque)
        except Exception:  # noqa: BLE001 - a callback's fault is its own
            sys.excepthook(*sys.exc_info())
