"""From runs to what a case of a report shows of them: where 8 in 10 lie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from karvan.engines.planner.problem import Floats
from karvan.services.planning.cases import Ends, Spread
from karvan.services.planning.figures import FIGURES
from karvan.services.planning.sampling import (
    IN_TEN,
    Sample,
    Sampled,
    amounts_apart,
    difference,
    interval,
)
from karvan.services.words import phrase

#: What runs tell of a month that was left behind.
_LEFT: Final = ("left behind", "")
_KT_PER_MT: Final = 1000.0


def spread_of(drawn: Sample, number: int) -> Spread:
    """How sure a scenario of a sample is; `number` says which."""
    sampled = drawn.of[number]
    return Spread(
        runs=drawn.runs,
        share=_share(),
        figures=_figures(sampled.totals),
        left_behind=_left(sampled),
    )


def spread_between(drawn: Sample) -> Spread:
    """How sure the differences of the second scenario from the first are, run by run."""
    one, other = drawn.of
    ends = {row: interval(draws) for row, draws in amounts_apart(one, other).items()}
    return Spread(
        runs=drawn.runs,
        share=_share(),
        figures=_figures(difference(one, other)),
        amounts={row: (float(each.low), float(each.high)) for row, each in ends.items()},
    )


def _share() -> str:
    return phrase("{count} in 10 runs", count=IN_TEN)


def _figures(totals: Mapping[str, Floats]) -> Mapping[str, Ends]:
    found: dict[str, Ends] = {}
    for key, draws in totals.items():
        if key in FIGURES:
            ends = interval(draws)
            found[key] = float(ends.low), float(ends.high)
    return found


def _left(sampled: Sampled) -> tuple[Ends, ...]:
    """Low and high by month, of what was shut in or not served in a run."""
    if _LEFT not in sampled.by_month:
        return ()
    ends = interval(sampled.by_month[_LEFT] / _KT_PER_MT)
    return tuple(zip(ends.low.tolist(), ends.high.tolist(), strict=True))
