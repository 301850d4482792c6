"""What both faces know of a connection and its objects."""

from __future__ import annotations

from typing import Any, Dict, Mapping, NamedTuple, Optional, Tuple, Type

from .errors import Details, Handler, Handlers, last_error, libvirtError, report, reset_last_error
from .opening import Opening
from .session import Description
from .values import EventKind, checked_object, explained, uuid_of_bytes, uuid_of_text


class Api:
    """What the generated part tells the runtime: the description, the events, and the classes."""

    def __init__(self, description: Description, events: Mapping[str, EventKind]) -> None:
        self.description = description
        self.events = events
        self.classes: Dict[str, Type[Any]] = {}


class Elsewhere(NamedTuple):
    """A step of an override that another connection makes."""

    connection: Any
    step: Tuple[Any, ...]


class ConnectionCommon:
    """A connection: its classes, its error handler, and how it was opened."""

    _api: Api
    _line: Any
    _is_private: bool

    def __init__(self, text: str, opened: Opening) -> None:
        self._uri = text
        self._opened = opened
        self._handlers = Handlers()

    def _object(self, kind: str, wire: Any) -> Any:
        return self._api.classes[kind](self, wire)

    def _argument(self, value: Any, name: str, kind: str) -> Any:
        return checked_object(value, name, self._api.classes[kind])._wire

    def _connection(self, value: Any, name: str) -> None:
        checked_object(value, name, self._api.classes["virConnect"])

    def _uuid(self, text: Any, name: str, function: str) -> bytes:
        try:
            return uuid_of_text(text, name, function)
        except libvirtError as error:
            raise report(error, self._handlers) from None

    def _uuid_bytes(self, content: Any, name: str, function: str) -> bytes:
        return uuid_of_bytes(content, name, function)

    def _explained(self, error: Exception, procedure: str, names: Optional[Mapping[str, str]]) -> Exception:
        why = explained(error, self._api.description.procedures[procedure], names)
        return report(why, self._handlers) if isinstance(why, libvirtError) else why

    def _made_by(self, step: Any) -> Tuple[Any, Tuple[Any, ...]]:
        """The connection that makes a step of an override, and the step."""
        return (step.connection, step.step) if isinstance(step, Elsewhere) else (self, step)

    # About the connection itself.

    def connect(self):
        """The connection itself."""
        return self

    def getURI(self) -> str:
        """The URI that was opened."""
        return self._uri

    def isAlive(self) -> int:
        """1 while the connection is there."""
        return 0 if self._line.broken is not None else 1

    def isEncrypted(self) -> int:
        """1 when it goes over TLS."""
        return 1 if self._opened.uri.transport == "tls" else 0

    def virConnGetLastError(self) -> Optional[Details]:
        """The last error of this thread."""
        return last_error()

    def virConnResetLastError(self) -> None:
        """Forgets the last error of this thread."""
        reset_last_error()

    def virConnSetErrorFunc(self, userData: Any, handler: Optional[Handler]) -> None:
        """Tells ``handler(userData, error)`` of this connection's errors instead of the handler for all."""
        self._handlers.register(handler, userData)


class ObjectBase:
    """An object of a connection, by what stands for it on the wire."""

    def __init__(self, conn: Any, wire: Any) -> None:
        self._conn = conn
        self._wire = wire

    def connect(self):
        """The connection that the object is of."""
        return self._conn

    def _object(self, kind: str, wire: Any) -> Any:
        return self._conn._object(kind, wire)

    def _argument(self, value: Any, name: str, kind: str) -> Any:
        return self._conn._argument(value, name, kind)
