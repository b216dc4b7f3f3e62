"""What a scenario file says of its parts, and of the freight among them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from karvan.adapters.files.freight_tables import shipped_freight
from karvan.adapters.files.toml_rows import Reader
from karvan.services.planning.freight_base import FreightAsked
from karvan.services.planning.naming import nearest
from karvan.services.planning.scenario import FREIGHT, OIL, Scenario

PARTS: Final = (OIL, FREIGHT)
#: The group of the demand that scenarios scale, and its good that may grow alone.
GROUP, BOXES = "titr", "containers"
#: Year of the demand where a scenario begins in one that has none.
USUAL_YEAR = 2024
_MOST_MT = 1000.0


def read_parts(head: Reader, under: Scenario | None) -> tuple[str, ...]:
    """Read `parts`; those of the scenario under it, or oil, where it is not told."""
    if "parts" not in head.table:
        return under.parts if under is not None else (OIL,)
    given = head.table["parts"]
    if not isinstance(given, list) or not given or not all(isinstance(p, str) for p in given):
        head.fault("parts", "wrong-type", 'a list like ["oil", "freight"] is expected')
        return (OIL,)
    for each in given:
        if each not in PARTS:
            words = f"one of {', '.join(PARTS)} is expected{nearest(each, PARTS)}"
            head.fault("parts", "unknown-word", words)
        elif given.count(each) > 1:
            head.fault("parts", "told-twice", f"{each} is named twice")
            break
    return tuple(each for each in PARTS if each in given)


def read_asked(head: Reader, under: Scenario | None, year: int) -> FreightAsked:
    """Read `[freight]`: the year of the demand, and to what it is scaled.

    `titr_mt` scales all cargo of the route to so many million tonnes a year, `titr_containers_mt`
    its boxes alone until all of it is as much.
    """
    base = shipped_freight()
    usual = year if year in base.years else USUAL_YEAR
    before = under.freight if under is not None else None
    if "freight" not in head.table:
        return before or FreightAsked(base=base, year=usual, scale={})
    given = head.table["freight"]
    if not isinstance(given, Mapping):
        head.fault("freight", "wrong-type", "a table [freight] is expected")
        return FreightAsked(base=base, year=usual, scale={})
    reader = Reader(head.file, given, head.faults, "freight")
    reader.only({"year", "titr_mt", "titr_containers_mt"})
    chosen = usual if before is None else before.year
    if "year" in given:
        number = reader.number("year")
        if number is not None and number not in base.years:
            known = ", ".join(str(each) for each in base.years)
            reader.fault("year", "out-of-range", f"the demand has {known}")
        elif number is not None:
            chosen = int(number)
    scale = dict(before.scale) if before is not None else {}
    return FreightAsked(base=base, year=chosen, scale={**scale, **_scale(reader, chosen)})


def _scale(reader: Reader, year: int) -> Mapping[str, float]:
    base = shipped_freight()
    whole = base.group_mt(GROUP, year)
    boxes = base.group_mt(GROUP, year, good=BOXES)
    if {"titr_mt", "titr_containers_mt"} <= set(reader.table):
        reader.fault("titr_containers_mt", "contradiction", "one of the two is expected")
        return {}
    if "titr_mt" in reader.table:
        mt = _mt(reader, "titr_mt", 0.0)
        return {} if mt is None else {GROUP: mt / whole}
    if "titr_containers_mt" in reader.table:
        mt = _mt(reader, "titr_containers_mt", whole - boxes)
        return {} if mt is None else {f"{GROUP} {BOXES}": (mt - whole + boxes) / boxes}
    return {}


def _mt(reader: Reader, key: str, least: float) -> float | None:
    mt = reader.number(key)
    if mt is not None and not least < mt <= _MOST_MT:
        words = f"a number above {least:.2f} and up to {_MOST_MT:.0f} is expected"
        reader.fault(key, "out-of-range", words)
        return None
    return mt
