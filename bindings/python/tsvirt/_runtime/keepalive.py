"""Signs of life: a ping after each silent interval, and the end after one more when so many brought nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional

from . import message as wire
from .errors import VIR_ERR_INTERNAL_ERROR, VIR_FROM_RPC, own_error
from .eventloop import loop
from .message import Header

if TYPE_CHECKING:
    from .line import Line

_PING = wire.message(Header(wire.KEEPALIVE_PROGRAM, 1, wire.KEEPALIVE_PING, wire.MESSAGE, 0, wire.OK))


class Keepalive:
    """Watches one connection, in the event loop's thread."""

    def __init__(self, line: "Line") -> None:
        self._line = line
        self._timer: Optional[int] = None
        self._count = 0
        self._unanswered = 0

    def start(self, interval: int, count: int) -> None:
        """``interval`` in seconds; 0 stops."""
        self.stop()
        if interval > 0:
            self._count = count
            self._unanswered = 0
            self._line.heard = False
            self._timer = loop.add_timeout(interval * 1000, self._tick, None)

    def stop(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            loop.remove_timeout(timer)

    def _tick(self, _timer: int, _opaque: Any) -> None:
        if self._line.broken is not None:
            self.stop()
            return
        if self._line.heard:
            self._line.heard = False
            self._unanswered = 0
        elif self._unanswered >= self._count:
            self.stop()
            message = "internal error: connection closed due to keepalive timeout"
            self._line.give_up(own_error(VIR_ERR_INTERNAL_ERROR, VIR_FROM_RPC, message))
            return
        self._unanswered += 1
        self._line.say(_PING)
