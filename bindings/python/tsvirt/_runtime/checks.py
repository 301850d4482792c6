"""Looks at arguments before anything is sent: a wrong type is a ``TypeError`` that names the parameter."""

from __future__ import annotations

from typing import Any, Mapping


def _refuse(name: str, wanted: str, value: Any) -> TypeError:
    return TypeError(f"{name}: {wanted} is required, not {type(value).__name__}")


def integer(value: Any, name: str) -> None:
    if not isinstance(value, int):
        raise _refuse(name, "an integer", value)


def text(value: Any, name: str) -> None:
    """Whether None will do says the daemon, as C's library does."""
    if value is not None and not isinstance(value, str):
        raise _refuse(name, "a str", value)


def content(value: Any, name: str) -> None:
    if not isinstance(value, (bytes, bytearray, memoryview)):
        raise _refuse(name, "a bytes-like object", value)


def sequence(value: Any, name: str) -> None:
    if not isinstance(value, (list, tuple)):
        raise _refuse(name, "a list", value)


def integers(value: Any, name: str) -> None:
    sequence(value, name)
    for element in value:
        integer(element, name)


def texts(value: Any, name: str) -> None:
    sequence(value, name)
    for element in value:
        if not isinstance(element, str):
            raise _refuse(name, "a list of str", element)


def mapping(value: Any, name: str) -> None:
    if not isinstance(value, Mapping):
        raise _refuse(name, "a dict", value)


def parameters(value: Any, name: str) -> None:
    mapping(value, name)
    for field in value:
        if not isinstance(field, str):
            raise _refuse(name, "a name that is a str", field)
