"""A connection for asyncio: many calls in flight, one task for each."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any, Callable, List, Optional, Sequence

from . import opening
from .errors import (
    VIR_ERR_INVALID_CONN,
    VIR_ERR_SYSTEM_ERROR,
    VIR_FROM_RPC,
    libvirtError,
    own_error,
)
from .opening import Opening
from .session import Description, Session, StreamEnd
from .transport import TLS_ACCEPTED, ProgramTransport, SocketTransport, tls_failed, tls_refused


class Answer:
    """An answer that a task waits for."""

    __slots__ = ("future",)

    def __init__(self, future: "asyncio.Future[Any]") -> None:
        self.future = future

    def resolve(self, result: Any) -> None:
        if not self.future.done():
            self.future.set_result(result)

    def reject(self, error: BaseException) -> None:
        if not self.future.done():
            # Each has an error of its own: a traceback is not to be shared.
            own = libvirtError(str(error), details=error.err) if isinstance(error, libvirtError) else error
            self.future.set_exception(own)


class AioLine(asyncio.Protocol):
    """The connection. What is said in one turn of the loop goes out in one write."""

    def __init__(self, description: Description) -> None:
        self._loop = asyncio.get_running_loop()
        self._session = Session(description, self._event, self._say)
        self._transport: Optional[asyncio.Transport] = None
        self._program: Optional[ProgramTransport] = None
        self._outgoing: List[bytes] = []
        self._may_write = asyncio.Event()
        self._may_write.set()
        #: Behind a TLS handshake the daemon says whether it accepts the client.
        self._verdict: Optional["asyncio.Future[None]"] = None
        #: Told of each event, by its name.
        self.on_event: Callable[[str, Any], None] = lambda name, content: None
        #: Told once that the connection is gone.
        self.on_broken: Optional[Callable[[BaseException], None]] = None
        self.is_private = False

    @property
    def broken(self) -> Optional[BaseException]:
        return self._session.broken

    async def call(
        self,
        name: str,
        args: Sequence[Any] = (),
        open_stream: Optional[Callable[[int], StreamEnd]] = None,
    ) -> Any:
        """Makes a call. Cancelling the task gives the answer up; the connection stays usable."""
        body = self._session.encode(name, args)
        answer = Answer(self._loop.create_future())
        serial, data = self._session.call(name, body, answer, open_stream)
        self._say(data)
        try:
            return await answer.future
        except asyncio.CancelledError:
            self._session.forget(serial)
            raise

    async def send_stream(self, make: Callable[[Session], bytes]) -> None:
        """Sends what a stream has to say, when the daemon keeps up with it."""
        await self._may_write.wait()
        if self._session.broken is not None:
            raise self._session.broken
        self._say(make(self._session))

    async def close(self) -> None:
        self._end(own_error(VIR_ERR_INVALID_CONN, VIR_FROM_RPC, "the connection has been closed"))
        if self._program is not None:
            await self._loop.run_in_executor(None, self._program.close)

    # What asyncio tells.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self._verdict is not None:
            verdict, self._verdict = self._verdict, None
            if data[:1] != TLS_ACCEPTED:
                verdict.set_exception(tls_refused())
                return
            verdict.set_result(None)
            data = data[1:]
        self._session.feed(data)
        if self._session.broken is not None:
            self._end(self._session.broken)

    def eof_received(self) -> None:
        return None

    def connection_lost(self, error: Optional[Exception]) -> None:
        words = self._program.last_words() if self._program is not None else ""
        text = f"End of file while reading data: {words or error or 'Input/output error'}"
        lost = own_error(VIR_ERR_SYSTEM_ERROR, VIR_FROM_RPC, text)
        if self._verdict is not None and not self._verdict.done():
            self._verdict.set_exception(tls_refused())
        self._may_write.set()
        self._end(lost)

    def pause_writing(self) -> None:
        self._may_write.clear()

    def resume_writing(self) -> None:
        self._may_write.set()

    def _event(self, name: str, content: Any) -> None:
        self.on_event(name, content)

    def _say(self, data: bytes) -> None:
        if not self._outgoing:
            self._loop.call_soon(self._flush)
        self._outgoing.append(data)

    def _flush(self) -> None:
        outgoing, self._outgoing = self._outgoing, []
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(b"".join(outgoing))

    def _end(self, error: BaseException) -> None:
        self._session.fail(error)
        if self._transport is not None:
            self._flush()
            self._transport.close()
        told, self.on_broken = self.on_broken, None
        if told is not None:
            told(error)

    # How it comes about.

    async def connect(self, asked: Opening) -> None:
        """Reaches the daemon and opens the driver."""
        uri = asked.uri
        if uri.transport == "tls":
            await self._connect_tls(asked)
        else:
            connecting = partial(opening.connect, uri, bool(asked.flags & opening.READ_ONLY))
            carrier = await self._loop.run_in_executor(None, connecting)
            assert isinstance(carrier, SocketTransport)
            self._program = carrier if isinstance(carrier, ProgramTransport) else None
            self.is_private = carrier.is_private
            await self._loop.create_connection(lambda: self, sock=carrier.socket)
        try:
            await self._open(asked)
        except BaseException:
            await self.close()
            raise

    async def _connect_tls(self, asked: Opening) -> None:
        uri = asked.uri
        host = uri.host or "localhost"
        context = await self._loop.run_in_executor(None, opening.tls_context, uri)
        self._verdict = verdict = self._loop.create_future()
        try:
            await self._loop.create_connection(lambda: self, host, uri.port or opening.TLS_PORT, ssl=context)
        except OSError as error:
            raise tls_failed(host, error) from None
        await verdict
        self.is_private = True

    async def _open(self, asked: Opening) -> None:
        steps = opening.handshake(asked, self.is_private)
        try:
            step = next(steps)
            while True:
                try:
                    result = await self.call(*step)
                except libvirtError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(result)
        except StopIteration:
            return
