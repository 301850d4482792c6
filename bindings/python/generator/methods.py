"""What each function becomes: a plan of a method, which both faces print."""

from __future__ import annotations

import inspect
import keyword
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Callable, Dict, List, Optional, Tuple

from .document import Argument, Class, Document, Function, UnknownPart
from .names import ALSO, DEFAULTS, FILES, RENAMED, class_of, method_of

#: Parts of the document that are other modules of libvirt's.
_OTHER_MODULES = ("libvirt-admin", "libvirt-qemu", "libvirt-lxc")

#: Written by hand in the runtime's classes, since they are about the connection itself, callbacks or streams.
HAND_WRITTEN_KINDS = ("connection", "packets", "library", "reference")


@dataclass(frozen=True)
class Method:
    """A method of a class."""

    owner: str
    name: str
    function: Function
    #: The parameters as they are written, without ``self``.
    parameters: Tuple[str, ...]
    returns: str
    #: Statements; ``{call}`` is where a call is made, ``{run}`` where an override is run, ``{own}`` the connection's.
    body: Tuple[str, ...]


@dataclass(frozen=True)
class LeftOut:
    function: str
    reason: str


class Planner:
    """Plans methods from the functions of a document, and from the overrides where there are some."""

    def __init__(self, document: Document, overrides: Dict[str, Tuple[str, Callable[..., object]]]) -> None:
        self._document = document
        self._overrides = overrides
        self._classes: Dict[str, Class] = {f"{each.type}Ptr": each for each in document.classes.values()}
        self.left_out: List[LeftOut] = []
        self.by_hand: List[Tuple[str, Function]] = []

    def methods(self) -> List[Method]:
        """All methods, in the order of the document."""
        found = []
        for function in self._document.functions:
            if function.module in _OTHER_MODULES:
                continue
            owner = class_of(function, self._document)
            if owner is None or function.kind in HAND_WRITTEN_KINDS:
                self.by_hand.append((owner or "-", function))
                continue
            method = self._method(owner, function)
            if method is not None:
                found.append(method)
                if function.name in ALSO:
                    found.append(replace(method, name=ALSO[function.name]))
        return found

    def _method(self, owner: str, function: Function) -> Optional[Method]:
        name = method_of(function, owner)
        override = self._overrides.get(function.name)
        if override is not None:
            return _overridden(owner, name, function, *override)
        if function.kind == "attribute":
            return self._attribute(owner, name, function)
        if function.name.endswith("EventDeregisterAny") or function.kind == "sequence" or any(each.role == "callback" for each in function.arguments):
            self.by_hand.append((owner, function))
            return None
        if any(self._document.procedures[each].has_files for each in function.procedures):
            self.left_out.append(LeftOut(function.name, "it passes open files, which this runtime does not"))
            return None
        return self._mechanical(owner, name, function)

    def _attribute(self, owner: str, name: str, function: Function) -> Method:
        returned = self._classes.get(function.returns)
        if returned is not None and returned.type == "virConnect":
            return Method(owner, name, function, (), '"virConnect"', ("return self._conn",))
        if name == "UUID":
            return Method(owner, name, function, (), "bytes", ("return self._wire.uuid",))
        if name == "UUIDString":
            return Method(owner, name, function, (), "str", ("return uuid_text(self._wire.uuid)",))
        if function.takes is None:
            raise UnknownPart(f"{function.name} is an attribute that takes nothing from the object")
        value = f"self._wire.{function.takes}"
        if returned is not None:
            return Method(owner, name, function, (), f'"{returned.type}"', (f"return {returned.type}(self._conn, {value})",))
        return Method(owner, name, function, (), _python_type(function.returns, function.name), (f"return {value}",))

    def _mechanical(self, owner: str, name: str, function: Function) -> Method:
        (procedure_name,) = function.procedures
        procedure = self._document.procedures[procedure_name]
        values, parameters = self._sent(owner, function)
        fields = []
        for field, _ in procedure.arguments:
            if field in values:
                fields.append(values[field])
            elif field in function.constants:
                fields.append(str(function.constants[field]))
            else:
                raise UnknownPart(f"{function.name} sends nothing for '{field}' of {procedure_name}: an override is needed")
        call = f'"{procedure_name}", ({_tuple(fields)})'
        names = self._renamed(function)
        if names:
            call += f", names={names!r}"
        stream = next((argument.name for argument in function.arguments if argument.role == "stream"), None)
        if stream is not None:
            call += f", stream={stream}"
        returns, body = self._result(owner, function, call)
        return Method(owner, name, function, tuple(parameters), returns, body)

    def _sent(self, owner: str, function: Function) -> Tuple[Dict[str, str], List[str]]:
        """What stands in each field that is sent, and the parameters."""
        values: Dict[str, str] = {}
        parameters: List[str] = []
        for at, argument in enumerate(function.arguments):
            if at == 0:
                if argument.sends is not None:
                    values[argument.sends] = self._own(argument)
                continue
            if argument.direction == "out" or argument.role == "length":
                continue
            if argument.role not in ("value", "stream"):
                raise UnknownPart(f"'{argument.name}' of {function.name} is a {argument.role}: an override is needed")
            parameters.append(self._parameter(argument, function))
            if argument.sends is not None:
                values[argument.sends] = self._value(argument, function)
        return values, _defaults_last(parameters)

    def _own(self, argument: Argument) -> str:
        """The object itself: of a node device and the like only the name goes over the wire."""
        kind = self._classes[argument.type]
        sent = self._sent_type(argument)
        return "self._wire" if sent == ("shape", kind.shape) else f"self._wire.{argument.sends}"

    def _sent_type(self, argument: Argument):
        for function in self._document.functions:
            if argument in function.arguments[:1] and function.procedures:
                fields = dict(self._document.procedures[function.procedures[0]].arguments)
                if argument.sends in fields:
                    return fields[argument.sends]
        raise UnknownPart(f"'{argument.sends}' is sent by nothing")

    def _value(self, argument: Argument, function: Function) -> str:
        kind = self._classes.get(argument.type)
        if kind is not None and kind.shape is not None:
            return f'{{own}}_argument({argument.name}, "{argument.name}", "{kind.type}")'
        if argument.type == "const char *" and argument.name in ("uuidstr", "uuidStr"):
            return f'{{own}}_uuid({argument.name}, "{argument.name}", "{function.name}")'
        if argument.type == "const unsigned char *" and argument.name == "uuid":
            return f'{{own}}_uuid_bytes({argument.name}, "{argument.name}", "{function.name}")'
        if (function.name, argument.name) in FILES:
            return f'absolute({_identifier(argument.name)})'
        return _identifier(argument.name)

    def _parameter(self, argument: Argument, function: Function) -> str:
        name = _identifier(argument.name)
        kind = self._classes.get(argument.type)
        hint = f'"{kind.type}"' if kind is not None else _python_type(argument.type, f"{argument.name} of {function.name}")
        if argument.nullable:
            hint = f"Optional[{hint}]"
        default = "0" if argument.name == "flags" else DEFAULTS.get((function.name, argument.name))
        return f"{name}: {hint}" if default is None else f"{name}: {hint} = {default}"

    def _renamed(self, function: Function) -> Dict[str, str]:
        """Fields whose parameters have other names, for messages about them."""
        written = {each.sends: _identifier(each.name) for each in function.arguments[1:] if each.sends}
        return {field: name for field, name in written.items() if field != name}

    def _result(self, owner: str, function: Function, call: str) -> Tuple[str, Tuple[str, ...]]:
        out = [each for each in function.arguments if each.direction != "in" and each.role == "value"]
        lists = [each for each in out if each.type.endswith("Ptr **") or each.type.endswith("Ptr * *")]
        if lists:
            (listed,) = lists
            kind = self._classes[listed.type.replace(" ", "").rstrip("*")]
            made = f"{kind.type}(self._conn, each)"
            body = (f"found = {{call}}({call}).{listed.takes}", f"return [{made} for each in found]")
            return f'List["{kind.type}"]', body
        if out:
            raise UnknownPart(f"'{out[0].name}' of {function.name} comes out: an override is needed")
        returned = self._classes.get(function.returns)
        if returned is not None:
            made = f"{returned.type}(self._conn, {{call}}({call}).{function.takes})"
            return f'"{returned.type}"', (f"return {made}",)
        if function.takes is not None:
            return _python_type(function.returns, function.name), (f"return {{call}}({call}).{function.takes}",)
        if function.returns != "int":
            raise UnknownPart(f"{function.name} returns {function.returns} from nowhere: an override is needed")
        return "int", (f"{{call}}({call})", "return 0")


