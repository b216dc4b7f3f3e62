"""Reading the JSON of a quote without trust in its shape: what is not there is empty.

An answer may come from an older or a newer version than ours, so no key is taken for granted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

Object = Mapping[str, object]


def member(of: Object, key: str) -> Object:
    """Give the object under a key, an empty one when there is none."""
    value = of.get(key)
    return value if isinstance(value, Mapping) else {}


def members(of: Object, key: str) -> list[Object]:
    """Give the objects of the list under a key."""
    value = of.get(key)
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def words(of: Object, key: str) -> list[str]:
    """Give the texts of the list under a key."""
    value = of.get(key)
    return [plain(each) for each in value] if isinstance(value, list) else []


def text(of: Object, key: str, default: str = "") -> str:
    """Give the text or number under a key as text."""
    value = of.get(key)
    return default if value is None else plain(value)


def plain(value: object) -> str:
    """Write a value of JSON on one line.

    >>> plain(True), plain(None), plain(["a", 2]), plain([{"mass_kg": 1.5}, {"km": 2}])
    ('yes', '', 'a, 2', 'mass kg: 1.5; km: 2')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        between = "; " if any(isinstance(each, Mapping) for each in value) else ", "
        return between.join(plain(each) for each in value)
    if isinstance(value, Mapping):
        told = ((str(key).replace("_", " "), plain(each)) for key, each in value.items())
        return ", ".join(f"{key}: {each}" for key, each in told)
    return str(value)


def number(of: Object, key: str) -> float | None:
    """Give the number under a key, none when there is no finite one."""
    value = of.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e15 else None


def decimal(of: Object, key: str) -> Decimal | None:
    """Give the decimal string or number under a key, none when it is neither."""
    value = of.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found.adjusted()) < 40 else None


def instant(of: Object, key: str) -> datetime | None:
    """Give the instant under a key in UTC, none when it is not one."""
    value = of.get(key)
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
