"""The years of an investment: the problem of a scenario moved to them, calm and with its events."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from karvan.engines.planner.problem import Arcs, Floats, Indices, Joints, PlanningProblem
from karvan.engines.planner.projects import Horizon
from karvan.network.links import LinkId, LinkStatus
from karvan.network.network import Network
from karvan.services.planning.changing import fleets_named, ships_after
from karvan.services.planning.horizon import Group, beside, grouped, grown, in_order
from karvan.services.planning.investment_terms import Terms
from karvan.services.planning.oil import COMMODITIES, Planned, oil_problem, planned, problem_with
from karvan.services.planning.projects import Kind, ProjectTables
from karvan.services.planning.scenario import Event, PeriodLength, Scenario
from karvan.services.planning.tracks import line_of

_MONTHS: Final = 12


def opened(network: Network, tables: ProjectTables) -> Network:
    """The network with all links open that projects would open."""
    links = dict(network.links)
    for row in tables.additions:
        link = links.get(LinkId(row.asset)) if row.kind is Kind.LINK else None
        if link is not None and link.status is not LinkStatus.OPEN:
            links[link.id] = replace(
                link, status=LinkStatus.OPEN, valid_from=None, valid_to=None, capacity_from=None
            )
    return replace(network, links=links)


def closed_before(
    problem: PlanningProblem, as_is: PlanningProblem, network: Network, opened: Network
) -> PlanningProblem:
    """What projects would open carries what it does without them, and has no least of its own."""
    names = {
        name
        for link in opened.links.values()
        if link is not network.links[link.id]
        for name in (str(link.id), line_of(link))
    }
    arcs, joints, minima = problem.arcs, problem.joints, problem.minima
    idle = np.array([arcs.ids[a] in names for a in minima.arc], bool)
    return replace(
        problem,
        minima=replace(minima, least=np.where(idle[:, None], 0.0, minima.least)),
        arcs=replace(arcs, capacity=_as_before(arcs.ids, arcs.capacity, names, as_is.arcs)),
        joints=replace(
            joints, capacity=_as_before(joints.ids, joints.capacity, names, as_is.joints)
        ),
    )


def _as_before(
    ids: Sequence[str], capacity: Floats, names: Collection[str], as_is: Arcs | Joints
) -> Floats:
    before = dict(zip(as_is.ids, as_is.capacity, strict=True))
    found = capacity.copy()
    for row, name in enumerate(ids):
        if name in names:
            found[row] = before.get(name, 0.0)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Years:
    """The problem of a scenario over years.

    Attributes
    ----------
    of_a_ship
        (F, T) hours of one ship of each fleet; hours out and hours back have all ships each.
    """

    problem: PlanningProblem
    horizon: Horizon
    of_a_ship: Floats


def years(network: Network, scenario: Scenario, terms: Terms) -> Years:
    """A period for each year and, beside it, for each month in which events take capacity."""
    months = replace(
        scenario,
        first_day=date(terms.first_year, 1, 1),
        periods=_MONTHS * len(terms.years),
        period=PeriodLength.MONTH,
        event=(),
    )
    factor = np.array(
        [(1 + terms.growth) ** (year - base_year(scenario)) for year in terms.years]
    ).repeat(_MONTHS)
    made = planned(network, months, at_once=True)
    calm = grown(problem_with(made, ()), factor, fixed=COMMODITIES)
    ships = _ships(made, scenario)
    years = [
        Group(name=str(year), periods=tuple(range(_MONTHS * k, _MONTHS * (k + 1))))
        for k, year in enumerate(terms.years)
    ]
    problem, step = grouped(calm, years), list(range(len(years)))
    of_a_ship = grouped(_of_a_ship(calm, ships), years).fleets.hours
    struck = _struck_months(scenario)
    share = [1.0] * len(years)
    if struck:
        yearly = _every_year(scenario, terms)
        struck_problem = oil_problem(
            network, replace(months, event=yearly), events=yearly, at_once=True
        )
        hit = grown(struck_problem, factor, fixed=COMMODITIES)
        groups = [
            Group(name=f"{year}-{month:02d} event", periods=(_MONTHS * k + month - 1,))
            for k, year in enumerate(terms.years)
            for month in struck
        ]
        events = grouped(hit, groups)
        problem = beside(problem, events)
        hours = grouped(_of_a_ship(hit, ships), groups).fleets.hours
        of_a_ship = np.concatenate([of_a_ship, hours], axis=1)
        lost = events.period_days.reshape(len(years), -1).sum(axis=1)
        share = (1 - lost / problem.period_days[: len(years)] / terms.every).tolist()
        share += [1 / terms.every] * len(groups)
        step += [k for k in range(len(years)) for _ in struck]
    order: Indices = np.argsort(np.array(step), kind="stable")
    discount = np.power(1 + terms.rate, -(np.arange(len(years), dtype=np.float64) + 0.5))
    horizon = Horizon(
        step_ids=tuple(str(year) for year in terms.years),
        step=np.array(step, np.int64)[order],
        share=np.array(share)[order],
        discount=discount,
    )
    return Years(
        problem=in_order(problem, order),
        horizon=horizon,
        of_a_ship=of_a_ship[:, order] if len(of_a_ship) else of_a_ship,
    )


def _ships(made: Planned, scenario: Scenario) -> Floats:
    """How many ships (F, T) have the hours of each fleet, once changes are made."""
    ships = np.zeros_like(made.problem.fleets.hours)
    for name, count in ships_after(scenario.change, made.setting).items():
        ships[fleets_named(made.problem, name)] = count
    return ships


def _of_a_ship(problem: PlanningProblem, ships: Floats) -> PlanningProblem:
    """The problem with the hours of one ship of each fleet; none where there is no ship."""
    hours = np.zeros_like(ships)
    np.divide(problem.fleets.hours, ships, out=hours, where=ships > 0)
    return replace(problem, fleets=replace(problem.fleets, hours=hours))


def _struck_months(scenario: Scenario) -> tuple[int, ...]:
    """Calendar months in which something is lost."""
    found = set()
    for event in scenario.event:
        if event.share_lost > 0:
            for day in range(event.first_day.toordinal(), event.last_day.toordinal() + 1):
                found.add(date.fromordinal(day).month)
    return tuple(sorted(found))


def _every_year(scenario: Scenario, terms: Terms) -> tuple[Event, ...]:
    """The events as if they began in each year, and in the one before."""
    first = min((event.first_day.year for event in scenario.event), default=terms.first_year)

    def moved(event: Event, years: int) -> Event:
        until = event.expected_until
        return replace(
            event,
            id=f"{event.id} {first + years}",
            first_day=_later(event.first_day, years),
            last_day=_later(event.last_day, years),
            expected_until=None if until is None else _later(until, years),
        )

    return tuple(
        moved(event, year - first)
        for year in range(terms.first_year - 1, terms.last_year + 1)
        for event in scenario.event
    )


def _later(day: date, years: int) -> date:
    """The day so many years later; 29 February is the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def base_year(scenario: Scenario) -> int:
    """Year whose oil a scenario plans: the one in the name of its base."""
    digits = "".join(each for each in scenario.base_file if each.isdigit())
    return int(digits) if len(digits) == len("2024") else scenario.first_day.year
