"""Tables written as TOML: what a scenario file holds, no more."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date


def render_toml(table: Mapping[str, object]) -> str:
    """Write a table that reads back as the same.

    >>> print(render_toml({"a": 1, "b": {"c": "d"}, "e": [{"f": True}]}), end="")
    a = 1
    <BLANKLINE>
    [b]
    c = "d"
    <BLANKLINE>
    [[e]]
    f = true
    """
    return "".join(f"{line}\n" for line in _lines(table, ""))


def _lines(table: Mapping[str, object], above: str) -> Iterator[str]:
    later: list[tuple[str, Mapping[str, object], bool]] = []
    for key, value in table.items():
        if isinstance(value, Mapping):
            later.append((key, value, False))
        elif isinstance(value, list) and value and all(isinstance(e, Mapping) for e in value):
            later += [(key, each, True) for each in value]
        else:
            yield f"{_word(key)} = {_value(value)}"
    for key, each, listed in later:
        name = f"{above}{_word(key)}"
        yield ""
        yield f"[[{name}]]" if listed else f"[{name}]"
        yield from _lines(each, f"{name}.")


def _word(key: str) -> str:
    return key if key.replace("_", "").isascii() and key.isidentifier() else json.dumps(key)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(_value(each) for each in value)}]"
    if isinstance(value, str):
        # JSON escapes as TOML does, but for what is beyond the first plane and the delete sign.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)
