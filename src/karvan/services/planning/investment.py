"""Which projects to build on the corridor: the question of a scenario over years, and its answer.

The scenario gives the oil and, where it has events, what goes wrong once in so many years. Money
is thousand US dollars inside, as in plans, and told in euro at one rate. A link that is idle or
planned opens with the project that names it and carries nothing before; a pipeline is filled then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from karvan.domain.tariff import TariffBook
from karvan.engines.planner.investment import Prepared, cost_of_filling, worth_alone
from karvan.engines.planner.problem import Floats, Indices
from karvan.engines.planner.projects import Additions, InvestmentProblem, Projects, Starts
from karvan.engines.planner.solving import SolverOptions
from karvan.network.network import Network
from karvan.services.planning.investment_lines import fills_of
from karvan.services.planning.investment_terms import COSTS, Terms, cost_of
from karvan.services.planning.investment_years import base_year, closed_before, opened, years
from karvan.services.planning.projects import Project, ProjectTables
from karvan.services.planning.scenario import Scenario
from karvan.services.planning.widening import Widened, widened_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The question as the engine reads it, and how to tell its answer.

    Attributes
    ----------
    offered
        Projects in the order of the engine's.
    left_out
        Id of each project that is not offered, and why.
    kusd_per_m
        Thousand US dollars for a million of each project's currency, in the year of its price.
    kusd_per_eur
        Thousand US dollars for a euro.
    base_year
        Year of the scenario's oil.
    """

    scenario: Scenario
    terms: Terms
    network_hash: str
    projects_hash: str
    offered: tuple[Project, ...]
    left_out: Mapping[str, str]
    kusd_per_m: Mapping[str, float]
    kusd_per_eur: float
    base_year: int
    question: InvestmentProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """What one unit of a project would save and be worth, built as early as it can be.

    Attributes
    ----------
    saved_kusd
        (Y,) in each year, as if it worked in all.
    filling_kusd
        What it costs to fill its lines when it begins to work, discounted, less what comes back.
    npv_kusd
        At its cost, and at the lowest and the highest: high cost first.
    """

    project: Project
    works_from: int
    saved_kusd: Floats
    filling_kusd: float
    npv_kusd: float
    npv_low_kusd: float
    npv_high_kusd: float


def ask(
    network: Network, book: TariffBook, scenario: Scenario, tables: ProjectTables, terms: Terms
) -> Asked:
    """Make the question of a scenario, its projects and terms.

    Raises
    ------
    InvalidInput
        A project widens a limit in a unit that it has not; all are told.
    InvalidTables
        The scenario names what is not there.
    """
    open_to_all = opened(network, tables)
    over = years(open_to_all, scenario, terms)
    as_is = years(network, scenario, terms).problem
    problem = closed_before(over.problem, as_is, network, open_to_all)
    widened = {
        project.id: tuple(
            _until_there(each, problem.period_ids, project)
            for each in widened_by(problem, network, over.of_a_ship, tables.of(project.id))
        )
        for project in tables.projects
    }
    left_out = dict(_left_out(tables.projects, widened, terms))
    offered = tuple(each for each in tables.projects if each.id not in left_out)
    kusd_per_m = {
        each.id: 1000 * float(book.exchange(each.currency, "USD", date(each.price_year, 7, 1)))
        for each in offered
    }
    day = date(terms.first_year, 1, 1)
    kusd_per_eur = float(book.exchange("EUR", "USD", day)) / 1000
    return Asked(
        scenario=scenario,
        terms=terms,
        network_hash=network.hashes.network,
        projects_hash=tables.hash,
        offered=offered,
        left_out=left_out,
        kusd_per_m=kusd_per_m,
        kusd_per_eur=kusd_per_eur,
        base_year=base_year(scenario),
        question=InvestmentProblem(
            problem=problem,
            horizon=over.horizon,
            projects=replace(
                _projects(offered, widened, kusd_per_m, terms, problem.periods),
                fills=fills_of(
                    problem, network, scenario, day, [widened[each.id] for each in offered]
                ),
            ),
            budget=terms.budget_eur * kusd_per_eur,
            budget_by_step=None
            if np.isinf(terms.yearly_budget_eur)
            else np.full(len(terms.years), terms.yearly_budget_eur * kusd_per_eur),
        ),
    )


