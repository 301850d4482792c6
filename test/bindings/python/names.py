"""Compares the names of the official module with those of `tsvirt`, which lies in a folder: names.py FOLDER

Prints a JSON list of what differs: constants, functions, classes, methods, the parameters that programs may leave out.
"""

import inspect
import json
import sys

import libvirt

sys.path.insert(0, sys.argv[1])
import tsvirt  # noqa: E402

differences = []


def parameters(function):
    """Names and defaults, but for the object itself."""
    found = list(inspect.signature(function).parameters.values())
    return [(each.name, each.default) for each in found if each.name != "self"]


def compare(where, theirs, ours):
    for name in dir(theirs):
        # What the official module imports for itself is no part of it.
        if name.startswith("_") or hasattr(Exception, name) or inspect.ismodule(getattr(theirs, name)) or is_typing(getattr(theirs, name)):
            continue
        path = f"{where}{name}"
        if not hasattr(ours, name):
            differences.append(f"{path} is not there")
            continue
        their, our = getattr(theirs, name), getattr(ours, name)
        if inspect.isclass(their):
            compare(f"{name}.", their, our)
        elif callable(their):
            if parameters(their) != parameters(our):
                differences.append(f"{path} takes {parameters(our)}, not {parameters(their)}")
        elif their != our and name.isupper():
            differences.append(f"{path} is {our!r}, not {their!r}")


def is_typing(thing):
    if inspect.isclass(thing):
        return thing.__module__ != "libvirt"
    return getattr(thing, "__module__", None) in ("typing", "types") or type(thing).__module__ == "typing"


compare("", libvirt, tsvirt)
print(json.dumps(differences))