def _overridden(owner: str, name: str, function: Function, module: str, override: Callable[..., object]) -> Method:
    signature = inspect.signature(override)
    parameters = [_written(each) for each in list(signature.parameters.values())[1:]]
    names = ", ".join(["self", *list(signature.parameters)[1:]])
    returns = signature.return_annotation
    hint = returns if returns is not inspect.Signature.empty else "int"
    checks = [check for each in list(signature.parameters.values())[1:] for check in _checks(each, function)]
    body = (*checks, f"return {{run}}({module}.{function.name}({names}))")
    return Method(owner, name, function, tuple(parameters), hint, body)


#: What looks at an argument of an override before its first call is sent, by the hint.
_CHECKS = {
    "int": "integer",
    "bool": "integer",
    "str": "text",
    "bytes": "content",
    "List[int]": "integers",
    "Sequence[int]": "integers",
    "Sequence[bool]": "integers",
    "List[str]": "texts",
    "List[Any]": "sequence",
    "Dict[int, int]": "mapping",
    "Dict[str, int]": "parameters",
    "Dict[str, bool]": "parameters",
    "Dict[str, Any]": "parameters",
}


def _checks(parameter: inspect.Parameter, function: Function) -> List[str]:
    """The statement that looks at an argument: none without a hint, which the override then does itself."""
    hint = parameter.annotation
    if hint is inspect.Parameter.empty:
        return []
    if hint.strip("\"'") == "virConnect":
        return [f'{{own}}_connection({parameter.name}, "{parameter.name}")']
    bare = hint[len("Optional[") : -1] if hint.startswith("Optional[") else hint
    if bare not in _CHECKS:
        raise ValueError(f"the hint '{hint}' of {parameter.name} in the override of {function.name}: it cannot be checked")
    check = f'checks.{_CHECKS[bare]}({parameter.name}, "{parameter.name}")'
    return [f"if {parameter.name} is not None:", f"    {check}"] if bare != hint else [check]


