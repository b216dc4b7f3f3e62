"""Runs and tornados as JSON and as rows of a table, in the units they are told in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from karvan.engines.planner.problem import Floats
from karvan.services.planning.figures import FIGURES
from karvan.services.planning.sampled_amounts import (
    CORRIDOR,
    CORRIDOR_CO2E,
    CROSSING,
    FREIGHT_LEFT,
    LEFT_BEHIND,
    MORE,
    SOLD_AT,
    WAYS_OUT,
)
from karvan.services.planning.sampling import (
    IN_TEN,
    Interval,
    Sample,
    Sampled,
    Told,
    difference,
    interval,
)
from karvan.services.planning.tornado import Tornado

#: Totals, and their units.
UNITS: Final[Mapping[str, str]] = {
    **{name: shape.unit for name, shape in FIGURES.items()},
    "extra_cost": "M USD",
}
#: What waits is told of the month in which most does: it does not add up.
HELD: Final = frozenset({"in tanks at", "waits at"})
#: What is told of each place as a whole, and then by good.
BY_GOOD: Final = frozenset({CORRIDOR, CORRIDOR_CO2E, CROSSING})
#: Amounts by month below half a thousand tonnes in all of them are not told.
LEAST_KT: Final = 0.5
#: Below this in every run an amount is rounding, by its unit; of others below the last.
_LEAST: Final[Mapping[str, float]] = {"Mt": 0.0005, "kt": 0.5, "TEU": 0.5, "truck": 0.5}
_LEAST_OF_OTHERS: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A figure with its interval: a total by its name, or an amount over all months.

    Attributes
    ----------
    good
        Of which good or trade; empty for all.
    told
        The figure with every estimate as told.
    """

    what: str
    where: str
    unit: str
    told: float
    found: Interval
    good: str = ""

    @property
    def total(self) -> bool:
        """Whether it is a figure of the whole scenario."""
        return self.what in UNITS

    @property
    def part(self) -> bool:
        """Whether it is a part of the line of the same place above it."""
        return bool(self.good) and self.what in BY_GOOD


def lines(sampled: Sampled, told: Told) -> Iterator[Line]:
    """Every figure of a scenario with its interval; what is nothing in every run is left out."""
    for name, draws in sampled.totals.items():
        found = interval(draws)
        usual = told.totals.get(name, 0.0)
        yield Line(what=name, where="", unit=UNITS[name], told=usual, found=found)
    if sampled.without is not None and told.without is not None:
        for name, draws in difference(sampled.without, sampled).items():
            usual = told.totals.get(name, 0.0) - told.without.totals.get(name, 0.0)
            found = interval(draws)
            yield Line(what=MORE, where=name, unit=UNITS[name], told=usual, found=found)
    for (what, where), draws in sampled.by_month.items():
        if where and draws.max() >= LEAST_KT:
            as_told = told.by_month.get((what, where), np.zeros(1))
            held = what in HELD
            of_run = draws.max(axis=1) if held else draws.sum(axis=1)
            value = float(as_told.max() if held else as_told.sum())
            yield Line(what=what, where=where, unit="kt", told=value, found=interval(of_run))
    yield from _amounts(sampled, told)


def _amounts(sampled: Sampled, told: Told) -> Iterator[Line]:
    """What is told over all months alone; of the oil the ways and outlets have rows by month."""
    by_month = {LEFT_BEHIND, FREIGHT_LEFT}
    if any(where for _, where in sampled.by_month):
        by_month |= {WAYS_OUT, SOLD_AT}
    for name, draws in sampled.amounts.items():
        if name.what in by_month or not is_some(draws, name.unit):
            continue
        usual = told.amounts.get(name, 0.0)
        yield Line(
            what=name.what,
            where=name.of,
            good=name.good,
            unit=name.unit,
            told=usual,
            found=interval(draws),
        )


def is_some(draws: Floats, unit: str) -> bool:
    """Whether an amount is more than rounding in some run."""
    return bool(np.abs(draws).max() >= _LEAST.get(unit, _LEAST_OF_OTHERS))


def runs_json(sample: Sample, tornados: Sequence[Mapping[str, Tornado]]) -> Mapping[str, object]:
    """Everything that is told of a sample; amounts as in a study, shares with three decimals."""
    return {
        "runs": sample.runs,
        "seed": sample.seed,
        "interval": f"{IN_TEN} in 10 runs",
        "drawn": [
            {
                "estimate": each.name,
                "figure": each.figure,
                "value": each.value,
                "low": each.low,
                "high": each.high,
                "source": each.source,
            }
            for each in sample.estimates
        ],
        "not_drawn": list(sample.fixed),
        "scenarios": [
            {
                "scenario": sampled.scenario.name,
                "totals": {
                    name: {"unit": UNITS[name], **_ends(interval(draws), 3)}
                    for name, draws in sampled.totals.items()
                },
                "amounts": [
                    {
                        "what": name.what,
                        "of": name.of,
                        "good": name.good,
                        "unit": name.unit,
                        **_ends(interval(draws), 6),
                    }
                    for name, draws in sampled.amounts.items()
                    if is_some(draws, name.unit)
                ],
                "months": [
                    {"what": what, "where": where, **_ends(interval(draws), 1)}
                    for (what, where), draws in sampled.by_month.items()
                    if draws.max() >= LEAST_KT
                ],
                "tornado": {name: tornado_json(each) for name, each in found.items()},
            }
            for sampled, found in zip(sample.of, tornados, strict=True)
        ],
    }


def tornado_json(found: Tornado) -> Mapping[str, object]:
    """A figure and what each estimate does to it."""
    return {
        "unit": UNITS[found.figure],
        "value": round(found.value, 3),
        "runs": found.runs,
        "chance": None if found.chance is None else round(found.chance, 3),
        "estimates": [
            {
                "estimate": each.estimate.name,
                "low": each.estimate.low,
                "high": each.estimate.high,
                "at_low": round(each.at_low, 3),
                "at_high": round(each.at_high, 3),
                "share": None if each.share is None else round(each.share, 3),
                "told_apart": each.apart,
            }
            for each in found.swings
        ],
    }


def _ends(found: Interval, digits: int) -> Mapping[str, object]:
    return {
        name: _rounded(values, digits)
        for name, values in (("low", found.low), ("median", found.median), ("high", found.high))
    }


def _rounded(values: Floats, digits: int) -> object:
    return (np.round(values, digits) + 0.0).tolist()
