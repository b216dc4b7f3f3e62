"""What each outage costs, as a study."""

from __future__ import annotations

from dataclasses import dataclass, replace

from karvan.engines.planner.solving import SolverOptions
from karvan.services.planning.contingency import Contingency
from karvan.services.planning.contingency_telling import (
    contingency_checks,
    contingency_json,
    contingency_tables,
)
from karvan.services.planning.naming import Names, and_more
from karvan.services.planning.reporting import Chart
from karvan.services.planning.sampled_answers import (
    Repeated,
    answer_json,
    answer_tables,
    repeated,
)
from karvan.services.planning.sampled_outages import Question, outage_figures, ranked, ranked_in
from karvan.services.studies.desk import Answered, StudyDesk, Subject, manifest_of
from karvan.services.studies.pages import list_page
from karvan.services.studies.terms import ContingencyTerms, StudyKind
from karvan.services.words import phrase, spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """Outages, and how sure their ranks are where runs were asked for."""

    found: Contingency
    drawn: Repeated | None


def outages(desk: StudyDesk, subject: Subject, terms: ContingencyTerms) -> Answered[Ranked]:
    """Take out everything in turn.

    Raises
    ------
    InvalidTables
        The scenario names what is not there.
    LimitReached
        The solver came to its time limit.
    """
    asked = subject.scenario
    options = SolverOptions(time_limit_s=terms.time_limit_s)
    question = Question(network=desk.network, by_year=terms.by_year, options=options)
    told = desk.counted(phrase("Outages"))
    found = ranked(question, asked, order=terms.order, told=told, executor=desk.executor)
    drawn = _drawn(desk, subject, terms, question, found) if terms.runs else None
    tables = (*contingency_tables(found), *(answer_tables(drawn) if drawn else ()))
    manifest = manifest_of(
        StudyKind.CONTINGENCY,
        desk,
        subject,
        terms,
        tables,
        found.problem.period_ids,
        contingency_checks(found),
        seed=options.seed,
    )
    chart = Chart(
        title=phrase("If one more thing fails"),
        table="outages",
        name="asset",
        value="extra_cost",
        unit=phrase("million US dollars"),
        factor=1e-3,
        group="rank",
    )
    return Answered(
        found=Ranked(found=found, drawn=drawn),
        tables=tables,
        manifest=manifest,
        told={
            **contingency_json(found, asked.name, asked.title),
            **({"sampled": answer_json(drawn)} if drawn else {}),
        },
        page=lambda command: list_page(
            desk, subject, tables, manifest, chart, command, told=_told(desk, found, terms)
        ),
    )


def _drawn(
    desk: StudyDesk,
    subject: Subject,
    terms: ContingencyTerms,
    question: Question,
    found: Contingency,
) -> Repeated:
    """Take out the same in every run."""
    pairs = tuple((one.id, other.id) for one, other in (each.outages for each in found.pairs))
    return repeated(
        desk.on,
        ranked_in,
        replace(question, pairs=pairs),
        subject.scenario,
        dict(outage_figures(found)),
        runs=terms.runs,
        seed=terms.seed,
        watch=lambda items, total: desk.watched(items, total, phrase("Runs")),
    )


def _told(desk: StudyDesk, found: Contingency, terms: ContingencyTerms) -> tuple[str, ...]:
    """The finding, and how it was found."""
    number = spoken().number
    worst = [each for each in found.ranked if each.rank == 1 and each.extra_cost > found.tie]
    if not worst:
        return (phrase("No outage costs anything."),)
    periods = found.problem.period_ids
    first, last = periods[0].partition(" to ")[0], periods[-1].rpartition(" to ")[2]
    finding = phrase(
        "{name} out costs {amount} M USD more than usual, the most of {count} outages",
        name=and_more(Names(desk.network).short_way(worst[0].outages[0].asset), len(worst) - 1),
        amount=number(worst[0].extra_cost / 1000, 0),
        count=number(len(found.ranked)),
    )
    span = phrase(
        "Each is out from {first} to {last}, known from the start.", first=first, last=last
    )
    looked = ""
    if terms.order > 1:
        looked = phrase(
            "{count} of {all} pairs were looked at: of the worst ranks, and of links that meet.",
            count=number(len(found.pairs)),
            all=number(found.pairs_possible),
        )
    return (finding, f"{span} {looked}".strip())
