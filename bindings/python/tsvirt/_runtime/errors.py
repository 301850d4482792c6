"""libvirt's errors, as its own module for Python gives them."""

from __future__ import annotations

import sys
import threading
from typing import Any, Callable, Optional, Tuple

# Those that the runtime itself raises (virErrorNumber, virErrorDomain, virErrorLevel).
VIR_ERR_INTERNAL_ERROR = 1
VIR_ERR_NO_SUPPORT = 3
VIR_ERR_NO_CONNECT = 5
VIR_ERR_INVALID_CONN = 6
VIR_ERR_INVALID_ARG = 8
VIR_ERR_SYSTEM_ERROR = 38
VIR_ERR_RPC = 39
VIR_ERR_AUTH_FAILED = 45
VIR_ERR_OPERATION_INVALID = 55
VIR_ERR_AUTH_CANCELLED = 79
VIR_ERR_AUTH_UNAVAILABLE = 94
VIR_FROM_NONE = 0
VIR_FROM_REMOTE = 13
VIR_FROM_RPC = 7
VIR_FROM_STREAMS = 38
VIR_FROM_AUTH = 46
VIR_ERR_ERROR = 2

#: code, domain, message, level, str1, str2, str3, int1, int2: as the official module's handlers are given it.
Details = Tuple[int, int, Optional[str], int, Optional[str], Optional[str], Optional[str], int, int]
Handler = Callable[[Any, Details], None]

_last = threading.local()


class libvirtError(Exception):
    """What libvirt says went wrong."""

    def __init__(self, defmsg: str, *_objects: Any, details: Optional[Details] = None) -> None:
        #: The fields of ``virError``, or None when there are none.
        self.err: Optional[Details] = details if details is not None else last_error()
        message = self.err[2] if self.err is not None and self.err[2] is not None else defmsg
        super().__init__(message)

    def get_error_code(self) -> Optional[int]:
        """virErrorNumber"""
        return self.err[0] if self.err is not None else None

    def get_error_domain(self) -> Optional[int]:
        """virErrorDomain: which part of libvirt the error comes from."""
        return self.err[1] if self.err is not None else None

    def get_error_message(self) -> Optional[str]:
        return self.err[2] if self.err is not None else None

    def get_error_level(self) -> Optional[int]:
        """virErrorLevel"""
        return self.err[3] if self.err is not None else None

    def get_str1(self) -> Optional[str]:
        return self.err[4] if self.err is not None else None

    def get_str2(self) -> Optional[str]:
        return self.err[5] if self.err is not None else None

    def get_str3(self) -> Optional[str]:
        return self.err[6] if self.err is not None else None

    def get_int1(self) -> Optional[int]:
        return self.err[7] if self.err is not None else None

    def get_int2(self) -> Optional[int]:
        return self.err[8] if self.err is not None else None


#: How messages begin whose rest libvirt keeps apart.
_BEGINNINGS = ("internal error: ", "invalid argument: ", "authentication failed: ", "authentication unavailable: ")


def own_error(code: int, domain: int, message: str) -> libvirtError:
    """An error that this side found, with libvirt's texts beside the message."""
    begin = next((each for each in _BEGINNINGS if message.startswith(each)), "")
    details = (code, domain, message, VIR_ERR_ERROR, f"{begin}%s", message[len(begin) :], None, -1, -1)
    return libvirtError(message, details=details)


class Handlers:
    """Who is told of errors: a connection's own handler, else the one for all, else standard error."""

    def __init__(self) -> None:
        self._handler: Optional[Handler] = None
        self._context: Any = None

    def register(self, handler: Optional[Handler], context: Any) -> None:
        self._handler, self._context = handler, context

    def tell(self, details: Details) -> bool:
        """Whether somebody was told."""
        if self._handler is None:
            return False
        self._handler(self._context, details)
        return True


everywhere = Handlers()


def report(error: libvirtError, connection: Optional[Handlers] = None) -> libvirtError:
    """Tells of an error as libvirt does, before it is raised; gives it back. A handler's own exception does not hide
    the error."""
    details = error.err
    if details is None:
        return error
    _last.details = details
    try:
        if not ((connection is not None and connection.tell(details)) or everywhere.tell(details)):
            sys.stderr.write(f"libvirt: {_domain(details[1])} {_level(details[3])} : {details[2]}\n")
    except Exception:  # noqa: BLE001 - whatever a handler raises
        sys.excepthook(*sys.exc_info())
    return error


def last_error() -> Optional[Details]:
    """The last error of this thread."""
    return getattr(_last, "details", None)


def reset_last_error() -> None:
    _last.details = None


def _level(level: int) -> str:
    return {0: "", 1: "warning", 2: "error"}.get(level, "")


# The names of domains come from the description; see ``name_domains``.
_domain_names: Tuple[str, ...] = ()


def name_domains(names: Tuple[str, ...]) -> None:
    """Gives the words for the numbers of error domains, in their order."""
    global _domain_names
    _domain_names = names


def _domain(domain: int) -> str:
    return _domain_names[domain] if 0 <= domain < len(_domain_names) else "Unknown Error"
