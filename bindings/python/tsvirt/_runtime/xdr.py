"""XDR: readers and writers, derived lazily from the description of each structure.

A type is one of these, in the words of ``api.xml``:

    "int" "uint" "char" "uchar" "ushort" "hyper" "uhyper" "bool" "double" "void"
    ("string", max)            a str of at most so many bytes
    ("opaque", max)            bytes
    ("fixedOpaque", n)         exactly n bytes
    ("chars", max)             bytes, one 4-byte word each
    ("text", max)              a str, one 4-byte word for each byte
    ("fixedText", n)           the same in exactly n words, with nulls behind it
    ("array", type, max)       a list
    ("fixedArray", type, n)    exactly n elements
    ("optional", type)         None or the value
    ("struct", fields)         ((name, type), ...)
    ("shape", name)            a structure or union that has a name
    ("union", ((tag, type), ...))    (tag, value)
    ("enumeration", (values))  one of these ints

A writer appends to a ``bytearray`` and raises ``TypeError``, ``OverflowError`` or ``ValueError`` that names the field. A
reader is given the bytes and a place in them, and gives the value and the place behind it.
"""

from __future__ import annotations

import struct as _struct
from collections import namedtuple
from typing import Any, Callable, Dict, Mapping, Sequence, Tuple, Union

Type = Union[str, Tuple[Any, ...]]
Fields = Sequence[Tuple[str, Type]]
Writer = Callable[[bytearray, Any], None]
Reader = Callable[[bytes, int], Tuple[Any, int]]

_INT = _struct.Struct(">i")
_UINT = _struct.Struct(">I")
_HYPER = _struct.Struct(">q")
_UHYPER = _struct.Struct(">Q")
_DOUBLE = _struct.Struct(">d")
_PADDING = (b"", b"\0\0\0", b"\0\0", b"\0")


class XdrError(ValueError):
    """Bytes that are not what the description says."""


def _integer(form: _struct.Struct, name: str) -> Tuple[Writer, Reader]:
    pack, unpack, size = form.pack, form.unpack_from, form.size

    def write(out: bytearray, value: Any) -> None:
        try:
            out += pack(value)
        except _struct.error:
            if isinstance(value, int):
                raise OverflowError(f"{value} does not fit into {name}") from None
            raise TypeError(f"an integer is required, not {type(value).__name__}") from None

    def read(data: bytes, at: int) -> Tuple[int, int]:
        return unpack(data, at)[0], at + size

    return write, read


def _boolean() -> Tuple[Writer, Reader]:
    def write(out: bytearray, value: Any) -> None:
        if not isinstance(value, int) or value not in (0, 1):
            raise TypeError(f"a bool is required, not {value!r}")
        out += _INT.pack(value)

    def read(data: bytes, at: int) -> Tuple[bool, int]:
        value = _INT.unpack_from(data, at)[0]
        if value not in (0, 1):
            raise XdrError(f"{value} is no bool")
        return value == 1, at + 4

    return write, read


def _double() -> Tuple[Writer, Reader]:
    def write(out: bytearray, value: Any) -> None:
        if not isinstance(value, (int, float)):
            raise TypeError(f"a float is required, not {type(value).__name__}")
        out += _DOUBLE.pack(value)

    def read(data: bytes, at: int) -> Tuple[float, int]:
        return _DOUBLE.unpack_from(data, at)[0], at + 8

    return write, read


def _take(data: bytes, at: int, size: int) -> bytes:
    end = at + size
    if end > len(data):
        raise XdrError(f"{size} bytes are announced, {len(data) - at} are there")
    return data[at:end]


def _put(out: bytearray, content: bytes, most: int) -> None:
    size = len(content)
    if size > most:
        raise ValueError(f"{size} bytes are more than the {most} that may be")
    out += _UINT.pack(size)
    out += content
    out += _PADDING[size & 3]


def _encoded(value: Any) -> bytes:
    if not isinstance(value, str):
        raise TypeError(f"a str is required, not {type(value).__name__}")
    content = value.encode("utf-8", "surrogateescape")
    if 0 in content:
        raise ValueError("embedded null character")
    return content


def _string(most: int) -> Tuple[Writer, Reader]:
    unpack = _UINT.unpack_from

    def write(out: bytearray, value: Any) -> None:
        _put(out, _encoded(value), most)

    def read(data: bytes, at: int) -> Tuple[str, int]:
        size = unpack(data, at)[0]
        if size > most:
            raise XdrError(f"a string of {size} bytes is too long")
        at += 4
        return _take(data, at, size).decode("utf-8", "surrogateescape"), at + ((size + 3) & ~3)

    return write, read


