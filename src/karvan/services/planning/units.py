"""Units of amounts in scenarios, turned into those a plan counts in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: What a unit is worth in the smallest of its kind: tonnes, containers of twenty feet.
_MASS: Final[Mapping[str, float]] = {"kg": 0.001, "t": 1.0, "kt": 1e3, "Mt": 1e6}
_BOXES: Final[Mapping[str, float]] = {"TEU": 1.0, "kTEU": 1e3}
_TIMES: Final[Mapping[str, float]] = {"y": 365.0, "d": 1.0}


def find_factor(given: str, wanted: str) -> float | None:
    """Give how many of a unit one of another is; None where they are of two kinds.

    >>> find_factor("Mt", "kt")
    1000.0
    >>> find_factor("TEU", "kt") is None
    True
    """
    if given == wanted:
        return 1.0
    for kind in (_MASS, _BOXES):
        if given in kind and wanted in kind:
            return kind[given] / kind[wanted]
    return None


def find_per_day(value: float, given: str, wanted: str) -> float | None:
    """Turn an amount in a time, such as `Mt/y`, into one a day in another unit.

    >>> find_per_day(365.0, "kt/y", "t")
    1000.0
    """
    amount, _, time = given.partition("/")
    factor = find_factor(amount, wanted)
    if factor is None or time not in _TIMES:
        return None
    return value * factor / _TIMES[time]
