"""libvirt's API in pure Python, with the names of libvirt's own module::

    import tsvirt as libvirt

    conn = libvirt.open("qemu:///system")
    for dom in conn.listAllDomains():
        print(dom.name(), dom.info())

It speaks libvirt's wire protocol to libvirtd and tsvirtd. ``tsvirt.aio`` is the same for asyncio.
"""

from __future__ import annotations

from typing import Any, Callable, Optional

from . import _classes, _constants
from ._classes import *  # noqa: F403 - all of libvirt's classes
from ._classes import virConnect, virStorageVol
from ._constants import *  # noqa: F403 - all of libvirt's constants
from ._description import EVENTS, PROCEDURES, SHAPES
from ._runtime.connection import Api
from ._runtime.classic_stream import BUFFER_SIZE, StreamBase
from ._runtime.errors import (
    Details,
    Handler,
    everywhere,
    last_error,
    libvirtError,
    name_domains,
    reset_last_error,
)
from ._runtime.eventloop import loop as _loop
from ._runtime.opening import READ_ONLY as _READ_ONLY
from ._runtime.opening import Auth
from ._runtime.session import Description
from ._runtime.xdr import Codecs


class virStream(StreamBase):
    """A stream of data beside the calls of a connection: a volume's content, a console."""


#: How much the methods that move a whole stream take at a time, in bytes.
virStorageVol.streamBufSize = BUFFER_SIZE  # type: ignore[attr-defined]

_api = Api(Description(Codecs(SHAPES), PROCEDURES), EVENTS)
_api.classes = {name: value for name, value in vars(_classes).items() if name.startswith("vir")}
_api.classes["virStream"] = virStream
virConnect._api = _api
name_domains(_constants._ERROR_DOMAINS)


def open(name: Optional[str] = None) -> virConnect:  # noqa: A001 - libvirt's name
    """Opens a connection. Without a name, LIBVIRT_DEFAULT_URI or the usual one.

    C: virConnectOpen."""
    return virConnect._open(name, None, 0)


def openReadOnly(name: Optional[str] = None) -> virConnect:
    """Opens a connection that can change nothing.

    C: virConnectOpenReadOnly."""
    return virConnect._open(name, None, _READ_ONLY)


def openAuth(uri: Optional[str], auth: Auth, flags: int = 0) -> virConnect:
    """Opens a connection, with somebody to ask for names and passwords: ``[types, callback(credentials, data), data]``,
    where the callback puts the answer into ``credential[4]`` of each and returns 0.

    C: virConnectOpenAuth."""
    return virConnect._open(uri, auth, flags)


def getVersion(name: Optional[str] = None) -> int:
    """The release of libvirt whose API this is: major * 1,000,000 + minor * 1,000 + release.

    C: virGetVersion."""
    return _constants.LIBVIR_VERSION_NUMBER


def registerErrorHandler(f: Optional[Handler], ctx: Any) -> int:
    """Tells ``f(ctx, error)`` of every error instead of standard error; None goes back to that.

    C: virSetErrorFunc."""
    if f is not None and not callable(f):
        raise TypeError(f"f: a callable is required, not {type(f).__name__}")
    everywhere.register(f, ctx)
    return 1


def virInitialize() -> int:
    """Does nothing: nothing needs it."""
    return 0


def virGetLastError() -> Optional[Details]:
    """The last error of this thread."""
    return last_error()


def virGetLastErrorCode() -> int:
    """The code of this thread's last error; 0 without one."""
    details = last_error()
    return details[0] if details is not None else 0


def virGetLastErrorDomain() -> int:
    """The domain of this thread's last error; 0 without one."""
    details = last_error()
    return details[1] if details is not None else 0


def virGetLastErrorMessage() -> str:
    """The text of this thread's last error."""
    details = last_error()
    return "no error" if details is None else details[2] or "unknown error"


def virResetLastError() -> None:
    """Forgets the last error of this thread."""
    reset_last_error()


def virEventRegisterDefaultImpl() -> int:
    """Registers the event loop that ``virEventRunDefaultImpl`` runs. Before the first connection."""
    _loop.register_default()
    return 0


def virEventRunDefaultImpl() -> int:
    """Waits until one thing happens, and tells whoever asked to be told."""
    _loop.run_once()
    return 0


def virEventRegisterImpl(
    addHandle: Callable[..., int],
    updateHandle: Callable[..., None],
    removeHandle: Callable[..., int],
    addTimeout: Callable[..., int],
    updateTimeout: Callable[..., None],
    removeTimeout: Callable[..., int],
) -> None:
    """Registers an event loop of the program's own. It calls what it is given with what it is given beside it."""
    _loop.register(addHandle, updateHandle, removeHandle, addTimeout, updateTimeout, removeTimeout)


def virEventInvokeFreeCallback(opaque: Any) -> None:
    """Does nothing: Python frees by itself. For event loops that were written for libvirt's own module."""


def virEventAddHandle(fd: int, events: int, cb: Callable[..., None], opaque: Any) -> int:
    """Calls ``cb(watch, fd, events, opaque)`` while a descriptor has any of those events; gives the watch."""
    return _loop.add_handle(fd, events, cb, opaque)


def virEventUpdateHandle(watch: int, events: int) -> None:
    """Says which events are wanted."""
    _loop.update_handle(watch, events)


def virEventRemoveHandle(watch: int) -> int:
    """Takes a watch back."""
    return _loop.remove_handle(watch)


def virEventAddTimeout(timeout: int, cb: Callable[..., None], opaque: Any) -> int:
    """Calls ``cb(timer, opaque)`` each so many milliseconds (-1: not now); gives the timer."""
    return _loop.add_timeout(timeout, cb, opaque)


def virEventUpdateTimeout(timer: int, timeout: int) -> None:
    """Says how often."""
    _loop.update_timeout(timer, timeout)


def virEventRemoveTimeout(timer: int) -> int:
    """Takes a timer back."""
    return _loop.remove_timeout(timer)