def _opaque(most: int) -> Tuple[Writer, Reader]:
    def write(out: bytearray, value: Any) -> None:
        if not isinstance(value, (bytes, bytearray, memoryview)):
            raise TypeError(f"a bytes-like object is required, not {type(value).__name__}")
        _put(out, bytes(value), most)

    def read(data: bytes, at: int) -> Tuple[bytes, int]:
        size = _UINT.unpack_from(data, at)[0]
        if size > most:
            raise XdrError(f"{size} bytes are more than the {most} that may be")
        at += 4
        return _take(data, at, size), at + ((size + 3) & ~3)

    return write, read


def _fixed(size: int) -> Tuple[Writer, Reader]:
    padding = _PADDING[size & 3]
    step = size + len(padding)

    def write(out: bytearray, value: Any) -> None:
        if not isinstance(value, (bytes, bytearray)):
            raise TypeError(f"a bytes-like object is required, not {type(value).__name__}")
        if len(value) != size:
            raise ValueError(f"{size} bytes are required, not {len(value)}")
        out += value
        out += padding

    def read(data: bytes, at: int) -> Tuple[bytes, int]:
        return _take(data, at, size), at + step

    return write, read


def _chars(most: int) -> Tuple[Writer, Reader]:
    def write(out: bytearray, value: Any) -> None:
        if not isinstance(value, (bytes, bytearray)):
            raise TypeError(f"a bytes-like object is required, not {type(value).__name__}")
        if len(value) > most:
            raise ValueError(f"{len(value)} characters are more than the {most} that may be")
        out += _UINT.pack(len(value))
        out += _words(value)

    def read(data: bytes, at: int) -> Tuple[bytes, int]:
        size = _UINT.unpack_from(data, at)[0]
        if size > most:
            raise XdrError(f"{size} characters are more than the {most} that may be")
        at += 4
        return _bytes(_take(data, at, size * 4)), at + size * 4

    return write, read


def _words(content: bytes) -> bytes:
    """A character is signed, in a word of its own."""
    return _struct.pack(f">{len(content)}i", *(byte - 256 if byte > 127 else byte for byte in content))


def _bytes(words: bytes) -> bytes:
    return words[3::4]


def _text(most: int) -> Tuple[Writer, Reader]:
    write_chars, read_chars = _chars(most)

    def write(out: bytearray, value: Any) -> None:
        write_chars(out, _encoded(value))

    def read(data: bytes, at: int) -> Tuple[str, int]:
        content, at = read_chars(data, at)
        # C's null behind it may be counted.
        return content.split(b"\0", 1)[0].decode("utf-8", "surrogateescape"), at

    return write, read


def _fixed_text(size: int) -> Tuple[Writer, Reader]:
    def write(out: bytearray, value: Any) -> None:
        content = _encoded(value)
        if len(content) >= size:
            raise ValueError(f"{len(content)} bytes are more than the {size - 1} that may be")
        out += _words(content + bytes(size - len(content)))

    def read(data: bytes, at: int) -> Tuple[str, int]:
        content = _bytes(_take(data, at, size * 4))
        return content.split(b"\0", 1)[0].decode("utf-8", "surrogateescape"), at + size * 4

    return write, read


def _enumeration(values: Sequence[int]) -> Tuple[Writer, Reader]:
    write_int, read_int = _SIMPLE["int"]

    def write(out: bytearray, value: Any) -> None:
        if isinstance(value, int) and value not in values:
            raise ValueError(f"{value} is none of {list(values)}")
        write_int(out, value)

    return write, read_int


def _optional(inner: Tuple[Writer, Reader]) -> Tuple[Writer, Reader]:
    write_inner, read_inner = inner
    absent, present = _INT.pack(0), _INT.pack(1)

    def write(out: bytearray, value: Any) -> None:
        if value is None:
            out += absent
            return
        out += present
        write_inner(out, value)

    def read(data: bytes, at: int) -> Tuple[Any, int]:
        there = _INT.unpack_from(data, at)[0]
        if there == 0:
            return None, at + 4
        if there != 1:
            raise XdrError(f"{there} says neither that a value is there nor that it is not")
        return read_inner(data, at + 4)

    return write, read


def _elements(inner: Tuple[Writer, Reader], count: int, most: int) -> Tuple[Writer, Reader]:
    """A list: of exactly ``count`` elements, or with its length in front (``count`` below 0)."""
    write_inner, read_inner = inner

    def write(out: bytearray, value: Any) -> None:
        if not isinstance(value, (list, tuple)):
            raise TypeError(f"a list is required, not {type(value).__name__}")
        size = len(value)
        if count >= 0 and size != count:
            raise ValueError(f"{count} elements are required, not {size}")
        if size > most:
            raise ValueError(f"{size} elements are more than the {most} that may be")
        if count < 0:
            out += _UINT.pack(size)
        for element in value:
            write_inner(out, element)

    def read(data: bytes, at: int) -> Tuple[list, int]:
        size = count
        if count < 0:
            size = _UINT.unpack_from(data, at)[0]
            at += 4
            if size > most or size > len(data):
                raise XdrError(f"{size} elements are more than may be or are there")
        values = []
        append = values.append
        for _ in range(size):
            value, at = read_inner(data, at)
            append(value)
        return values, at

    return write, read


