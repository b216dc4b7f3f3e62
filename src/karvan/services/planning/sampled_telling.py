"""Runs and tornados as JSON and as rows of a table, in the units they are told in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from karvan.engines.planner.problem import Floats
from karvan.services.planning.figures import FIGURES
from karvan.services.planning.sampling import (
    IN_TEN,
    TOLD_TOTALS,
    Interval,
    Sample,
    Sampled,
    Told,
    interval,
)
from karvan.services.planning.tornado import Tornado

#: Totals, and their units.
UNITS: Final[Mapping[str, str]] = {
    **{name: FIGURES[name].unit for name in TOLD_TOTALS},
    "extra_cost": "M USD",
}
_KT_PER_MT: Final = 1000.0
#: Amounts below half a thousand tonnes in every month are not told.
LEAST_KT: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A figure with its interval: a total by its name, or what a row of a study adds up to, in kt.

    `told` is the figure with every estimate as told.
    """

    what: str
    where: str
    unit: str
    told: float
    found: Interval


def lines(sampled: Sampled, told: Told) -> Iterator[Line]:
    """Every figure of a scenario with its interval; rows of no amount in any run are left out."""
    for name, draws in sampled.totals.items():
        found = interval(draws)
        yield Line(what=name, where="", unit=UNITS[name], told=told.totals[name], found=found)
    for (what, where), draws in sampled.by_month.items():
        if where and draws.max() >= LEAST_KT:
            usual = told.by_month.get((what, where), np.zeros(1))
            # Tanks hold, they do not add up: their fullest month counts.
            of_run = draws.max(axis=1) if what == "in tanks at" else draws.sum(axis=1)
            as_told = usual.max() if what == "in tanks at" else usual.sum()
            yield Line(
                what=what, where=where, unit="kt", told=float(as_told), found=interval(of_run)
            )
    yield from _ways(sampled, told)


def _ways(sampled: Sampled, told: Told) -> Iterator[Line]:
    """Amounts of what is no oil, which has no rows by month: over borders, and delivered."""
    if any(where for _, where in sampled.by_month):
        return
    for (what, where), draws in sampled.amounts.items():
        if draws.max() * _KT_PER_MT >= LEAST_KT:
            yield Line(
                what=what,
                where=where,
                unit="Mt",
                told=told.amounts.get((what, where), 0.0),
                found=interval(draws),
            )


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
                    {"what": what, "of": of, "unit": "Mt", **_ends(interval(draws), 6)}
                    for (what, of), draws in sampled.amounts.items()
                    if draws.max() * _KT_PER_MT >= LEAST_KT
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
        "estimates": [
            {
                "estimate": each.estimate.name,
                "low": each.estimate.low,
                "high": each.estimate.high,
                "at_low": round(each.at_low, 3),
                "at_high": round(each.at_high, 3),
                "share": None if each.share is None else round(each.share, 3),
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
