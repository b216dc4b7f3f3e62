"""How sure a choice of projects is: chosen again in every run, and the choice as told kept to.

In a run the estimates of the scenario are drawn and what each project costs. Two worths are told:
of the best choice of that run, made by who knows its draws, and of the choice as told, which is
made by who does not; the second may be below nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from karvan.domain.tariff import TariffBook
from karvan.engines.planner.investment import Chosen, Investment, choose, prepare, worth_of
from karvan.engines.planner.solving import SolverOptions
from karvan.network.network import Network
from karvan.services.planning.estimates import Estimate
from karvan.services.planning.investment import Alone, alone, ask
from karvan.services.planning.investment_terms import Terms
from karvan.services.planning.projects import Project, ProjectTables
from karvan.services.planning.sampled_amounts import Amount
from karvan.services.planning.sampled_answers import Answer, Run

BEST, KEPT, OUTLAY, SAVING = "worth of the best choice", "worth as told", "outlay", "saving"
ALONE, BUILT = "worth alone", "units built"
_M_EUR: Final = "M EUR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of every run; `chosen` is the choice with every estimate as told."""

    network: Network
    book: TariffBook
    tables: ProjectTables
    terms: Terms
    options: SolverOptions
    chosen: tuple[Chosen, ...]


def costs_drawn(projects: Sequence[Project]) -> tuple[Estimate, ...]:
    """What projects cost, as far as a low or a high figure is told."""
    found = []
    for each in projects:
        low = each.cost_m if each.low_m is None else min(each.low_m, each.cost_m)
        high = each.cost_m if each.high_m is None else max(each.high_m, each.cost_m)
        if low < high:
            found.append(
                Estimate(
                    name=_cost_name(each),
                    figure=f"cost, million {each.currency}",
                    value=each.cost_m,
                    low=low,
                    high=high,
                    source=" ".join(each.source),
                )
            )
    return tuple(found)


def _cost_name(project: Project) -> str:
    return f"project {project.id}"


def chosen_in(asked: Question, run: Run) -> Answer:
    """The figures of one run."""
    scenario, values = run
    tables = replace(
        asked.tables,
        projects=tuple(
            replace(each, cost_m=values.get(_cost_name(each), each.cost_m))
            for each in asked.tables.projects
        ),
    )
    # What a project costs is drawn, whichever of its figures the answer as told reckons with.
    terms = replace(asked.terms, costs="middle")
    found = ask(asked.network, asked.book, scenario, tables, terms)
    prepared = prepare(found.question, asked.options)
    kept = worth_of(prepared, asked.chosen, asked.options)
    best = choose(prepared, asked.options)
    each = alone(prepared, found, asked.options)
    return dict(investment_figures(best, each, kept, per_m_eur=found.kusd_per_eur * 1e6))


def investment_figures(
    best: Investment, each: Sequence[Alone], kept_kusd: float, *, per_m_eur: float
) -> Iterator[tuple[Amount, float]]:
    """Worth, outlay and saving, of each project alone its worth, and how many are built."""
    for what, kusd in (
        (BEST, best.npv),
        (KEPT, kept_kusd),
        (OUTLAY, best.spent),
        (SAVING, best.operating_saving),
    ):
        yield Amount(what, "", "", _M_EUR), kusd / per_m_eur
    units: Mapping[str, int] = {
        one.project.id: sum(c.units for c in best.chosen if c.project == one.project.id)
        for one in each
    }
    for one in each:
        yield Amount(ALONE, one.project.id, "", _M_EUR), one.npv_kusd / per_m_eur
        yield Amount(BUILT, one.project.id, "", ""), float(units[one.project.id])
