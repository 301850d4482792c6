"""What the classes of the asyncio face are made on."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any, AsyncIterator, Deque, Dict, Iterator, Mapping, Optional, Tuple

from . import opening
from .aio_line import AioLine
from .aio_stream import AioStreamBase
from .connection import ConnectionCommon, ObjectBase
from .errors import libvirtError, report
from .opening import Opening
from .uri import default_uri, read_uri
from .values import REGISTERING, checked_object, happened

#: How many events wait for a slow reader; what comes beyond that is counted and dropped.
EVENTS_MAX = 4096


class AioEvents:
    """Events of a kind: an asynchronous iterator of ``(object, *details)``, and a context that ends it.

    A reader that is slow keeps nobody waiting: at most ``EVENTS_MAX`` events wait for it, and ``missed`` counts those that
    did not find room."""

    def __init__(self, connection: "AioConnectionBase", family: str, number: int) -> None:
        self._connection = connection
        self._family = family
        self._number = number
        self._waiting: Deque[Tuple[Any, ...]] = deque()
        self._there = asyncio.Event()
        self._ended: Optional[BaseException] = None
        self._closed = False
        #: How many events were dropped since the reader was too slow.
        self.missed = 0

    def _put(self, event: Tuple[Any, ...]) -> None:
        if len(self._waiting) >= EVENTS_MAX:
            self.missed += 1
            return
        self._waiting.append(event)
        self._there.set()

    def _end(self, error: BaseException) -> None:
        self._ended = error
        self._there.set()

    def __aiter__(self) -> AsyncIterator[Tuple[Any, ...]]:
        return self

    async def __anext__(self) -> Tuple[Any, ...]:
        while not self._waiting:
            if self._closed:
                raise StopAsyncIteration
            if self._ended is not None:
                raise self._ended
            self._there.clear()
            await self._there.wait()
        return self._waiting.popleft()

    async def close(self) -> None:
        """Wants no more events. Who waits for one is told that there are none."""
        if self._closed:
            return
        self._closed = True
        self._there.set()
        await self._connection._deregister(self._family, self._number)

    async def __aenter__(self) -> "AioEvents":
        return self

    async def __aexit__(self, *_error: Any) -> None:
        await self.close()


class AioConnectionBase(ConnectionCommon):
    """A connection for asyncio. Any number of tasks may use it side by side."""

    def __init__(self, line: AioLine, text: str, opened: Opening) -> None:
        super().__init__(text, opened)
        self._is_private = line.is_private
        #: By family and the daemon's number.
        self._events: Dict[Tuple[str, int], AioEvents] = {}
        #: What came before its registration was known.
        self._early: Deque[Tuple[str, Any]] = deque(maxlen=EVENTS_MAX)
        self._registering = 0
        self._take(line)

    @classmethod
    async def _open(cls, name: Optional[str], auth: opening.Auth, flags: int):
        if name is not None and not isinstance(name, str):
            raise TypeError(f"name: a str is required, not {type(name).__name__}")
        try:
            text = name or default_uri()
            opened = Opening(read_uri(text), flags, auth)
            line = AioLine(cls._api.description)
            await line.connect(opened)
        except libvirtError as error:
            raise report(error) from None
        return cls(line, text, opened)

    def _take(self, line: AioLine) -> None:
        self._line = line
        line.on_event = self._event
        line.on_broken = self._lost

    async def reconnect(self) -> None:
        """Makes a lost connection anew: its objects can be used again. Who read events begins again."""
        await self._line.close()
        line = AioLine(self._api.description)
        try:
            await line.connect(self._opened)
        except libvirtError as error:
            raise report(error, self._handlers) from None
        self._take(line)

    async def close(self) -> int:
        """Closes the connection."""
        await self._line.close()
        return 0

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_error: Any) -> None:
        await self.close()

    async def _call(self, name: str, args: Any, names: Optional[Mapping[str, str]] = None, stream: Any = None) -> Any:
        try:
            if stream is None:
                return await self._line.call(name, args)
            checked_object(stream, "stream", AioStreamBase)
            return await self._line.call(name, args, lambda serial: stream._begin(self._line, serial))
        except libvirtError as error:
            raise report(error, self._handlers) from None
        except (TypeError, OverflowError, ValueError) as error:
            raise self._explained(error, name, names) from None

    async def _run(self, steps: Iterator[Tuple[Any, ...]]) -> Any:
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
                result = await conn._call(*made)
            except libvirtError as error:
                failed = error

    # Events.

    async def domainEvents(self, eventID: int = 0, dom: Optional[Any] = None) -> AioEvents:
        """Events of domains, or of one: ``(domain, *details)``. Without a number, those of their lives."""
        return await self._register("domain", "virDomain", dom, eventID)

    async def networkEvents(self, eventID: int = 0, net: Optional[Any] = None) -> AioEvents:
        """Events of networks, or of one: ``(network, *details)``."""
        return await self._register("network", "virNetwork", net, eventID)

    async def storagePoolEvents(self, eventID: int = 0, pool: Optional[Any] = None) -> AioEvents:
        """Events of storage pools, or of one: ``(pool, *details)``."""
        return await self._register("storagePool", "virStoragePool", pool, eventID)

    async def nodeDeviceEvents(self, eventID: int = 0, dev: Optional[Any] = None) -> AioEvents:
        """Events of the host's devices, or of one: ``(device, *details)``."""
        return await self._register("nodeDevice", "virNodeDevice", dev, eventID)

    async def secretEvents(self, eventID: int = 0, secret: Optional[Any] = None) -> AioEvents:
        """Events of secrets, or of one: ``(secret, *details)``."""
        return await self._register("secret", "virSecret", secret, eventID)

    async def _register(self, family: str, kind: str, subject: Any, event: int) -> AioEvents:
        wire = None if subject is None else self._argument(subject, family, kind)
        self._registering += 1
        try:
            number = (await self._call(REGISTERING[family][0], (event, wire))).callbackID
            events = self._events[(family, number)] = AioEvents(self, family, number)
        finally:
            self._registering -= 1
            early, self._early = self._early, deque(maxlen=EVENTS_MAX)
            for each in early:
                self._event(*each)
        return events

    async def _deregister(self, family: str, number: int) -> None:
        if self._events.pop((family, number), None) is not None and self._line.broken is None:
            await self._call(REGISTERING[family][1], (number,))

    def _event(self, name: str, content: Any) -> None:
        kind = self._api.events.get(name)
        if kind is None or kind.family is None:
            return
        what = happened(content, self._api.description.procedures[name], kind.shape)
        events = self._events.get((kind.family, what.callback_id))
        if events is not None:
            events._put((self._object(kind.type, what.subject), *what.details))
        elif self._registering:
            self._early.append((name, content))

    def _lost(self, error: BaseException) -> None:
        events, self._events = self._events, {}
        for each in events.values():
            each._end(error)

    def newStream(self, flags: int = 0) -> Any:
        """A stream that has not begun."""
        return self._api.classes["virStream"](self)


class AioObjectBase(ObjectBase):
    """An object of a connection for asyncio."""
