"""What to build, as a study."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from karvan.engines.planner.frontier import frontier
from karvan.engines.planner.investment import choose, prepare
from karvan.engines.planner.solving import SolverOptions
from karvan.services.planning.frontier_chart import frontier_svg
from karvan.services.planning.investment import Asked, alone, ask
from karvan.services.planning.investment_telling import (
    InvestmentStudy,
    investment_checks,
    investment_json,
    investment_tables,
)
from karvan.services.planning.reporting import Chart
from karvan.services.planning.sampled_answers import (
    Repeated,
    answer_json,
    answer_tables,
    repeated,
)
from karvan.services.planning.sampled_investments import (
    Question,
    chosen_in,
    costs_drawn,
    investment_figures,
)
from karvan.services.studies.desk import Answered, StudyDesk, Subject, manifest_of
from karvan.services.studies.pages import list_page
from karvan.services.studies.terms import InvestTerms, StudyKind
from karvan.services.words import phrase, spoken, tell_message

#: Thousand US dollars by which budgets of the frontier differ, and worths of two choices.
UNIT_KUSD, ALIKE_KUSD = 1.0, 1.0


def investments(desk: StudyDesk, subject: Subject, terms: InvestTerms) -> Answered[InvestmentStudy]:
    """Choose what to build; a choice that a limit of time cut short is not `proven`.

    Raises
    ------
    InvalidInput
        The terms cannot be right; all faults are told.
    InvalidTables
        The scenario names what is not there, or the tables of projects have faults.
    LimitReached
        The solver came to its time limit before there was any answer.
    """
    options = SolverOptions(time_limit_s=terms.time_limit_s)
    money = terms.money
    asked = ask(desk.network, desk.book, subject.scenario, desk.projects(), money)
    found = _answer(desk, asked, options, whole=terms.frontier)
    if terms.runs:
        found = replace(found, drawn=_drawn(desk, subject, terms, found, options))
    tables = investment_tables(found)
    sure = {}
    if found.drawn is not None:
        tables = (*tables, *answer_tables(found.drawn))
        sure = {"sampled": answer_json(found.drawn)}
    manifest = manifest_of(
        StudyKind.INVEST,
        desk,
        subject,
        terms,
        tables,
        asked.question.problem.period_ids,
        investment_checks(found),
        seed=options.seed,
        inputs={"projects": asked.projects_hash, "exchange rates": _rates(asked)},
    )
    chart = Chart(
        title=phrase("What each project alone is worth"),
        table="alone",
        name="project",
        value="npv",
        unit=phrase("million euros, net present value"),
    )
    return Answered(
        found=found,
        tables=tables,
        manifest=manifest,
        told={**investment_json(found), **sure},
        page=lambda command: list_page(
            desk,
            subject,
            tables,
            manifest,
            chart,
            command,
            told=_told(found),
            names={each.id: each.name for each in asked.offered},
        ),
        texts={"frontier.svg": frontier_svg(found)} if found.points else {},
        proven=found.proven,
    )


def _answer(
    desk: StudyDesk, asked: Asked, options: SolverOptions, *, whole: bool
) -> InvestmentStudy:
    """The best choice, each project alone, and what smaller budgets buy."""
    desk.progress(phrase("Planning without any project"), 0, 0)
    prepared = prepare(asked.question, options)
    desk.progress(phrase("Planning with each project alone"), 0, 0)
    each = alone(prepared, asked, options)
    desk.progress(phrase("Choosing"), 0, 0)
    points = []
    if whole:
        for point in frontier(prepared, options, unit=UNIT_KUSD, alike=ALIKE_KUSD):
            points.append(point)
            desk.progress(phrase("Choosing"), len(points), 0)
    best = points[0] if points else choose(prepared, options)
    return InvestmentStudy(asked=asked, best=best, alone=each, points=tuple(reversed(points)))


def _drawn(
    desk: StudyDesk,
    subject: Subject,
    terms: InvestTerms,
    found: InvestmentStudy,
    options: SolverOptions,
) -> Repeated:
    """Choose again in every run, with what projects cost drawn too."""
    tables, best = desk.projects(), found.best
    question = Question(
        network=desk.network,
        book=desk.book,
        tables=tables,
        terms=terms.money,
        options=options,
        chosen=best.chosen,
    )
    per_m_eur = found.asked.kusd_per_eur * 1e6
    return repeated(
        desk.on,
        chosen_in,
        question,
        subject.scenario,
        dict(investment_figures(best, found.alone, best.npv, per_m_eur=per_m_eur)),
        runs=terms.runs,
        seed=terms.seed,
        watch=lambda items, total: desk.watched(items, total, phrase("Runs")),
        beside=costs_drawn(found.asked.offered),
    )


def _rates(asked: Asked) -> str:
    told = repr((asked.kusd_per_eur, sorted(asked.kusd_per_m.items())))
    return sha256(told.encode("utf-8")).hexdigest()


def _told(found: InvestmentStudy) -> tuple[str, ...]:
    """The finding, and the terms it holds under."""
    best, terms, number = found.best, found.asked.terms, spoken().number
    names = {each.id: tell_message(each.name) for each in found.asked.offered}
    under = phrase(
        "{first} to {last}; money of later years counts {rate} less a year; what there is to move "
        "grows {growth} a year.",
        first=terms.first_year,
        last=terms.last_year,
        rate=f"{number(terms.rate * 100, 1)}%",
        growth=f"{number(terms.growth * 100, 1)}%",
    )
    if not best.chosen:
        return (phrase("Nothing is worth building within the budget"), under)
    built = "; ".join(
        names[each.project] + (f" \N{MULTIPLICATION SIGN} {each.units}" if each.units > 1 else "")
        for each in best.chosen
    )
    told = phrase(
        "Worth {npv} M EUR for an outlay of {outlay} M EUR: {projects}",
        npv=number(found.m_eur(best.npv), 0),
        outlay=number(found.m_eur(best.spent), 0),
        projects=built,
    )
    bound = number(found.m_eur(best.npv_bound), 0)
    unproven = phrase("Not proven: another choice may be worth up to {most} M EUR.", most=bound)
    return (told, under) if best.proven else (told, unproven, under)
