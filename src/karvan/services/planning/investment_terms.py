"""What is asked of investments: the years, the money, and which figures of the costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from karvan.domain.errors import InvalidInput
from karvan.services.planning.projects import Project

#: Which figure of a project's cost is taken.
COSTS: Final = ("low", "middle", "high")
_LONGEST: Final = 40
_FIRST, _LAST = 1990, 2100


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is asked.

    Attributes
    ----------
    first_year, last_year
        Years of the horizon, both included.
    rate, growth
        Shares a year: what later money counts less, and what is produced more, from the year of
        the scenario's oil.
    every
        An event of the scenario comes once in so many years.
    budget_eur, yearly_budget_eur
        Outlay at most, in all and in each year; infinite for none.
    costs
        One of `COSTS`.
    """

    first_year: int
    last_year: int
    rate: float
    growth: float
    every: float
    budget_eur: float = np.inf
    yearly_budget_eur: float = np.inf
    costs: str = "middle"

    @property
    def years(self) -> range:
        """Years of the horizon."""
        return range(self.first_year, self.last_year + 1)

    def __post_init__(self) -> None:
        faults = []
        if not 1 <= len(self.years) <= _LONGEST:
            faults.append(f"a horizon has 1 to {_LONGEST} years")
        if self.first_year < _FIRST or self.last_year > _LAST:
            faults.append(f"the years lie between {_FIRST} and {_LAST}")
        if not -0.5 < self.rate < 1:
            faults.append("the discount rate lies between -50 and 100 % a year")
        if not -0.5 < self.growth < 0.5:
            faults.append("growth lies between -50 and 50 % a year")
        if not self.every >= 1:
            faults.append("an event comes at most once a year")
        if not (self.budget_eur >= 0 and self.yearly_budget_eur >= 0):
            faults.append("a budget is a number from 0 on")
        if self.costs not in COSTS:
            faults.append("costs are low, middle or high")
        if faults:
            raise InvalidInput("the terms of the question cannot be right", faults=faults)


def cost_of(project: Project, costs: str) -> float:
    """Millions of the project's currency: the middle figure, or the lowest or highest told."""
    given = {"low": project.low_m, "middle": project.cost_m, "high": project.high_m}[costs]
    return project.cost_m if given is None else given
