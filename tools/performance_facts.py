"""Fact rows beside the parameters that name them: which figure fixes what."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from karvan.network.activities import Duration
from karvan.network.performance import PerformanceRow, WeatherRow

FACTS = Path(__file__).resolve().parent.parent / "facts"

#: File of a row by the letter of its name.
FILES = {
    "D": "disruptions",
    "E": "energy_trade",
    "F": "freight",
    "O": "operations",
    "T": "tariffs",
    "X": "observations",
}

#: Hours in the units that measure time.
HOURS = {"h": 1.0, "h/call": 1.0, "hours": 1.0, "min": 1 / 60, "days": 24.0, "h per yard": 1.0}

#: Times of whole ways: nothing may be fitted to them, for they are what a result is compared with.
WHOLE_WAYS = frozenset(
    {
        "F196",
        "F197",
        "F209",
        *(f"F{n}" for n in range(212, 220)),
        *(f"F{n}" for n in range(587, 596)),
    }
)


@dataclass(frozen=True)
class Fact:
    """One row of facts/ as far as a page needs it."""

    id: str
    topic: str
    subject: str
    quantity: str
    value_text: str
    unit: str
    low_text: str
    high_text: str
    note: str

    @property
    def value(self) -> float:
        return _number(self.value_text)

    @property
    def high(self) -> float:
        return _number(self.high_text)

    @property
    def figure(self) -> str:
        """The figure as published."""
        ends = f" ({self.low_text} to {self.high_text})" if self.low_text and self.high_text else ""
        return f"{self.value_text} {self.unit}{ends}".replace("|", "/")

    @property
    def hours(self) -> tuple[float, ...]:
        """Value, low and high in hours; nothing where the unit is no time."""
        factor = HOURS.get(self.unit)
        if factor is None:
            return ()
        texts = (self.value_text, self.low_text, self.high_text)
        return tuple(factor * _number(text) for text in texts if text)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


@cache
def _rows(file: str) -> dict[str, Fact]:
    with (FACTS / f"{file}.csv").open(encoding="utf-8", newline="") as stream:
        return {
            row["id"]: Fact(
                id=row["id"],
                topic=row.get("topic", ""),
                subject=row.get("subject", ""),
                quantity=row.get("quantity", ""),
                value_text=row.get("value", ""),
                unit=row.get("unit", ""),
                low_text=row.get("low", ""),
                high_text=row.get("high", ""),
                note=row.get("note", ""),
            )
            for row in csv.DictReader(stream)
        }


def get(name: str) -> Fact:
    """Give a fact by `F337` or `freight:F337`; a `KeyError` where there is none."""
    short = name.rpartition(":")[2]
    return _rows(FILES[short[0]])[short]


def span(name: str) -> list[Fact]:
    """Facts of `O366-O377`, or the one of `O426`."""
    match = re.fullmatch(r"(?:\w+:)?([A-Z])(\d+)-[A-Z](\d+)", name)
    if match is None:
        return [get(name)]
    return [get(f"{match[1]}{n:03d}") for n in range(int(match[2]), int(match[3]) + 1)]


def near(one: float | None, other: float | None, share: float = 0.01) -> bool:
    """Whether two figures are the same to a share of them."""
    return one is not None and other is not None and math.isclose(one, other, rel_tol=share)


def use(row: PerformanceRow, fact: Fact) -> str:
    """What a fact does for a row: `fixes the value`, `equals an end` or `argument`."""
    if fact.hours and near(row.value_h, fact.hours[0]):
        return "fixes the value"
    ends = (row.low_h, row.high_h)
    if any(near(end, figure) for end in ends for figure in fact.hours):
        return "equals an end"
    return "argument"


def rule(rows: Sequence[PerformanceRow], fact: Fact) -> str:
    """How one figure came to stand in several rows."""
    uses = {use(row, fact) for row in rows}
    if uses == {"argument"}:
        return "none of it is taken; it argues for the same assumption in each"
    activities = {row.activity for row in rows}
    if activities == {"border-exit", "border-entry"} and "fixes the value" in uses:
        if len(uses) > 1:
            return "the value of one direction, an end of the range of the other"
        return "told of a crossing without direction: each direction has it as its mean"
    if "argument" in uses:
        return "its figure in one, an argument in the other"
    return "the same work: each has it as its value"


def months_met(row: WeatherRow) -> bool:
    """Whether the twelve shares are those of the facts the row names first."""
    told = [fact.value / 100 for fact in span(row.fact[0])]
    pairs = zip(told, row.closed_share, strict=True)
    return len(told) == 12 and all(near(one, other) for one, other in pairs)


def share_above(duration: Duration, hours: float) -> float:
    """Share of a lognormal time above some hours."""
    z = math.log(hours / duration.median_h) / duration.sigma
    return math.erfc(z / math.sqrt(2)) / 2