def _written(parameter: inspect.Parameter) -> str:
    """A parameter as it is written; hints are texts here, which would be quoted."""
    hint = "" if parameter.annotation is inspect.Parameter.empty else f": {parameter.annotation}"
    if parameter.default is inspect.Parameter.empty:
        return f"{parameter.name}{hint}"
    return f"{parameter.name}{hint} = {parameter.default!r}"


def overrides_of(modules: Tuple[ModuleType, ...]) -> Dict[str, Tuple[str, Callable[..., object]]]:
    """The overrides by the names of their functions, with the module that each is in."""
    found: Dict[str, Tuple[str, Callable[..., object]]] = {}
    for module in modules:
        short = module.__name__.rpartition(".")[2]
        for name, value in vars(module).items():
            if name.startswith("vir") and inspect.isfunction(value):
                found[name] = (short, value)
    return found


_PYTHON_TYPES = {
    "char *": "str",
    "const char *": "str",
    "const char **": "List[str]",
    "const unsigned char *": "bytes",
    "unsigned char *": "bytes",
    "const void *": "bytes",
    "int": "int",
    "unsigned int": "int",
    "long": "int",
    "unsigned long": "int",
    "long long": "int",
    "unsigned long long": "int",
    "unsigned int *": "List[int]",
    "size_t": "int",
    "double": "float",
}


def _python_type(kind: str, where: str) -> str:
    if kind not in _PYTHON_TYPES:
        raise UnknownPart(f"the type '{kind}' of {where}: an override is needed")
    return _PYTHON_TYPES[kind]


def _identifier(name: str) -> str:
    return RENAMED.get(name, f"{name}_" if keyword.iskeyword(name) else name)


def _tuple(values: List[str]) -> str:
    return ", ".join(values) + ("," if len(values) == 1 else "")


def _defaults_last(parameters: List[str]) -> List[str]:
    """Python wants what has a default behind what has none; C has flags last nearly always."""
    return [each for each in parameters if " = " not in each] + [each for each in parameters if " = " in each]