def _left_out(
    projects: Sequence[Project], widened: Mapping[str, tuple[Widened, ...]], terms: Terms
) -> Iterator[tuple[str, str]]:
    """Projects that are not offered, each with the reason."""
    there, missing = set(), set()
    for project in projects:
        ready = max(terms.first_year, project.earliest) + project.build_y
        if _is_there(project, max(terms.first_year, ready)):
            there.add(project.id)
            yield project.id, "the network has it already"
        elif not widened[project.id]:
            missing.add(project.id)
            yield project.id, "no way of this plan runs through it"
        elif ready > terms.last_year:
            missing.add(project.id)
            yield project.id, "it would not be ready in these years"
    # What needs something that is left out is left out, and what needs that.
    while later := [
        each.id for each in projects if each.id not in missing | there and missing & set(each.needs)
    ]:
        missing.update(later)
        yield from ((each, "what it needs is not offered") for each in later)


def _is_there(project: Project, year: int) -> bool:
    return project.ready_since is not None and project.ready_since <= year


def _until_there(added: Widened, periods: Sequence[str], project: Project) -> Widened:
    """What is added (T,) in the years in which the network does not have the project itself."""
    there = np.array([_is_there(project, int(name[:4])) for name in periods])
    return replace(added, amount=np.where(there, 0.0, added.amount))


def _projects(
    offered: Sequence[Project],
    widened: Mapping[str, tuple[Widened, ...]],
    kusd_per_m: Mapping[str, float],
    terms: Terms,
    periods: int,
) -> Projects:
    rows = [(j, each) for j, project in enumerate(offered) for each in widened[project.id]]
    at = {project.id: j for j, project in enumerate(offered)}
    groups: dict[str, list[int]] = {}
    for j, project in enumerate(offered):
        if project.one_of:
            groups.setdefault(project.one_of, []).append(j)
    return Projects(
        ids=tuple(project.id for project in offered),
        most=_whole(project.most for project in offered),
        earliest=_whole(max(0, project.earliest - terms.first_year) for project in offered),
        building=_whole(project.build_y for project in offered),
        outlay=np.array([cost_of(each, terms.costs) * kusd_per_m[each.id] for each in offered]),
        running=np.array([each.running_m_y * kusd_per_m[each.id] for each in offered]),
        life=_whole(project.life_y for project in offered),
        adds=Additions(
            project=_whole(j for j, _ in rows),
            family=tuple(each.family for _, each in rows),
            asset=tuple(each.asset for _, each in rows),
            unit=tuple(each.unit for _, each in rows),
            amount=np.array([each.amount for _, each in rows]).reshape(len(rows), periods),
        ),
        exclusive=tuple(tuple(group) for group in groups.values() if len(group) > 1),
        needs=tuple(
            (at[project.id], at[needed])
            for project in offered
            for needed in project.needs
            if needed in at
        ),
    )


def _whole(numbers: Iterable[int]) -> Indices:
    return np.array(list(numbers), np.int64)


def alone(prepared: Prepared, asked: Asked, options: SolverOptions) -> tuple[Alone, ...]:
    """Tell what one unit of each project would save, and be worth at its cost, low and high."""
    saved = worth_alone(prepared, options)
    filling = cost_of_filling(prepared, options)
    question, starts = asked.question, prepared.starts
    count = len(asked.offered)
    of_one = replace(question.projects, outlay=np.ones(count), running=np.zeros(count))
    price_of_one = Starts.of(of_one, question.horizon).price
    found = []
    for j, project in enumerate(asked.offered):
        first = int(np.flatnonzero(starts.project == j)[0])
        works = starts.works[first]
        running = float(works @ question.horizon.discount) * float(question.projects.running[j])
        gain = float((saved[project.id] * works) @ question.horizon.discount) - running
        gain -= float(filling[j])
        rate = asked.kusd_per_m[project.id]
        worth = {
            costs: gain - cost_of(project, costs) * rate * float(price_of_one[first])
            for costs in (*COSTS, asked.terms.costs)
        }
        found.append(
            Alone(
                project=project,
                works_from=asked.terms.first_year + int(np.flatnonzero(works)[0]),
                saved_kusd=saved[project.id],
                filling_kusd=float(filling[j]),
                npv_kusd=worth[asked.terms.costs],
                npv_low_kusd=worth["high"],
                npv_high_kusd=worth["low"],
            )
        )
    return tuple(found)
