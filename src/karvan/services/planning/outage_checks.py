"""What was told of outages beside what the plan shows: what tanks took, what went elsewhere.

These are no observations of a year: a run rate, a month, a space in days. They stand beside the
validation and count for nothing in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from karvan.engines.planner.problem import Floats
from karvan.network.network import Network
from karvan.services.planning.disruptions import Disruption, outages_between
from karvan.services.planning.scenario import Scenarios
from karvan.services.planning.study import Study, study
from karvan.services.planning.validation import NEAR_SMALL, OutageCheck, flows_of

DAYS_PER_Y: Final = 365.0
#: The winter in which two moorings were lost: first month, months, and the year whose oil it has.
WINTER: Final = (date(2025, 9, 1), 9, 2025)
#: Under which year its study stands.
WINTER_YEAR: Final = 2026


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedOutage:
    """What was told, and what the plan shows in the same unit."""

    check: OutageCheck
    planned: float

    @property
    def is_near(self) -> bool:
        """Whether it is in the range told, or a quarter from the figure."""
        low, high = self.check.low, self.check.high
        told = low is not None and high is not None and low <= self.planned <= high
        return told or abs(self.planned - self.check.told) <= NEAR_SMALL * self.check.told


def plan_winter(
    network: Network, scenarios: Scenarios, disruptions: Iterable[Disruption]
) -> Mapping[int, Study]:
    """Plan the months round the loss of two moorings in 2025, on the oil of that year."""
    first, months, year = WINTER
    beyond = date(first.year + 1, first.month - 12 + months, 1)
    scenario = replace(
        scenarios.read(f"base-{year}"),
        first_day=first,
        periods=months,
        event=tuple(outages_between(disruptions, first, beyond)),
    )
    return {WINTER_YEAR: study(network, scenario)}


def check_outages(
    checks: Iterable[OutageCheck], studies: Mapping[int, Study]
) -> tuple[CheckedOutage, ...]:
    """Look up what each check asks of the study of its year; those without one are passed over."""
    return tuple(
        CheckedOutage(check=check, planned=_KINDS[check.kind](check, studies[check.study]))
        for check in checks
        if check.study in studies
    )


def _over(found: Study, check: OutageCheck, flows: Mapping[tuple[str, str], Floats]) -> float:
    """Sum the flow of the links in the months."""
    at = [found.months.index(month) for month in check.months]
    links = set(check.links)
    return float(sum(amounts[at].sum() for (link, _), amounts in flows.items() if link in links))


def _days(found: Study, check: OutageCheck) -> float:
    at = [found.months.index(month) for month in check.months]
    return float(found.usual.plan.problem.period_days[at].sum())


def _amount(check: OutageCheck, found: Study) -> float:
    return _over(found, check, flows_of(found.stages))


def _rate(check: OutageCheck, found: Study) -> float:
    """Mt a year."""
    return _amount(check, found) / _days(found, check) * DAYS_PER_Y / 1000


def _share_lost(check: OutageCheck, found: Study) -> float:
    """Of what would have gone without outages."""
    return 1 - _amount(check, found) / _over(found, check, flows_of([found.usual]))


def _tank_days(check: OutageCheck, found: Study) -> float:
    """Room of the tanks where the link ends, over what comes in a day."""
    problem = found.usual.plan.problem
    ends = {link.split("--")[1].split(":")[0] for link in check.links}
    room = sum(
        limit
        for name, limit in zip(problem.tanks.ids, problem.tanks.limit.tolist(), strict=True)
        if name in ends
    )
    return float(room) / (_amount(check, found) / _days(found, check))


def _shut_in(check: OutageCheck, found: Study) -> float:
    at = [found.months.index(month) for month in check.months]
    return float(np.sum([amounts[at].sum() for amounts in found.told.shut_in.values()]))


_KINDS: Final = {
    "amount": _amount,
    "rate": _rate,
    "share_lost": _share_lost,
    "tank_days": _tank_days,
    "shut_in": _shut_in,
}
