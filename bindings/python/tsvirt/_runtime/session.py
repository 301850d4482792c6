"""What is said on a connection, without the connection: calls and their answers, events, streams, signs of life.

Whoever owns the bytes sends what these methods give, and feeds what has come. Both faces of the binding, the one that
waits and the one for asyncio, are made on this.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping, NamedTuple, Optional, Protocol, Tuple

from . import message as wire
from .errors import (
    VIR_ERR_INTERNAL_ERROR,
    VIR_ERR_RPC,
    VIR_FROM_RPC,
    Details,
    libvirtError,
    own_error,
)
from .message import Header, Message
from .xdr import Codecs, Fields, XdrError, decode


class Procedure(NamedTuple):
    """A call, or an event message, of the description."""

    program: int
    number: int
    #: The function that calls it, in C.
    function: str
    #: The fields of the arguments (of an event: of its content), and of the result.
    args: Fields
    result: Fields
    is_event: bool = False


class Description(NamedTuple):
    """All that the runtime needs to know of an API."""

    codecs: Codecs
    procedures: Mapping[str, Procedure]


class Completion(Protocol):
    """Whoever waits for an answer."""

    def resolve(self, result: Any) -> None: ...

    def reject(self, error: BaseException) -> None: ...


class StreamEnd(Protocol):
    """This side's end of a stream."""

    def data(self, content: bytes) -> None: ...

    def hole(self, length: int) -> None: ...

    def ended(self) -> None:
        """All data has come."""

    def finished(self) -> None:
        """The other side has taken all, and is done."""

    def failed(self, error: BaseException) -> None: ...


class _Call(NamedTuple):
    name: str
    completion: Completion


