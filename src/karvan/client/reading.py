"""From JSON to dataclasses: fields by name and type, what is not named is left out.

A newer server may tell more than this client knows; one that tells less is no server of ours.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")

#: Fields whose name in JSON is a word of Python.
_SPELLED = {"from_": "from", "in_": "in"}


class UnreadableError(ValueError):
    """A field is missing or of another type."""


def read(kind: type[T], value: object) -> T:
    """Read a dataclass out of a JSON object; raises `UnreadableError`."""
    try:
        found = _read(kind, value, kind.__name__)
    except (ValueError, ArithmeticError) as error:
        raise UnreadableError(str(error)) from None
    assert isinstance(found, kind)
    return found


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, value: object, where: str) -> object:
    if is_dataclass(kind) and isinstance(kind, type):
        return _object(kind, value, where)
    origin = get_origin(kind)
    if origin is types.UnionType:
        inner = [each for each in get_args(kind) if each is not types.NoneType]
        return None if value is None else _read(inner[0], value, where)
    if origin is tuple and isinstance(value, list):
        return tuple(_read(get_args(kind)[0], each, f"{where}[]") for each in value)
    if origin is dict and isinstance(value, dict):
        inner_kind = get_args(kind)[1]
        return {str(key): _read(inner_kind, each, where) for key, each in value.items()}
    return _scalar(kind, value, where)


def _scalar(kind: Any, value: object, where: str) -> object:
    if kind is datetime and isinstance(value, str):
        return datetime.fromisoformat(value)
    if kind is Decimal and isinstance(value, str):
        return Decimal(value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(kind, type) and type(value) is kind:
        return value
    raise UnreadableError(f"{where}: expected {kind}, got {type(value).__name__}")


def _object(kind: Any, value: object, where: str) -> object:
    if not isinstance(value, dict):
        raise UnreadableError(f"{where}: expected an object, got {type(value).__name__}")
    given: dict[str, object] = {}
    for each in fields(kind):
        name = _SPELLED.get(each.name, each.name)
        if each.name == "raw":
            given["raw"] = value
        elif name in value:
            given[each.name] = _read(_hints(kind)[each.name], value[name], f"{where}.{name}")
        else:
            raise UnreadableError(f"{where}: there is no {name}")
    return kind(**given)
