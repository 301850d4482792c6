"""Reads ``api.xml`` and writes the generated modules into the package beside this one, or into another folder."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Dict, List, Tuple

from . import emit
from .document import Document, Function, UnknownPart, read
from .methods import LeftOut, Method, Planner, overrides_of
from .names import class_of, method_of

_PACKAGE = Path(__file__).resolve().parent.parent / "tsvirt"

#: Events by family, and what they are about.
_FAMILIES = {
    "domain": "Domain",
    "network": "Network",
    "storagePool": "StoragePool",
    "nodeDevice": "NodeDevice",
    "secret": "Secret",
}

#: Functions without which programs do, and why.
_NOT_THERE = {"virDefaultErrorFunc": "what no handler takes is printed without being asked"}


def main(arguments: List[str]) -> int:
    if len(arguments) not in (1, 2):
        sys.stderr.write("usage: python3 -m generator API.XML [FOLDER]\n")
        return 2
    folder = Path(arguments[1]) if len(arguments) == 2 else _PACKAGE
    try:
        files = generate(read(arguments[0]))
    except UnknownPart as error:
        sys.stderr.write(f"{arguments[0]}: {error}: this generator does not know it\n")
        return 1
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return 0


def generate(document: Document) -> Dict[str, str]:
    """The generated files by their names."""
    planner = Planner(document, overrides_of(_overrides()))
    methods = planner.methods()
    by_hand, left_out = _by_hand(planner, document)
    return {
        "_description.py": emit.description(document, _events(document)),
        "_constants.py": emit.constants(document),
        "_classes.py": _face(document, methods, asynchronous=False),
        "_aio_classes.py": _face(document, methods, asynchronous=True),
        "tsvirtclass.txt": emit.listing(methods, by_hand, left_out),
    }


def _overrides() -> Tuple[ModuleType, ...]:
    """The modules of the overrides, without the rest of the package, which may not be there yet."""
    package = ModuleType("tsvirt")
    package.__path__ = [str(_PACKAGE)]
    sys.modules["tsvirt"] = package
    return tuple(importlib.import_module(f"tsvirt._overrides.{name}") for name in _override_names())


def _override_names() -> List[str]:
    return sorted(path.stem for path in (_PACKAGE / "_overrides").glob("[a-z]*.py"))


def _events(document: Document) -> Dict[str, Tuple[Any, int, str, str]]:
    found: Dict[str, Tuple[Any, int, str, str]] = {}
    for event in document.events:
        # What has no number of a registration is for clients from before there were any.
        if event.id is None or not event.has_callback or event.family not in _FAMILIES:
            continue
        about = document.classes[_FAMILIES[event.family]]
        found[event.name] = (event.family, event.id, about.type, about.shape or "")
    return found


def _face(document: Document, methods: List[Method], *, asynchronous: bool) -> str:
    prefix = "Aio" if asynchronous else ""
    bases = {
        each.type: f"{prefix}ObjectBase"
        for each in document.classes.values()
        if each.shape is not None and not each.name.startswith("Admin")
    }
    bases = {"virConnect": f"{prefix}ConnectionBase", **bases}
    imports = [
        "from typing import Any, Dict, List, Optional, Sequence, Tuple",
        "",
        f"from ._overrides import {', '.join(_override_names())}",
        "from ._runtime import checks",
        *(
            ["from ._runtime.aio import AioConnectionBase, AioObjectBase"]
            if asynchronous
            else ["from ._runtime.classic import ConnectionBase", "from ._runtime.connection import ObjectBase"]
        ),
        "from ._runtime.values import absolute, uuid_text",
    ]
    return emit.classes(emit.Face(asynchronous=asynchronous), bases, document, methods, imports)


def _by_hand(planner: Planner, document: Document) -> Tuple[List[Tuple[str, str, str]], List[LeftOut]]:
    by_hand, left_out = [], list(planner.left_out)
    for owner, function in planner.by_hand:
        if function.kind == "reference":
            left_out.append(LeftOut(function.name, "Python counts references by itself"))
        elif function.name in _NOT_THERE:
            left_out.append(LeftOut(function.name, _NOT_THERE[function.name]))
        else:
            by_hand.append((owner, function.name, _hand_name(owner, function, document)))
    return by_hand, left_out


def _hand_name(owner: str, function: Function, document: Document) -> str:
    if class_of(function, document) is None:
        special = {"virSetErrorFunc": "registerErrorHandler", "virGetVersion": "getVersion"}
        name = function.name
        if name.startswith("virConnectOpen"):
            return "open" + name[len("virConnectOpen") :]
        return special.get(name, name)
    return method_of(function, owner)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
