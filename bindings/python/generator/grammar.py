"""Which elements and attributes ``api.xml`` may have. Whatever else is in a document might matter, so it is refused."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from typing import Dict, FrozenSet, Tuple


class UnknownPart(Exception):
    """Something in the document that this generator does not know."""


_NUMBERED = "name program number family since"
_TYPES = (
    "int uint hyper uhyper bool double char uchar ushort void string opaque chars text fixedOpaque fixedText optional "
    "array fixedArray shape struct union enumeration"
)

#: The attributes and the children of each element.
_RULES: Dict[str, Tuple[str, str]] = {
    "api": (
        "name version libvirt",
        "programs limits numbers enums structures callbacks shapes procedures events classes commonErrors functions leftOut",
    ),
    "programs": ("", "program"),
    "program": ("name number version", ""),
    "limits": ("", "limit"),
    "limit": ("name value", ""),
    "numbers": ("", "number"),
    "number": ("name value", ""),
    "enums": ("", "enum"),
    "enum": ("name kind type", "doc value"),
    "value": ("name key value parameter words", ""),
    "doc": ("", ""),
    "structures": ("", "structure"),
    "structure": ("name module since", "member"),
    "member": ("name type unit", ""),
    "callbacks": ("", "callback"),
    "callback": ("name module since returns", "parameter"),
    "parameter": ("name type", ""),
    "shapes": ("", "shape"),
    "shape": ("name", "field"),
    "field": ("name", _TYPES),
    **{word: ("", "") for word in "int uint hyper uhyper bool double char uchar ushort void".split()},
    **{word: ("max", "") for word in "string opaque chars text".split()},
    **{word: ("length", "") for word in "fixedOpaque fixedText".split()},
    "optional": ("", _TYPES),
    "array": ("max", _TYPES),
    "fixedArray": ("length", _TYPES),
    "struct": ("", "field"),
    "union": ("", "arm"),
    "arm": ("type", _TYPES),
    "enumeration": ("", "value"),
    "procedures": ("", "procedure"),
    "procedure": (f"{_NUMBERED} function priority phase descriptors", "opens readOnly permission arguments result"),
    "opens": ("direction argument sparseFlag", ""),
    "readOnly": ("rule field has is", ""),
    "permission": ("name when field bits", ""),
    "arguments": ("", "field"),
    "result": ("", "field"),
    "events": ("", "event"),
    "event": (f"{_NUMBERED} eventID key callback hasCallbackID", "message"),
    "message": ("", "field"),
    "classes": ("", "class"),
    "class": ("name type shape", "doc"),
    "commonErrors": ("", "error"),
    "error": ("code", ""),
    "functions": ("", "function"),
    "function": (
        "name module kind since class method readOnly reason",
        "doc argument returns calls constant error",
    ),
    "argument": ("name type direction role sends takes nullable unit enum names", "doc"),
    "returns": ("type takes unit", ""),
    "calls": ("procedure", ""),
    "constant": ("field value", ""),
    "leftOut": ("", "left"),
    "left": ("kind names reason", ""),
}

_ATTRIBUTES: Dict[str, FrozenSet[str]] = {name: frozenset(rule[0].split()) for name, rule in _RULES.items()}
_CHILDREN: Dict[str, FrozenSet[str]] = {name: frozenset(rule[1].split()) for name, rule in _RULES.items()}


def check(root: ElementTree.Element) -> None:
    """Raises ``UnknownPart``, which names the element, for what is not in the rules."""
    if root.tag != "api":
        raise UnknownPart(f"the document's root is <{root.tag}>")
    missing = _CHILDREN["api"] - {child.tag for child in root}
    if missing:
        raise UnknownPart(f"<api> without <{min(missing)}>")
    for element in root.iter():
        for name in element.keys():
            if name not in _ATTRIBUTES[element.tag]:
                raise UnknownPart(f"the attribute '{name}' of {_told(element)}")
        for child in element:
            if child.tag not in _CHILDREN[element.tag]:
                raise UnknownPart(f"<{child.tag}> in {_told(element)}")


def _told(element: ElementTree.Element) -> str:
    name = element.get("name")
    return f"<{element.tag}>" if name is None else f"<{element.tag} name='{name}'>"
