"""If one more thing fails: what each outage would cost beside what a page tells already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from karvan.domain.errors import LimitReached
from karvan.engines.planner.merging import merged
from karvan.engines.planner.solving import SolverOptions
from karvan.services.planning.contingency import Consequence, contingency
from karvan.services.planning.lost_ships import tankers_of
from karvan.services.planning.naming import Names, and_more
from karvan.services.planning.oil import planned, problem_with
from karvan.services.planning.reporting import Failure, Report
from karvan.services.planning.scenario import Scenario
from karvan.services.planning.wording import OUTAGES
from karvan.services.studies.desk import StudyDesk
from karvan.services.words import phrase

#: Outages that are told, the worst first.
MOST: Final = 10
#: More periods than these are planned as one.
MONTHS: Final = 12
_KUSD_PER_MUSD: Final = 1000.0
#: Costs that are told as the same, million US dollars.
_ALIKE_MUSD: Final = 0.5


def with_failures(desk: StudyDesk, report: Report, options: SolverOptions) -> Report:
    """A page with what everything would cost that fails beside, as long as its periods last.

    The oil is planned in its periods; freight, and more periods than a year has months, as one.
    Without an answer in the solver's time the page is as it was.
    """
    merge = any(_is_long(case.scenario) for case in report.cases)
    stages = [phrase("If one more thing fails")]
    if report.b is not None:
        stages = [phrase("If one more thing fails, {case}", case=name) for name in "AB"]
    try:
        found = [
            _costs(desk, case.scenario, options, stage, merge=merge)
            for case, stage in zip(report.cases, stages, strict=True)
        ]
    except LimitReached:
        return report
    return replace(report, failures=_rows(Names(desk.network), found), failures_merged=merge)


def _is_long(scenario: Scenario) -> bool:
    return scenario.freight is not None or scenario.periods > MONTHS


def _costs(
    desk: StudyDesk, scenario: Scenario, options: SolverOptions, stage: str, *, merge: bool
) -> Mapping[str, Consequence]:
    """What each outage costs, by its id, the worst first."""
    made = planned(desk.network, scenario, waits=False)
    problem = problem_with(made, scenario.event)
    found = contingency(
        merged(problem) if merge else problem,
        ships=tankers_of(made, scenario, by_year=merge),
        options=options,
        told=desk.counted(stage),
        executor=desk.executor,
    )
    return {each.outages[0].id: each for each in found.ranked}


def _rows(names: Names, found: list[Mapping[str, Consequence]]) -> tuple[Failure, ...]:
    """The worst of the last case; what costs the same in all cases is one row."""
    groups: dict[tuple[float, ...], list[Consequence]] = {}
    for id_, each in found[-1].items():
        costs = [case[id_].extra_cost / _KUSD_PER_MUSD if id_ in case else 0.0 for case in found]
        if costs[-1] >= _ALIKE_MUSD:
            groups.setdefault(tuple(round(cost) for cost in costs), []).append(each)
    return tuple(
        Failure(
            name=_name(names, same),
            a_musd=costs[0],
            b_musd=costs[1] if len(costs) > 1 else None,
        )
        for costs, same in list(groups.items())[:MOST]
    )


def _name(names: Names, same: list[Consequence]) -> str:
    outage = same[0].outages[0]
    name = names.short_way(outage.asset)
    if outage.kind in {"fleet", "one ship"}:
        name = phrase("{name}, {kind}", name=name, kind=OUTAGES[outage.kind])
    return and_more(name, len(same) - 1)