class Session:
    """One connection's talk. Not to be used by two threads at once but for ``call`` and the ``stream_`` methods, whose
    caller holds the lock that also keeps the order of what is sent."""

    def __init__(
        self,
        description: Description,
        on_event: Callable[[str, Any], None],
        send: Callable[[bytes], None],
    ) -> None:
        self.description = description
        self._on_event = on_event
        #: For what is to be said at once and by itself: the answer to a sign of life.
        self._send = send
        self._framer = wire.Framer()
        self._serial = 0
        self._calls: Dict[int, _Call] = {}
        self._streams: Dict[int, Tuple[Procedure, StreamEnd]] = {}
        self._events = {(p.program, p.number): name for name, p in description.procedures.items() if p.is_event}
        #: Why nothing more can be said.
        self.broken: Optional[BaseException] = None

    # What goes out.

    def encode(self, name: str, args: Any) -> bytes:
        """The body of a call. What does not fit is a ``TypeError``, ``OverflowError`` or ``ValueError`` that names the
        argument; nothing has been sent then."""
        procedure = self.description.procedures[name]
        body = bytearray()
        if procedure.args:
            self.description.codecs.fields(f"{name}_args", procedure.args)[0](body, args)
        return bytes(body)

    def call(
        self,
        name: str,
        body: bytes,
        completion: Completion,
        open_stream: Optional[Callable[[int], StreamEnd]] = None,
    ) -> Tuple[int, bytes]:
        """A call as it is sent, and its serial. ``open_stream`` is given the serial and gives this side's end."""
        if self.broken is not None:
            raise self.broken
        procedure = self.description.procedures[name]
        self._serial = serial = self._serial % 0x7FFFFFFF + 1
        header = Header(procedure.program, 1, procedure.number, wire.CALL, serial, wire.OK)
        data = wire.message(header, body)
        self._calls[serial] = _Call(name, completion)
        if open_stream is not None:
            # Its data may come before the answer does.
            self._streams[serial] = (procedure, open_stream(serial))
        return serial, data

    def forget(self, serial: int) -> None:
        """Nobody waits for that answer any more."""
        call = self._calls.pop(serial, None)
        if call is not None:
            self._streams.pop(serial, None)

    def stream_data(self, serial: int, content: bytes) -> bytes:
        return wire.message(self._stream_header(serial, wire.STREAM, wire.CONTINUE), content)

    def stream_hole(self, serial: int, length: int, flags: int) -> bytes:
        header = self._stream_header(serial, wire.STREAM_HOLE, wire.CONTINUE)
        return wire.message(header, wire.HOLE.pack(length, flags))

    def stream_finish(self, serial: int) -> bytes:
        return wire.message(self._stream_header(serial, wire.STREAM, wire.OK))

    def stream_abort(self, serial: int) -> bytes:
        return wire.message(self._stream_header(serial, wire.STREAM, wire.ERROR))

    def _stream_header(self, serial: int, kind: int, status: int) -> Header:
        procedure, _ = self._streams[serial]
        return Header(procedure.program, 1, procedure.number, kind, serial, status)

    # What comes in.

    def feed(self, data: bytes) -> None:
        """Takes what has come. Bytes that make no sense break the session."""
        try:
            for message in self._framer.feed(data):
                self._message(message)
        except (wire.FramingError, XdrError) as error:
            self.fail(own_error(VIR_ERR_RPC, VIR_FROM_RPC, f"what the daemon sent makes no sense: {error}"))

    def fail(self, error: BaseException) -> None:
        """The connection is gone: everybody who waits is told at once."""
        if self.broken is not None:
            return
        self.broken = error
        calls, streams = self._calls, self._streams
        self._calls, self._streams = {}, {}
        for call in calls.values():
            call.completion.reject(error)
        for _, stream in streams.values():
            stream.failed(error)

    def _message(self, message: Message) -> None:
        header = message.header
        if header.program == wire.KEEPALIVE_PROGRAM:
            self._keepalive(header)
        elif header.kind in (wire.REPLY, wire.REPLY_WITH_FDS):
            self._reply(message)
        elif header.kind == wire.MESSAGE:
            self._event(message)
        elif header.kind in (wire.STREAM, wire.STREAM_HOLE):
            self._stream(message)
        else:
            raise XdrError(f"a message of kind {header.kind} is not for a client")

    def _keepalive(self, header: Header) -> None:
        if header.procedure == wire.KEEPALIVE_PING:
            pong = header._replace(procedure=wire.KEEPALIVE_PONG, kind=wire.MESSAGE, serial=0)
            self._send(wire.message(pong))

    def _reply(self, message: Message) -> None:
        header = message.header
        call = self._calls.pop(header.serial, None)
        if call is None:
            return  # given up
        if header.status == wire.ERROR:
            self._streams.pop(header.serial, None)
            call.completion.reject(self._error(message))
            return
        try:
            call.completion.resolve(self._body(message, f"{call.name}_ret", self.description.procedures[call.name].result))
        except XdrError as error:
            self._streams.pop(header.serial, None)
            call.completion.reject(own_error(VIR_ERR_RPC, VIR_FROM_RPC, f"Unable to decode message payload: {error}"))

    def _event(self, message: Message) -> None:
        name = self._events.get((message.header.program, message.header.procedure))
        if name is not None:
            self._on_event(name, self._body(message, f"{name}_args", self.description.procedures[name].args))

    def _stream(self, message: Message) -> None:
        header = message.header
        _, stream = self._streams.get(header.serial, (None, None))
        if stream is None:
            return  # broken off
        if header.status == wire.ERROR:
            del self._streams[header.serial]
            stream.failed(self._error(message))
        elif header.kind == wire.STREAM_HOLE:
            stream.hole(_hole_of(message))
        elif header.status == wire.CONTINUE:
            content = message.data[wire.HEADER_SIZE :]
            # A packet without bytes says that all has come; the stream itself ends when that is acknowledged.
            stream.data(content) if content else stream.ended()
        else:
            del self._streams[header.serial]
            stream.finished()

    def _body(self, message: Message, name: str, fields: Fields) -> Any:
        return decode(self.description.codecs.fields(name, fields)[1], message.data, wire.HEADER_SIZE)

    def _error(self, message: Message) -> libvirtError:
        try:
            return error_of(decode(self.description.codecs.shape("remoteError")[1], message.data, wire.HEADER_SIZE))
        except XdrError as error:
            return own_error(VIR_ERR_INTERNAL_ERROR, VIR_FROM_RPC, f"an error that cannot be read: {error}")


def _hole_of(message: Message) -> int:
    if len(message.data) != wire.HEADER_SIZE + wire.HOLE.size:
        raise XdrError("a hole in a stream that cannot be read")
    return wire.HOLE.unpack_from(message.data, wire.HEADER_SIZE)[0]


def error_of(content: Any) -> libvirtError:
    """The error in an answer, a ``remote_error``."""
    code, domain, message, level, _, str1, str2, str3, int1, int2, _ = content
    text = message if message is not None else "Unknown error"
    details: Details = (code, domain, text, level, str1, str2, str3, int1, int2)
    return libvirtError(text, details=details)
