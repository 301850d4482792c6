"""Prints the modules of the binding."""

from __future__ import annotations

import textwrap
from typing import Any, Dict, Iterable, List, Tuple

from .document import Document, Function
from .methods import LeftOut, Method

_HEAD = '"""{}\n\nMade from api.xml by the generator; changes belong there."""\n\nfrom __future__ import annotations\n'

_WIDTH = 116


def description(document: Document, events: Dict[str, Tuple[Any, int, str, str]]) -> str:
    """Procedures, events and shapes, as the runtime has them."""
    lines = [_HEAD.format("What goes over the wire."), "", "from ._runtime.session import Procedure", "from ._runtime.values import EventKind", ""]
    lines.append("SHAPES = {")
    lines += [f"    {name!r}: {shape!r}," for name, shape in document.shapes.items()]
    lines += ["}", "", "PROCEDURES = {"]
    for each in document.procedures.values():
        lines.append(f"    {each.name!r}: Procedure({each.program}, {each.number}, {each.function!r}, {each.arguments!r}, {each.result!r}),")
    for event in document.events:
        lines.append(f"    {event.name!r}: Procedure({event.program}, {event.number}, '', {event.message!r}, (), True),")
    lines += ["}", "", "EVENTS = {"]
    lines += [f"    {name!r}: EventKind{kind!r}," for name, kind in events.items()]
    lines += ["}", ""]
    return "\n".join(lines)


def constants(document: Document) -> str:
    """Every constant, by its name in C."""
    lines = [_HEAD.format("libvirt's constants, by their names in C."), ""]
    major, minor, release = (int(part) for part in document.libvirt.split("."))
    lines.append(f"LIBVIR_VERSION_NUMBER = {major * 1_000_000 + minor * 1_000 + release}")
    seen: Dict[str, Any] = {}
    for name, value in document.numbers.items():
        seen[name] = value
        lines.append(f"{name} = {value!r}")
    for enum in document.enums:
        if enum.kind == "wire":
            continue
        lines += ["", f"# {enum.name}: {enum.doc}" if enum.doc else f"# {enum.name}"]
        for name, value, _ in enum.values:
            if seen.get(name, value) != value:
                raise ValueError(f"{name} is {seen[name]} and {value}")
            if name not in seen:
                seen[name] = value
                lines.append(f"{name} = {value!r}")
    domains = next(enum for enum in document.enums if enum.kind == "domains")
    words = [each[2] or "" for each in sorted(domains.values, key=lambda each: each[1])]
    lines += ["", "#: The words for error domains, by their numbers.", f"_ERROR_DOMAINS = {tuple(words)!r}", ""]
    return "\n".join(lines)


class Face:
    """How a face writes a method."""

    def __init__(self, *, asynchronous: bool) -> None:
        self.asynchronous = asynchronous

    def method(self, method: Method) -> str:
        waits = any("{call}" in line or "{run}" in line for line in method.body)
        begin = "async def" if waits and self.asynchronous else "def"
        own = "self." if method.owner == "virConnect" else "self._conn."
        lines = [f"    {begin} {method.name}({', '.join(['self', *method.parameters])}) -> {method.returns}:"]
        lines.append(textwrap.indent(_doc(method.function), "        "))
        for line in method.body:
            if self.asynchronous:
                line = line.replace("return {run}(", "return await {run}(")
                line = _awaited(line)
            text = line.replace("{call}", f"{own}_call").replace("{run}", f"{own}_run").replace("{own}", own)
            if method.owner == "virConnect":
                text = text.replace("(self._conn, ", "(self, ")
            lines.append(f"        {text}")
        return "\n".join(lines)


def _awaited(line: str) -> str:
    """`{call}(...).field` becomes `(await {call}(...)).field`."""
    at = line.find("{call}(")
    if at < 0:
        return line
    depth, end = 0, at + len("{call}")
    for index in range(end, len(line)):
        depth += {"(": 1, ")": -1}.get(line[index], 0)
        if depth == 0:
            end = index + 1
            break
    inner = f"await {line[at:end]}"
    if end < len(line):
        inner = f"({inner})"
    return line[:at] + inner + line[end:]


def classes(face: Face, bases: Dict[str, str], document: Document, methods: Iterable[Method], imports: List[str]) -> str:
    """The classes of a face."""
    by_owner: Dict[str, List[Method]] = {}
    for method in methods:
        by_owner.setdefault(method.owner, []).append(method)
    title = "The classes of the asyncio face." if face.asynchronous else "The classes, with the names of libvirt's own module."
    present = [each for each in document.classes.values() if each.type in bases]
    names = [f'    "{each.type}",' for each in present]
    parts = [_HEAD.format(title), "", *imports, "", "__all__ = [", *names, "]", ""]
    for each in present:
        parts += ["", f"class {each.type}({bases[each.type]}):", f'    """{each.doc}"""', ""]
        printed = [face.method(method) for method in by_owner.get(each.type, [])]
        parts += ["\n\n".join(printed) if printed else "    pass", ""]
    return "\n".join(parts)


def _doc(function: Function) -> str:
    lines = textwrap.wrap(function.doc or function.name, _WIDTH - 12)
    about = [f"{each.name}: {each.doc}" for each in function.arguments[1:] if each.doc and each.role == "value" and each.direction != "out"]
    body = [*lines, ""]
    for each in about:
        body += textwrap.wrap(each, _WIDTH - 12, subsequent_indent="    ")
    if about:
        body.append("")
    body.append(f"C: {function.name}, since {function.since}.")
    text = "\n".join(body).replace("\\", "\\\\").replace('"""', "'''")
    return f'"""{text}"""'


def listing(methods: Iterable[Method], by_hand: Iterable[Tuple[str, str, str]], left_out: Iterable[LeftOut]) -> str:
    """Which method each function of C became."""
    lines = ["# Which method each C function became, by class. Made from api.xml by the generator.", ""]
    rows = [(each.owner, each.function.name, each.name) for each in methods] + list(by_hand)
    for owner in sorted({row[0] for row in rows}):
        lines.append(f"class {owner}" if owner != "-" else "functions of the module")
        lines += [f"    {function:<45} {name}" for of, function, name in sorted(rows) if of == owner]
        lines.append("")
    lines.append("left out")
    lines += [f"    {each.function:<45} {each.reason}" for each in sorted(left_out, key=lambda each: each.function)]
    lines.append("")
    return "\n".join(lines)


