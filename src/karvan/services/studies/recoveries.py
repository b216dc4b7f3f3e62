"""How long it takes to recover, as a study."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from karvan.engines.planner.solving import SolverOptions
from karvan.services.planning.naming import Names
from karvan.services.planning.periods import periods_of
from karvan.services.planning.reporting import Chart
from karvan.services.planning.resilience import Recovery, recovery_of, stress
from karvan.services.planning.resilience_telling import recoveries_json, recovery_table
from karvan.services.planning.result_tables import Table
from karvan.services.planning.results import Checks
from karvan.services.planning.sampled_answers import (
    Repeated,
    answer_json,
    answer_tables,
    repeated,
)
from karvan.services.planning.sampled_recoveries import Question, recovered_in, recovery_figures
from karvan.services.planning.scenario import bounds_of
from karvan.services.planning.study import study
from karvan.services.studies.desk import Answered, StudyDesk, Subject, manifest_of
from karvan.services.studies.pages import list_page
from karvan.services.studies.terms import DAYS, ResilienceTerms, StudyKind
from karvan.services.words import phrase, spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What was found, and of which test: 0 days where the scenario has events of its own."""

    recoveries: tuple[Recovery, ...]
    days: int
    first_day: date
    drawn: Repeated | None = None


def recoveries(desk: StudyDesk, subject: Subject, terms: ResilienceTerms) -> Answered[Recovered]:
    """Let a scenario recover from its events, or each asset from some days without it.

    Raises
    ------
    InvalidInput
        The days lie outside the scenario.
    InvalidTables
        The scenario names what is not there.
    LimitReached
        The solver came to its time limit.
    """
    asked, options = subject.scenario, SolverOptions(time_limit_s=terms.time_limit_s)
    found = _found(desk, subject, terms, options)
    if terms.runs:
        found = replace(found, drawn=_drawn(desk, subject, terms, options, found))
    tables: tuple[Table, ...] = (recovery_table(found.recoveries),)
    sure = {}
    if found.drawn is not None:
        tables = (*tables, *answer_tables(found.drawn))
        sure = {"sampled": answer_json(found.drawn)}
    each = found.recoveries
    manifest = manifest_of(
        StudyKind.RESILIENCE,
        desk,
        subject,
        terms,
        tables,
        periods_of(asked).ids,
        Checks(
            solver=each[0].solver,
            gap=max(one.gap for one in each),
            worst_residual=max(one.worst_residual for one in each),
            mass_balance=max(one.worst_residual for one in each),
            plans=2 * len(each),
        ),
        seed=options.seed,
    )
    chart = Chart(
        title=phrase("What an outage costs until all is as usual"),
        table=tables[0].name,
        name="asset",
        value="extra_cost_kusd",
        unit=phrase("million US dollars"),
        factor=1e-3,
    )
    return Answered(
        found=found,
        tables=tables,
        manifest=manifest,
        told={**recoveries_json(each, asked.name, asked.title, terms.tolerance), **sure},
        page=lambda command: list_page(
            desk, subject, tables, manifest, chart, command, told=_told(desk, found, terms)
        ),
    )


def _found(
    desk: StudyDesk, subject: Subject, terms: ResilienceTerms, options: SolverOptions
) -> Recovered:
    asked, bounds = subject.scenario, bounds_of(subject.scenario)
    begins = bounds[len(bounds) // 3] if terms.first_day is None else terms.first_day
    if terms.days is None and terms.first_day is None and asked.event:
        planned = study(desk.network, asked, options, desk.counted(phrase("Planning")))
        one = recovery_of(planned, tolerance=terms.tolerance)
        return Recovered(recoveries=(one,), days=0, first_day=begins)
    days = terms.days or DAYS
    each = stress(
        desk.network,
        asked,
        desk.on,
        days=days,
        first_day=begins,
        options=options,
        tolerance=terms.tolerance,
        told=desk.counted(phrase("Assets")),
    )
    return Recovered(recoveries=each, days=days, first_day=begins)


def _drawn(
    desk: StudyDesk,
    subject: Subject,
    terms: ResilienceTerms,
    options: SolverOptions,
    found: Recovered,
) -> Repeated:
    """The same events, or the same assets without, in every run."""
    question = Question(
        network=desk.network,
        options=options,
        tolerance=terms.tolerance,
        assets=tuple(each.asset for each in found.recoveries) if found.days else (),
        days=found.days,
        first_day=found.first_day,
    )
    return repeated(
        desk.on,
        recovered_in,
        question,
        subject.scenario,
        dict(recovery_figures(found.recoveries, subject.scenario)),
        runs=terms.runs,
        seed=terms.seed,
        watch=lambda items, total: desk.watched(items, total, phrase("Runs")),
    )


def _told(desk: StudyDesk, found: Recovered, terms: ResilienceTerms) -> tuple[str, ...]:
    """The finding, and what counts as recovered."""
    share = f"{terms.tolerance:.0%}"
    means = phrase(
        "Recovered: what is delivered and what it costs within {share} of the plan without it.",
        share=share,
    )
    worst = max(found.recoveries, key=lambda each: each.extra_cost_kusd)
    amount = spoken().number(worst.extra_cost_kusd / 1000, 0)
    if not worst.begins:
        return (phrase("Nothing is lost."), means)
    if found.days:
        name = Names(desk.network).short_way(worst.asset)
        told = phrase(
            "{name} out for {days} days costs {amount} M USD, the most of {count}",
            name=name,
            days=found.days,
            amount=amount,
            count=len(found.recoveries),
        )
    elif worst.recovered:
        told = phrase(
            "All is as usual again from {period}; by then it has cost {amount} M USD",
            period=worst.recovered,
            amount=amount,
        )
    else:
        told = phrase("Not recovered within the periods; it costs {amount} M USD", amount=amount)
    return (told, means)
