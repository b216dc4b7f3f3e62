"""How two answers to one request differ: way by way, line by line, field by field.

Times come from sampling in floats, so two machines may differ in the last digit: a tenth of an
hour is no difference of the quote. Everything else is compared exactly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

#: Times up to this far apart count as the same, in hours. Source: rulings on quotes.
TOLERANCE_H: Final = 0.1
#: The same for shares: of journeys in time, of hours that are estimates.
TOLERANCE_SHARE: Final = 0.005

#: Fields that name an answer and its versions; versions are told apart.
NAMES: Final = frozenset(
    {"quote_id", "network_hash", "tariff_version", "timetable_hash", "engine_version"}
)

_TIME = re.compile(r"(^|_)(h|hours)(_|$)")
_SLACK: Final = 1e-9

Json = Mapping[str, object]
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs.

    Attributes
    ----------
    where
        The part of the answer in words, from the outside in: `("way 1 middle-aktau", "leg X")`.
    was, now
        None where the part is missing on that side; `field` is '' where the whole part is.
    tolerated
        A time that differs by no more than `TOLERANCE_H`.
    """

    where: tuple[str, ...]
    field: str
    was: object
    now: object
    tolerated: bool = False


def compare_answers(was: Json, now: Json) -> tuple[Difference, ...]:
    """Tell every difference of two answers, in the order of the first."""
    mine = {name: value for name, value in was.items() if name not in NAMES}
    theirs = {name: value for name, value in now.items() if name not in NAMES}
    return tuple(_walk((), "", mine, theirs))


def _walk(where: tuple[str, ...], field: str, was: object, now: object) -> Iterator[Difference]:
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        for name in (*was, *(name for name in now if name not in was)):
            label = f"{field}.{name}" if field else str(name)
            yield from _walk(where, label, was.get(name), now.get(name))
    elif field in _PARTS and isinstance(was, list) and isinstance(now, list):
        yield from _parts(where, field, was, now)
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for i, (mine, theirs) in enumerate(zip(was, now, strict=True)):
            yield from _walk(where, f"{field}[{i}]", mine, theirs)
    elif was != now or type(was) is not type(now):
        yield Difference(where, field, was, now, _is_tolerated(field, was, now))


def _parts(
    where: tuple[str, ...], field: str, was: Sequence[object], now: Sequence[object]
) -> Iterator[Difference]:
    """Compare lists whose parts have names: a part that moved is the same part."""
    name_of, word = _PARTS[field]
    mine, theirs = _named(was, name_of), _named(now, name_of)
    for key in (*mine, *(key for key in theirs if key not in mine)):
        label = f"{word} {' '.join(part for part in key if part)}"
        if key in mine and key in theirs:
            yield from _walk((*where, label), "", mine[key], theirs[key])
        else:
            gone = key in mine
            yield Difference(
                (*where, label), "", "there" if gone else None, None if gone else "there"
            )


def _named(parts: Sequence[object], name_of: Callable[[Json], Key]) -> dict[Key, object]:
    found: dict[Key, object] = {}
    for part in parts:
        key = name_of(part) if isinstance(part, Mapping) else (str(part),)
        again = 2
        plain = key
        while key in found:
            key = (*plain, f"({again})")
            again += 1
        found[key] = part
    return found


def _by(*fields: str) -> Callable[[Json], Key]:
    def name_of(part: Json) -> Key:
        return tuple(str(part.get(field, "")) for field in fields)

    return name_of


def _way(part: Json) -> Key:
    """A way is the departures it takes."""
    legs = part.get("legs")
    taken = [str(leg.get("departure_id")) for leg in legs] if isinstance(legs, list) else []
    return (str(part.get("corridor", "")), *taken)


#: Lists whose parts are told apart by what they are, and the word for one.
_PARTS: Final[Mapping[str, tuple[Callable[[Json], Key], str]]] = {
    "alternatives": (_way, "way"),
    "legs": (_by("departure_id"), "leg"),
    "price_lines": (_by("code", "carrier", "from", "to", "rule"), "price line"),
    "documents": (_by("document", "where"), "document"),
    "warnings": (_by("code"), "warning"),
    "refused": (_by("rule", "corridor"), "refused"),
}


def _is_tolerated(field: str, was: object, now: object) -> bool:
    if not _is_number(was) or not _is_number(now):
        return False
    assert isinstance(was, (int, float))
    assert isinstance(now, (int, float))
    apart = abs(was - now)
    if field in {"on_time", "time_of_it_estimates.share"}:
        return apart <= TOLERANCE_SHARE + _SLACK
    names = re.split(r"[.\[\]]+", field)
    is_time = any(_TIME.search(name) for name in names) and "samples" not in names
    return is_time and apart <= TOLERANCE_H + _SLACK


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
