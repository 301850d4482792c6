"""UUIDs, and what an event brings: from the wire to what a program is given."""

from __future__ import annotations

import os
import uuid
from typing import Any, List, Mapping, NamedTuple, Optional, Tuple

from .errors import VIR_ERR_INVALID_ARG, VIR_FROM_NONE, libvirtError, report
from .parameters import to_dict
from .session import Procedure


def uuid_text(content: bytes) -> str:
    """A UUID's usual form."""
    return str(uuid.UUID(bytes=bytes(content)))


def absolute(path: Any) -> Any:
    """A file as the daemon finds it, which runs elsewhere. What is no path is left to whoever checks it."""
    return os.path.join(os.getcwd(), path) if isinstance(path, str) and path and not path.startswith("/") else path


#: In whose name an argument is refused (virErrorDomain).
_DOMAINS = (
    ("virDomainSnapshot", 46),
    ("virDomainCheckpoint", 71),
    ("virDomain", 20),
    ("virNetwork", 19),
    ("virStorage", 18),
    ("virSecret", 30),
    ("virNWFilter", 33),
    ("virNodeDevice", 22),
    ("virInterface", 26),
)


def refused(message: str, function: str, name: str) -> libvirtError:
    """libvirt's error for an argument that its own functions refuse before anything is sent."""
    domain = next((number for prefix, number in _DOMAINS if function.startswith(prefix)), VIR_FROM_NONE)
    return libvirtError(message, details=(VIR_ERR_INVALID_ARG, domain, message, 2, function, name, None, 0, 0))


def own_failure(thing: Any, error: libvirtError) -> libvirtError:
    """Tells of an error that an override itself finds, before it is raised."""
    return report(error, thing._conn._handlers)


def uuid_of_text(text: Any, name: str, function: str) -> bytes:
    """The bytes of a UUID. A wrong type is a ``TypeError`` that names the parameter; no UUID is libvirt's error."""
    if not isinstance(text, str):
        raise TypeError(f"{name}: a str is required, not {type(text).__name__}")
    try:
        return uuid.UUID(text).bytes
    except ValueError:
        is_domain = function.startswith("virDomain")
        message = "Invalid UUID" if is_domain else f"{name} in {function} must be a valid UUID"
        raise refused(message, function, name) from None


def uuid_of_bytes(content: Any, name: str, function: str) -> bytes:
    """A UUID that is given as its bytes."""
    if not isinstance(content, (bytes, bytearray)):
        raise TypeError(f"{name}: a bytes-like object is required, not {type(content).__name__}")
    if len(content) != 16:
        # libvirt's own module has no more to say of it.
        raise libvirtError(f"{function}() failed", details=None)
    return bytes(content)


class EventKind(NamedTuple):
    """What an event message is about."""

    #: "domain", "network", ...; None for what is about the connection itself.
    family: Optional[str]
    #: What programs register for.
    id: int
    #: The class in C of the object that it is about, and its shape.
    type: str
    shape: str


#: How each family's events are registered for and taken back.
REGISTERING = {
    "domain": ("connectDomainEventCallbackRegisterAny", "connectDomainEventCallbackDeregisterAny"),
    "network": ("connectNetworkEventRegisterAny", "connectNetworkEventDeregisterAny"),
    "storagePool": ("connectStoragePoolEventRegisterAny", "connectStoragePoolEventDeregisterAny"),
    "nodeDevice": ("connectNodeDeviceEventRegisterAny", "connectNodeDeviceEventDeregisterAny"),
    "secret": ("connectSecretEventRegisterAny", "connectSecretEventDeregisterAny"),
}


class Happened(NamedTuple):
    """An event as it came."""

    callback_id: int
    subject: Any
    #: What else it says, in the order of the callback's arguments.
    details: Tuple[Any, ...]


def happened(content: Any, procedure: Procedure, shape: str) -> Happened:
    """Takes an event message apart: the registration that it is for, the object, and the rest."""
    fields = dict(procedure.args)
    parts: List[Tuple[Any, Any]] = []
    callback_id = -1
    for name, value in zip(fields, content):
        kind = fields[name]
        if name == "callbackID":
            callback_id = value
        elif name == "msg" and isinstance(kind, tuple) and kind[0] == "struct":
            # Events that are older than their registrations stand in a structure of their own.
            parts += [(inner, part) for (_, inner), part in zip(kind[1], value)]
        else:
            parts.append((kind, value))
    subject = None
    details: List[Any] = []
    for kind, value in parts:
        if subject is None and kind == ("shape", shape):
            subject = value
        else:
            details.append(_plain(value))
    return Happened(callback_id, subject, tuple(details))


def _plain(value: Any) -> Any:
    """Structures as dictionaries, parameters by name, other lists of structures as lists of tuples."""
    if isinstance(value, list):
        if value and all(hasattr(each, "field") for each in value):
            return to_dict(value)
        return [tuple(each) if isinstance(each, tuple) else each for each in value]
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return value._asdict()
    return value


def explained(error: Exception, procedure: Procedure, names: Optional[Mapping[str, str]]) -> Exception:
    """An error of an argument, by the parameter's name where the wire has another one. None where something must be is
    refused in libvirt's words."""
    field, separator, rest = str(error).partition(": ")
    if not separator:
        return error
    name = (names or {}).get(field, field)
    if rest.endswith("not NoneType"):
        return refused(f"{name} in {procedure.function} must not be NULL", procedure.function, name)
    return type(error)(f"{name}: {rest}")


def checked_object(value: Any, name: str, kind: type) -> Any:
    """The object, which must be of a class."""
    if not isinstance(value, kind):
        raise TypeError(f"{name}: a {kind.__name__} is required, not {type(value).__name__}")
    return value
