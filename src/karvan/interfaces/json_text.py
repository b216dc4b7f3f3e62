"""JSON as text: one way to write it, so that terminal and HTTP give the same bytes.

The bytes are those of the standard library with an indentation of two, which writes an answer
of half a megabyte in several times as long.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from json.encoder import encode_basestring
from typing import Any, Final

from karvan.services.fixed_json import Fixed

_INDENT: Final = "  "


def render_json(value: object) -> str:
    """Write a value as indented JSON that ends with a newline; never NaN or Infinity.

    Raises
    ------
    ValueError
        A number is not finite.
    TypeError
        There is something that JSON has no word for, or a key that is no text.

    >>> print(render_json({"place": "Ақтау"}), end="")
    {
      "place": "Ақтау"
    }
    """
    return _text(value, "\n") + "\n"


def _text(value: Any, newline: str) -> str:
    """Text of a value that stands at an indentation, which `newline` ends with."""
    write = _SCALARS.get(type(value))
    if write is not None:
        return write(value)
    if isinstance(value, dict):
        return _object(value, newline)
    if isinstance(value, Fixed):
        text = value.texts.get(newline)
        if text is None:
            text = value.texts[newline] = _list(value, newline)
        return text
    if isinstance(value, list | tuple):
        return _list(value, newline)
    if isinstance(value, Mapping):
        return _object(value, newline)
    for kind in (str, int, float):
        if isinstance(value, kind):
            return _SCALARS[kind](value)
    raise TypeError(f"JSON has no word for {type(value).__name__}")


def _object(value: Mapping[str, object], newline: str) -> str:
    if not value:
        return "{}"
    inner = newline + _INDENT
    members = []
    for key, member in value.items():
        write = _SCALARS.get(type(member))
        told = _text(member, inner) if write is None else write(member)
        members.append(f"{encode_basestring(key)}: {told}")
    return "{" + inner + ("," + inner).join(members) + newline + "}"


def _list(value: list[object] | tuple[object, ...], newline: str) -> str:
    if not value:
        return "[]"
    inner = newline + _INDENT
    return "[" + inner + ("," + inner).join([_text(each, inner) for each in value]) + newline + "]"


def _float(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError("JSON has no number that is not finite")
    return float.__repr__(value)


_SCALARS: Final[Mapping[type, Callable[[Any], str]]] = {
    str: encode_basestring,
    int: int.__repr__,
    float: _float,
    bool: lambda value: "true" if value else "false",
    type(None): lambda _: "null",
}
