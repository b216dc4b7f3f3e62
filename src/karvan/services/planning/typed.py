"""JSON read into dataclasses by the types of their fields, with every fault told by its key."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from functools import cache
from math import isfinite
from typing import Any, Final, Union, cast, get_args, get_origin, get_type_hints

_WORDS: Final[Mapping[Any, str]] = {
    str: "a text is expected",
    int: "a whole number is expected",
    float: "a number is expected",
    bool: "true or false is expected",
    date: "a day like 2025-11-29 is expected",
}
#: Read where nothing can be read; the faults say so.
_NOTHING: Final = object()


def read_as(kind: type[Any], told: object, faults: list[str], where: str = "") -> Any:
    """Make a dataclass of an object; None after faults, each as `key: what is expected`.

    Fields may be texts, numbers, flags, days, other dataclasses, tuples of one kind, mappings by
    text, and choices of these.
    """
    before = len(faults)
    made = _made(kind, told, where, faults)
    return None if len(faults) > before else made


def _read(hint: Any, value: object, where: str, faults: list[str]) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {Union, types.UnionType}:
        return _choice(inner, value, where, faults)
    if is_dataclass(hint) and isinstance(hint, type):
        return _made(hint, value, where, faults)
    if origin is tuple:
        return _tuple(inner[0], value, where, faults)
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(inner[1], value, where, faults)
    found = _plain(hint, value)
    return _fault(where, _WORDS[hint], faults) if found is _NOTHING else found


def _tuple(hint: Any, value: object, where: str, faults: list[str]) -> Any:
    if not isinstance(value, list):
        return _fault(where, "a list is expected", faults)
    return tuple(
        _read(hint, each, f"{where} {number}", faults) for number, each in enumerate(value, 1)
    )


def _mapping(hint: Any, value: object, where: str, faults: list[str]) -> Any:
    if not isinstance(value, Mapping):
        return _fault(where, "an object is expected", faults)
    return {key: _read(hint, each, f"{where}.{key}", faults) for key, each in value.items()}


def _choice(hints: tuple[Any, ...], value: object, where: str, faults: list[str]) -> Any:
    """The first kind that a value is of."""
    if value is None and type(None) in hints:
        return None
    told = [hint for hint in hints if hint is not type(None)]
    for hint in sorted(told, key=lambda each: each is float):
        found = _plain(hint, value)
        if found is not _NOTHING:
            return found
    return _fault(where, " or ".join(_WORDS[hint] for hint in told), faults)


def _number(value: object) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _NOTHING
    try:
        return float(value) if isfinite(value) else _NOTHING
    except OverflowError:
        return _NOTHING


def _plain(hint: Any, value: object) -> Any:
    """A value of a plain kind, or nothing."""
    if hint is float:
        return _number(value)
    if hint is date:
        try:
            return date.fromisoformat(value) if isinstance(value, str) else _NOTHING
        except ValueError:
            return _NOTHING
    right = isinstance(value, hint) and (hint is bool or not isinstance(value, bool))
    return value if right else _NOTHING


def _made(kind: type[Any], told: object, where: str, faults: list[str]) -> Any:
    if not isinstance(told, Mapping):
        return _fault(where, "an object is expected", faults)
    known: dict[str, Field[Any]] = {each.name: each for each in fields(kind)}
    begin = f"{where}." if where else ""
    before = len(faults)
    faults += [f"{begin}{key}: nobody knows this key" for key in told if key not in known]
    hints, found = _hints(cast("Any", kind)), dict[str, Any]()
    for name, each in known.items():
        if name in told:
            found[name] = _read(hints[name], told[name], begin + name, faults)
        elif each.default is MISSING and each.default_factory is MISSING:
            faults.append(f"{begin}{name}: the key is missing")
    return kind(**found) if len(faults) == before else None


@cache
def _hints(kind: Any) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _fault(where: str, words: str, faults: list[str]) -> None:
    faults.append(f"{where}: {words}" if where else words)
