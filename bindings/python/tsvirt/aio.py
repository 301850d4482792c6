"""libvirt's API for asyncio::

    from tsvirt import aio

    async with await aio.open("qemu:///system") as conn:
        domains = await conn.listAllDomains()
        infos = await asyncio.gather(*(dom.info() for dom in domains))
        async with await conn.domainEvents() as events:
            async for dom, event, detail in events:
                print(dom.name(), event, detail)

The names are those of ``tsvirt``. Any number of calls may be in flight on a connection.
"""

from __future__ import annotations

from typing import Optional

from . import _aio_classes, _constants
from ._aio_classes import *  # noqa: F403 - all of libvirt's classes
from ._aio_classes import virConnect
from ._constants import *  # noqa: F403 - all of libvirt's constants
from ._description import EVENTS, PROCEDURES, SHAPES
from ._runtime.aio import AioEvents
from ._runtime.aio_stream import AioStreamBase, Hole
from ._runtime.connection import Api
from ._runtime.errors import libvirtError, name_domains
from ._runtime.opening import READ_ONLY as _READ_ONLY
from ._runtime.opening import Auth
from ._runtime.session import Description
from ._runtime.xdr import Codecs


class virStream(AioStreamBase):
    """A stream of data beside the calls of a connection: a volume's content, a console."""


_api = Api(Description(Codecs(SHAPES), PROCEDURES), EVENTS)
_api.classes = {name: value for name, value in vars(_aio_classes).items() if name.startswith("vir")}
_api.classes["virStream"] = virStream
virConnect._api = _api
name_domains(_constants._ERROR_DOMAINS)


async def open(name: Optional[str] = None) -> virConnect:  # noqa: A001 - libvirt's name
    """Opens a connection. Without a name, LIBVIRT_DEFAULT_URI or the usual one."""
    return await virConnect._open(name, None, 0)


async def openReadOnly(name: Optional[str] = None) -> virConnect:
    """Opens a connection that can change nothing."""
    return await virConnect._open(name, None, _READ_ONLY)


async def openAuth(uri: Optional[str], auth: Auth, flags: int = 0) -> virConnect:
    """Opens a connection, with somebody to ask for names and passwords."""
    return await virConnect._open(uri, auth, flags)
