"""Typed parameters and processor maps: libvirt's lists of them as Python's dictionaries and tuples."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

# virTypedParameterType
INT, UINT, LLONG, ULLONG, DOUBLE, BOOLEAN, STRING = range(1, 8)

#: VIR_TYPED_PARAM_STRING_OKAY: who asks for parameters can take texts.
STRINGS_TOO = 4

Wire = Tuple[str, Tuple[int, Any]]


def to_dict(params: Iterable[Any]) -> Dict[str, Any]:
    """What a daemon gave, by name."""
    return {field: bool(value) if kind == BOOLEAN else value for field, (kind, value) in params}


def like(known: Iterable[Any], wanted: Mapping[str, Any]) -> List[Wire]:
    """Parameters for a daemon, of the types that it itself gave them. An unknown one is a ``LookupError``."""
    types = {field: kind for field, (kind, _) in known}
    _check_mapping(wanted)
    found = []
    for field, value in wanted.items():
        if field not in types:
            raise LookupError(f'Attribute name "{field}" could not be recognized')
        found.append((field, (types[field], _converted(field, types[field], value))))
    return found


def guessed(wanted: Optional[Mapping[str, Any]], types: Mapping[str, int]) -> List[Wire]:
    """Parameters for a daemon: of the types that are known, else of those that the values are. Of a list each element is
    a parameter of the same name."""
    if wanted is None:
        return []
    _check_mapping(wanted)
    found = []
    for field, value in wanted.items():
        for element in value if isinstance(value, (list, tuple)) else [value]:
            kind = types.get(field) or _type_of(field, element)
            found.append((field, (kind, _converted(field, kind, element))))
    return found


def _check_mapping(wanted: Any) -> None:
    if not isinstance(wanted, Mapping):
        raise TypeError(f"params: a dict is required, not {type(wanted).__name__}")
    for field in wanted:
        if not isinstance(field, str):
            raise TypeError(f"params: a name is a str, not {type(field).__name__}")


def _type_of(field: str, value: Any) -> int:
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, int):
        return LLONG if value < 0 else ULLONG
    if isinstance(value, float):
        return DOUBLE
    if isinstance(value, str):
        return STRING
    raise TypeError(f"{field}: a bool, int, float or str is required, not {type(value).__name__}")


def _converted(field: str, kind: int, value: Any) -> Any:
    if kind == STRING:
        if not isinstance(value, str):
            raise TypeError(f"{field}: a str is required, not {type(value).__name__}")
        return value
    if not isinstance(value, (int, float)) or (kind != DOUBLE and isinstance(value, float)):
        raise TypeError(f"{field}: a number is required, not {type(value).__name__}")
    if kind == BOOLEAN:
        return 1 if value else 0
    return float(value) if kind == DOUBLE else int(value)


def processors_of(cpumap: bytes, count: int) -> Tuple[bool, ...]:
    """Which of so many processors a map has."""
    return tuple(bool(cpumap[i >> 3] >> (i & 7) & 1) if i >> 3 < len(cpumap) else False for i in range(count))


def map_of(processors: Any, count: int) -> bytes:
    """The map of a sequence that says of each processor whether it is in; those that it does not name are not, unless it
    names none."""
    if not isinstance(processors, (tuple, list)):
        raise TypeError(f"cpumap: a tuple is required, not {type(processors).__name__}")
    cpumap = bytearray((count + 7) // 8)
    for i, wanted in enumerate(processors):
        if not isinstance(wanted, int):
            raise TypeError(f"cpumap: a bool is required, not {type(wanted).__name__}")
        if wanted and i < count:
            cpumap[i >> 3] |= 1 << (i & 7)
    return bytes(cpumap)


def maps_of(cpumaps: bytes, length: int, count: int) -> List[Tuple[bool, ...]]:
    """Maps of the given length, one behind another."""
    starts: Sequence[int] = range(0, len(cpumaps) - length + 1, length) if length else ()
    return [processors_of(cpumaps[at : at + length], count) for at in starts]
