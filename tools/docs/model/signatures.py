"""Prints as JSON what the Python package in a folder has for each function of C: signatures.py FOLDER

The classes and names are those of `tsvirtclass.txt`; parameters, hints and doc comments those of the code itself.
"""

import inspect
import json
import sys
from pathlib import Path

folder = Path(sys.argv[1])
sys.path.insert(0, str(folder))
import tsvirt  # noqa: E402


def told(name, hint, default):
    return {"name": name, "hint": hint, "default": default}


def hint_of(annotation):
    return "" if annotation is inspect.Parameter.empty else str(annotation).strip("'\"")


def described(owner, method, function):
    callable_ = getattr(tsvirt if owner is None else getattr(tsvirt, owner), method)
    signature = inspect.signature(callable_)
    parameters = [each for each in signature.parameters.values() if each.name != "self"]
    return {
        "function": function,
        "class": owner,
        "method": method,
        "parameters": [
            told(each.name, hint_of(each.annotation), None if each.default is each.empty else repr(each.default))
            for each in parameters
        ],
        "returns": hint_of(signature.return_annotation),
        "doc": inspect.getdoc(callable_) or "",
    }


methods, left_out, section = [], {}, None
for line in (folder / "tsvirt" / "tsvirtclass.txt").read_text(encoding="utf-8").splitlines():
    if line and not line.startswith((" ", "#")):
        section = line
    elif line.startswith(" "):
        function, rest = line.strip().split(None, 1)
        if section == "left out":
            left_out[function] = rest
        else:
            owner = section[len("class ") :] if section.startswith("class ") else None
            methods.append(described(owner, rest, function))
print(json.dumps({"methods": methods, "leftOut": left_out}))