class Codecs:
    """The readers and writers of a description; each is made when it is first asked for."""

    def __init__(self, shapes: Mapping[str, Type]) -> None:
        self._shapes = shapes
        self._made: Dict[str, Tuple[Writer, Reader]] = {}

    def fields(self, name: str, fields: Fields) -> Tuple[Writer, Reader]:
        """Writer and reader of fields one after another: they are written from a sequence or a mapping, and read as a
        named tuple. ``name`` is theirs alone."""
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = self._structure(name, fields)
        return made

    def shape(self, name: str) -> Tuple[Writer, Reader]:
        """Writer and reader of a structure or union that has a name."""
        made = self._made.get(name)
        if made is None:
            kind = self._shapes[name]
            made = self._structure(name, kind[1]) if kind[0] == "struct" else self.of(kind)
            self._made[name] = made
        return made

    def of(self, kind: Type) -> Tuple[Writer, Reader]:
        """Writer and reader of a type. An unknown one is a ``KeyError`` with its name."""
        if isinstance(kind, str):
            return _SIMPLE[kind]
        word = kind[0]
        if word in _SIZED:
            return _SIZED[word](kind[1])
        if word == "optional":
            return _optional(self.of(kind[1]))
        if word == "array":
            return _elements(self.of(kind[1]), -1, kind[2])
        if word == "fixedArray":
            return _elements(self.of(kind[1]), kind[2], kind[2])
        if word == "struct":
            return self._structure("structure", kind[1])
        if word == "shape":
            return self.shape(kind[1])
        if word == "union":
            return self._union(dict(kind[1]))
        raise KeyError(word)

    def _structure(self, name: str, fields: Fields) -> Tuple[Writer, Reader]:
        names = [field for field, _ in fields]
        shape = namedtuple(name, names, rename=True)  # type: ignore[misc]
        make = shape._make
        pairs = [(field, self.of(kind)) for field, kind in fields]
        writers = [(field, writer) for field, (writer, _) in pairs]
        readers = [reader for _, (_, reader) in pairs]

        def write(out: bytearray, value: Any) -> None:
            if isinstance(value, Mapping):
                value = [value[field] for field in names]
            elif len(value) != len(names):
                raise ValueError(f"{name} has {len(names)} fields, not {len(value)}")
            field = name
            try:
                for (field, writer), part in zip(writers, value):
                    writer(out, part)
            except (TypeError, OverflowError, ValueError) as error:
                raise type(error)(f"{field}: {error}") from None

        def read(data: bytes, at: int) -> Tuple[Any, int]:
            values = []
            for reader in readers:
                value, at = reader(data, at)
                values.append(value)
            return make(values), at

        return write, read

    def _union(self, cases: Mapping[int, Any]) -> Tuple[Writer, Reader]:
        codecs = {tag: self.of(kind) for tag, kind in cases.items()}

        def write(out: bytearray, value: Any) -> None:
            tag, content = value
            if tag not in codecs:
                raise ValueError(f"{tag} is none of {sorted(codecs)}")
            out += _INT.pack(tag)
            codecs[tag][0](out, content)

        def read(data: bytes, at: int) -> Tuple[Tuple[int, Any], int]:
            tag = _INT.unpack_from(data, at)[0]
            if tag not in codecs:
                raise XdrError(f"{tag} is none of {sorted(codecs)}")
            content, at = codecs[tag][1](data, at + 4)
            return (tag, content), at

        return write, read


def _void() -> Tuple[Writer, Reader]:
    return lambda out, value: None, lambda data, at: (None, at)


_SIMPLE: Dict[str, Tuple[Writer, Reader]] = {
    "int": _integer(_INT, "an int"),
    "uint": _integer(_UINT, "an unsigned int"),
    "char": _integer(_INT, "a char"),
    "uchar": _integer(_UINT, "an unsigned char"),
    "ushort": _integer(_UINT, "an unsigned short"),
    "hyper": _integer(_HYPER, "a 64-bit int"),
    "uhyper": _integer(_UHYPER, "an unsigned 64-bit int"),
    "bool": _boolean(),
    "double": _double(),
    "void": _void(),
}

_SIZED: Dict[str, Callable[[Any], Tuple[Writer, Reader]]] = {
    "string": _string,
    "opaque": _opaque,
    "fixedOpaque": _fixed,
    "chars": _chars,
    "text": _text,
    "fixedText": _fixed_text,
    "enumeration": _enumeration,
}


def decode(reader: Reader, data: bytes, at: int) -> Any:
    """Reads a whole body. Anything short, wrong or left over is an ``XdrError``."""
    try:
        value, end = reader(data, at)
    except _struct.error as error:
        raise XdrError(f"the message is too short: {error}") from None
    if end != len(data):
        raise XdrError(f"{len(data) - end} bytes are left over")
    return value
