"""A hash of what a table says, not of how it is written.

Two tables have one hash when they hold the same rows, in whatever order of rows and columns
and however the numbers are spelled. An empty cell and a missing column are the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from hashlib import sha256

from karvan.domain.errors import InvalidInput

#: Beyond any float; a longer text would only fill the memory.
_LARGEST_EXPONENT = 400

_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


def content_hash(rows: Iterable[Mapping[str, object]]) -> str:
    """Give the SHA-256 of rows as 64 hexadecimal digits.

    Parameters
    ----------
    rows
        Column to value: text, integer, float, `Decimal`, bool, date, `Enum`, `None`, or a
        tuple, list or frozenset of these. Repeated rows count as often as they stand.

    Raises
    ------
    InvalidInput
        A number is not finite, or a value is of another type.

    Examples
    --------
    >>> content_hash([{"a": 1, "b": None}]) == content_hash([{"a": Decimal("1.00")}])
    True
    >>> content_hash([{"a": "1"}]) == content_hash([{"a": 1}])
    False
    """
    digest = sha256()
    for line in sorted(canonical_row(row) for row in rows):
        digest.update(line.encode("ascii") + b"\n")
    return digest.hexdigest()


def canonical_row(row: Mapping[str, object]) -> str:
    """Give the one text of a row: columns sorted, each value with its type."""
    cells = [[name, _canonical(row[name])] for name in sorted(row) if row[name] is not None]
    return _encode(cells)


def canonical_number(number: float | Decimal) -> str:
    """Give the one text of a number: plain digits, no exponent, no trailing zeros.

    >>> canonical_number(1.50), canonical_number(Decimal("100")), canonical_number(-0.0)
    ('1.5', '100', '0')
    """
    exact = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    if not exact.is_finite():
        raise InvalidInput("a number must be finite", number=str(number))
    if exact == 0:
        return "0"
    if abs(exact.adjusted()) > _LARGEST_EXPONENT:
        raise InvalidInput("a number is out of range", exponent=exact.adjusted())
    text = format(exact, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=4096)
def _canonical_float(number: float) -> str:
    """As `canonical_number`: the same few stand in most rows."""
    return canonical_number(number)


def _canonical(value: object) -> list[object]:
    if type(value) is str:
        return ["text", value]
    match value:
        case bool():
            cell: list[object] = ["bool", "yes" if value else "no"]
        case Enum():
            cell = _canonical(value.value)
        case str():
            cell = ["text", value]
        case float():
            cell = ["number", _canonical_float(value)]
        case int() | Decimal():
            cell = ["number", canonical_number(value)]
        case date():
            cell = ["date", value.isoformat()]
        case tuple() | list():
            cell = ["list", [_canonical(part) for part in value]]
        case frozenset():
            cell = ["set", sorted((_canonical(part) for part in value), key=json.dumps)]
        case _:
            raise InvalidInput("a table holds no such value", type=type(value).__name__)
    return cell
