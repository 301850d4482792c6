"""Reads ``api.xml``. Anything in it that is not known here ends the generator with its name."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Tuple

from . import grammar
from .grammar import UnknownPart

Element = ElementTree.Element


@dataclass(frozen=True)
class Argument:
    name: str
    type: str
    direction: str
    role: str
    sends: Optional[str]
    takes: Optional[str]
    nullable: bool
    unit: Optional[str]
    enum: Optional[str]
    doc: str


@dataclass(frozen=True)
class Function:
    name: str
    module: str
    kind: str
    since: str
    doc: str
    arguments: Tuple[Argument, ...]
    returns: str
    takes: Optional[str]
    procedures: Tuple[str, ...]
    #: Fields that no argument fills, and what stands in them.
    constants: Mapping[str, int]
    errors: Tuple[str, ...]
    reason: Optional[str]


@dataclass(frozen=True)
class Procedure:
    name: str
    program: int
    number: int
    #: The function that calls it, in C.
    function: str
    #: Whether open files travel with it.
    has_files: bool
    arguments: Any
    result: Any


@dataclass(frozen=True)
class Event:
    name: str
    program: int
    number: int
    family: str
    #: What programs register for; None for what they do not register for by number.
    id: Optional[int]
    has_callback: bool
    message: Any


@dataclass(frozen=True)
class Class:
    name: str
    #: Its type in C, without `Ptr`.
    type: str
    #: What stands for it on the wire; None for connections and streams.
    shape: Optional[str]
    doc: str


@dataclass(frozen=True)
class Enum:
    name: str
    kind: str
    doc: str
    #: (name in C, value, words)
    values: Tuple[Tuple[str, Any, Optional[str]], ...]


@dataclass(frozen=True)
class Document:
    version: str
    #: The release of libvirt whose API it is.
    libvirt: str
    programs: Mapping[str, int]
    numbers: Mapping[str, int]
    enums: Tuple[Enum, ...]
    shapes: Mapping[str, Any]
    procedures: Mapping[str, Procedure]
    events: Tuple[Event, ...]
    classes: Mapping[str, Class]
    functions: Tuple[Function, ...]


def read(path: str) -> Document:
    """The document. Raises ``UnknownPart`` for what is not known."""
    root = ElementTree.parse(path).getroot()
    grammar.check(root)
    parts: Dict[str, List[Element]] = {child.tag: list(child) for child in root}
    programs = {each.attrib["name"]: int(each.attrib["number"]) for each in parts["programs"]}
    return Document(
        version=root.attrib["version"],
        libvirt=root.attrib["libvirt"],
        programs=programs,
        numbers={each.attrib["name"]: int(each.attrib["value"]) for each in parts["numbers"]},
        enums=tuple(_enum(each) for each in parts["enums"]),
        shapes={each.attrib["name"]: _shape(each) for each in parts["shapes"]},
        procedures={each.attrib["name"]: _procedure(each, programs) for each in parts["procedures"]},
        events=tuple(_event(each, programs) for each in parts["events"]),
        classes={each.attrib["name"]: _class(each) for each in parts["classes"]},
        functions=tuple(_function(each) for each in parts["functions"]),
    )


_SIMPLE = ("int", "uint", "char", "uchar", "ushort", "hyper", "uhyper", "bool", "double", "void")
_KINDS = ("call", "stream", "sequence", "attribute", "reference", "connection", "packets", "library")
_ROLES = ("value", "length", "callback", "opaque", "descriptors", "stream")


def _one_of(word: str, known: Tuple[str, ...], where: str) -> str:
    if word not in known:
        raise UnknownPart(f"'{word}' in {where}")
    return word


def _doc(element: Element) -> str:
    return " ".join((element.findtext("doc") or "").split())


def _enum(element: Element) -> Enum:
    values = []
    kind = _one_of(
        element.attrib["kind"],
        ("values", "flags", "strings", "errors", "domains", "levels", "wire"),
        f"<enum name='{element.attrib['name']}'>",
    )
    for child in element:
        if child.tag == "value":
            text = child.attrib["value"]
            value: Any = text if kind == "strings" else int(text)
            values.append((child.attrib["name"], value, child.get("words")))
    return Enum(element.attrib["name"], kind, _doc(element), tuple(values))


def wire_type(element: Element) -> Any:
    """A type as the runtime has it."""
    name = element.tag
    if name in _SIMPLE:
        return name
    if name in ("string", "opaque", "chars", "text"):
        return name, int(element.attrib["max"])
    if name in ("fixedOpaque", "fixedText"):
        return name, int(element.attrib["length"])
    if name == "shape":
        return name, element.attrib["name"]
    if name == "struct":
        return name, _fields(element)
    if name == "union":
        arms = [(int(arm.attrib["type"]), wire_type(arm[0])) for arm in element]
        return name, tuple(arms)
    if name == "enumeration":
        return name, tuple(int(value.attrib["value"]) for value in element)
    if name == "optional":
        return name, wire_type(element[0])
    if name == "array":
        return name, wire_type(element[0]), int(element.attrib["max"])
    if name == "fixedArray":
        return name, wire_type(element[0]), int(element.attrib["length"])
    raise UnknownPart(f"the type <{name}>")


def _fields(element: Optional[Element]) -> Tuple[Tuple[str, Any], ...]:
    if element is None:
        return ()
    return tuple((field.attrib["name"], wire_type(field[0])) for field in element)


def _shape(element: Element) -> Any:
    fields = _fields(element)
    # A union, which has no fields, stands in one field of this name.
    if len(fields) == 1 and fields[0][0] == "value" and fields[0][1][0] == "union":
        return fields[0][1]
    return "struct", fields


def _procedure(element: Element, programs: Mapping[str, int]) -> Procedure:
    return Procedure(
        element.attrib["name"],
        programs[element.attrib["program"]],
        int(element.attrib["number"]),
        element.attrib["function"],
        element.attrib["descriptors"] != "none",
        _fields(element.find("arguments")),
        _fields(element.find("result")),
    )


def _event(element: Element, programs: Mapping[str, int]) -> Event:
    number = element.get("eventID")
    return Event(
        element.attrib["name"],
        programs[element.attrib["program"]],
        int(element.attrib["number"]),
        element.attrib["family"],
        None if number is None else int(number),
        element.get("hasCallbackID") == "yes",
        _fields(element.find("message")),
    )


def _class(element: Element) -> Class:
    kind = element.attrib["type"]
    if not kind.endswith("Ptr"):
        raise UnknownPart(f"the class {element.attrib['name']} of the type {kind}")
    return Class(element.attrib["name"], kind[:-3], element.get("shape"), _doc(element))


def _function(element: Element) -> Function:
    name = element.attrib["name"]
    arguments, constants, procedures, errors = [], {}, [], []
    returns, takes = "void", None
    for child in element:
        if child.tag == "argument":
            arguments.append(_argument(child, name))
        elif child.tag == "returns":
            returns, takes = child.attrib["type"], child.get("takes")
        elif child.tag == "calls":
            procedures.append(child.attrib["procedure"])
        elif child.tag == "constant":
            constants[child.attrib["field"]] = int(child.attrib["value"])
        elif child.tag == "error":
            errors.append(child.attrib["code"])
    return Function(
        name=name,
        module=element.attrib["module"],
        kind=_one_of(element.attrib["kind"], _KINDS, f"<function name='{name}'>"),
        since=element.attrib["since"],
        doc=_doc(element),
        arguments=tuple(arguments),
        returns=returns,
        takes=takes,
        procedures=tuple(procedures),
        constants=constants,
        errors=tuple(errors),
        reason=element.get("reason"),
    )


def _argument(element: Element, function: str) -> Argument:
    where = f"<argument name='{element.attrib['name']}'> of {function}"
    return Argument(
        name=element.attrib["name"],
        type=element.attrib["type"],
        direction=_one_of(element.attrib["direction"], ("in", "out", "inout"), where),
        role=_one_of(element.attrib["role"], _ROLES, where),
        sends=element.get("sends"),
        takes=element.get("takes"),
        nullable=element.get("nullable") == "yes",
        unit=element.get("unit"),
        enum=element.get("enum"),
        doc=_doc(element),
    )
