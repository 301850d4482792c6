"""Calls a module in libvirt's classic names and writes down what came back, one JSON line a call."""

import json


class Recorder:
    """Writes what calls return, with the types that a program sees: tuples are not lists, True is not 1."""

    def __init__(self, module):
        self.module = module

    def own(self, label, call, masked=None):
        """Calls what daemons answer each in its own way: only what programs get from one of them is compared."""
        return self("own: " + label, call, masked)

    def __call__(self, label, call, masked=None):
        """Calls and writes down; gives what came back, or None after an error. `masked` replaces what no two runs share."""
        try:
            result = call()
        except self.module.libvirtError as error:
            fields = (error.get_error_code(), error.get_error_domain(), error.get_error_message(), error.get_error_level())
            self.write(label, {"libvirtError": self.plain(fields)})
            return None
        except Exception as error:  # noqa: BLE001 - which one is what is compared
            self.write(label, {"raised": type(error).__name__})
            return None
        shown = result if masked is None else masked(result)
        self.write(label, self.plain(shown))
        return result

    @staticmethod
    def write(label, value):
        print(json.dumps([label, value], sort_keys=True), flush=True)

    def plain(self, value):
        """A value as JSON that keeps its Python type."""
        if value is None or isinstance(value, (bool, int, str)):
            return value
        if isinstance(value, float):
            return {"float": value}
        if isinstance(value, (bytes, bytearray)):
            return {type(value).__name__: bytes(value).hex()}
        if isinstance(value, tuple):
            return {"tuple": [self.plain(item) for item in value]}
        if isinstance(value, list):
            return [self.plain(item) for item in value]
        if isinstance(value, dict):
            return {"dict": {str(key): self.plain(item) for key, item in value.items()}}
        return {type(value).__name__: name_of(value)}


def name_of(thing):
    """What tells an object of libvirt from others of its class."""
    for method in ("name", "getName", "UUIDString", "portDev", "getHostname"):
        if hasattr(thing, method):
            return getattr(thing, method)()
    return type(thing).__name__


def by_name(things):
    """A list of objects in an order that does not depend on who made it."""
    return sorted(things, key=name_of)


def kinds(value):
    """The types of a value whose numbers no two runs share."""
    if isinstance(value, (tuple, list)):
        return type(value)(kinds(item) for item in value)
    if isinstance(value, dict):
        return {key: kinds(item) for key, item in sorted(value.items())}
    return type(value).__name__
