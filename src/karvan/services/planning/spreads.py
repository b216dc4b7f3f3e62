"""From runs to what a case of a report shows of them: where 8 in 10 lie."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Final, TypeVar

from karvan.engines.planner.problem import Floats
from karvan.services.planning.cases import Ends, Spread
from karvan.services.planning.figures import FIGURES
from karvan.services.planning.sampled_amounts import FREIGHT_LEFT, LEFT_BEHIND
from karvan.services.planning.sampling import (
    IN_TEN,
    Sample,
    Sampled,
    amounts_apart,
    difference,
    interval,
)
from karvan.services.words import phrase

_KT_PER_MT: Final = 1000.0

Name = TypeVar("Name", bound=Hashable)


def spread_of(drawn: Sample, number: int) -> Spread:
    """How sure a scenario of a sample is; `number` says which."""
    return _spread(drawn.runs, drawn.of[number])


def spreads_without(drawn: Sample) -> tuple[Spread, Spread] | None:
    """How sure the first scenario is as if nothing happened or changed, and what that changes.

    None where nothing does.
    """
    told = drawn.of[0]
    if told.without is None:
        return None
    return _spread(drawn.runs, told.without), _between(drawn.runs, told.without, told)


def _spread(runs: int, sampled: Sampled) -> Spread:
    return Spread(
        runs=runs,
        share=_share(),
        figures=_figures(sampled.totals),
        left_behind=_left(sampled, LEFT_BEHIND),
        freight_left_behind=_left(sampled, FREIGHT_LEFT),
        amounts=_ends(sampled.amounts),
    )


def spread_between(drawn: Sample) -> Spread:
    """How sure the differences of the second scenario from the first are, run by run."""
    return _between(drawn.runs, *drawn.of)


def _between(runs: int, one: Sampled, other: Sampled) -> Spread:
    return Spread(
        runs=runs,
        share=_share(),
        figures=_figures(difference(one, other)),
        amounts=_ends(amounts_apart(one, other)),
    )


def _share() -> str:
    return phrase("{count} in 10 runs", count=IN_TEN)


def _figures(totals: Mapping[str, Floats]) -> Mapping[str, Ends]:
    return _ends({key: draws for key, draws in totals.items() if key in FIGURES})


def _ends(of: Mapping[Name, Floats]) -> Mapping[Name, Ends]:
    found = {name: interval(draws) for name, draws in of.items()}
    return {name: (float(each.low), float(each.high)) for name, each in found.items()}


def _left(sampled: Sampled, what: str) -> tuple[Ends, ...]:
    """Low and high by month, of what was shut in or not served in a run; nothing if not told."""
    draws = sampled.by_month.get((what, ""))
    if draws is None:
        return ()
    ends = interval(draws / _KT_PER_MT)
    return tuple(zip(ends.low.tolist(), ends.high.tolist(), strict=True))
