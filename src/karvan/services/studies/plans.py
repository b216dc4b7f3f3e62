"""Where goods go under a scenario, as a study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from karvan.engines.planner.series import Recorder, Starts
from karvan.engines.planner.solving import SolverOptions
from karvan.services.planning.cases import Case
from karvan.services.planning.freight_telling import FreightTold, freight_told
from karvan.services.planning.reading import results_of
from karvan.services.planning.reporting import Report, report_of_event, report_of_one
from karvan.services.planning.result_tables import Table, tables_of
from karvan.services.planning.results import Results
from karvan.services.planning.sampled_tables import sampled_tables
from karvan.services.planning.sampled_telling import runs_json
from karvan.services.planning.sampling import Sample, Told, sample, told_of
from karvan.services.planning.spreads import spread_of, spreads_without
from karvan.services.planning.study import Study, study
from karvan.services.planning.telling import cost_words, study_json
from karvan.services.planning.tornado import Tornado, shown, tornado
from karvan.services.studies.desk import Answered, StudyDesk, Subject, manifest_of
from karvan.services.studies.terms import PlanTerms, StudyKind
from karvan.services.words import phrase, spoken

#: Less than this many Mt is told as nothing.
LEAST_MT: Final = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Runs of a scenario, the same as told, and what each estimate does to a figure of it."""

    sample: Sample
    told: Told
    tornados: Mapping[str, Tornado]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A plan, what it says, and how sure that is where runs were asked for."""

    study: Study
    results: Results
    freight: FreightTold | None
    drawn: Drawn | None = None


def plans(
    desk: StudyDesk, subject: Subject, terms: PlanTerms, *, keep_partial: bool = False
) -> Answered[Planned]:
    """Plan a scenario.

    Parameters
    ----------
    keep_partial
        Give what is planned when the solver comes to its limit later than in the first plan: it
        is not `proven`.

    Raises
    ------
    InvalidTables
        The scenario names what is not there.
    LimitReached
        The solver came to its time limit.
    """
    options = SolverOptions(time_limit_s=terms.time_limit_s)
    told = desk.counted(phrase("Planning"))
    recorder = Recorder() if terms.runs else None
    found = study(
        desk.network,
        subject.scenario,
        options,
        told,
        keep_partial,
        planner=None if recorder is None else recorder.plan,
    )
    drawn = None
    if recorder is not None and found.stopped is None:
        drawn = draw(desk, subject, terms, found, recorder.starts)
    planned = Planned(
        study=found,
        results=results_of(desk.network, desk.factors, found.stages, desk.holds(found.scenario)),
        freight=freight_told(desk.network, found, desk.factors),
        drawn=drawn,
    )
    more: tuple[Table, ...] = ()
    if drawn is not None:
        more = sampled_tables(drawn.sample, drawn.told, drawn.tornados)
    case, tables = case_of(desk, subject, terms, found, planned.results, more)
    sure = {} if drawn is None else {"sampled": runs_json(drawn.sample, [drawn.tornados])}
    return Answered(
        found=planned,
        tables=tables,
        manifest=case.manifest,
        told={**study_json(found, subject.seen, planned.freight), **sure},
        page=lambda command: _page(desk, subject, terms, planned, command),
        proven=found.stopped is None,
    )


def draw(
    desk: StudyDesk, subject: Subject, terms: PlanTerms, as_told: Study, starts: Starts
) -> Drawn:
    """Plan the runs, and the ends of each estimate, from where the plan as told ended."""
    options = SolverOptions(time_limit_s=terms.time_limit_s)
    found = sample(
        desk.on,
        desk.network,
        [subject.scenario],
        runs=terms.runs,
        seed=terms.seed,
        options=options,
        watch=lambda items, total: desk.watched(items, total, phrase("Runs")),
        starts=[starts],
        factors=desk.factors,
    )
    swings = tornado(
        desk.on,
        desk.network,
        subject.scenario,
        drawn=found,
        options=options,
        watch=lambda items, total: desk.watched(items, total, phrase("Ends of estimates")),
        factors=desk.factors,
    )
    told = told_of(desk.network, as_told, desk.factors)
    return Drawn(sample=found, told=told, tornados=swings)


def case_of(
    desk: StudyDesk,
    subject: Subject,
    terms: PlanTerms,
    found: Study,
    results: Results,
    more: tuple[Table, ...] = (),
) -> tuple[Case, tuple[Table, ...]]:
    """A plan as a case of a comparison or a page, and its tables, `more` of them at the end."""
    tables = (*tables_of(results), *more)
    manifest = manifest_of(
        StudyKind.PLAN,
        desk,
        subject,
        terms,
        tables,
        results.months,
        results.checks,
        seed=SolverOptions().seed,
        inputs={"emission factors": desk.factors_hash},
    )
    return Case.of(found.scenario, manifest, results), tables


def _page(
    desk: StudyDesk, subject: Subject, terms: PlanTerms, planned: Planned, command: str
) -> Report:
    """The page: beside the same without what happens or changes, where anything does."""
    found = planned.study
    struck, _ = case_of(desk, subject, terms, found, planned.results)
    tornados: tuple[Tornado, ...] = ()
    if planned.drawn is not None:
        struck = replace(struck, spread=spread_of(planned.drawn.sample, 0))
        tornados = shown(planned.drawn.tornados)
    if not found.compared:
        page = _page_of_one(desk, struck, command)
    else:
        page = _page_of_two(desk, subject, terms, planned, struck, command)
    return replace(page, tornados=tornados, freight=planned.freight)


def _page_of_one(desk: StudyDesk, struck: Case, command: str) -> Report:
    sent = {"exported": phrase("{amount} Mt of oil"), "carried": phrase("{amount} Mt of freight")}
    found = {each.key: each.value for each in struck.figures if each.key in sent}
    amounts = [sent[key].format(amount=spoken().number(value, 2)) for key, value in found.items()]
    told = phrase(
        "{amounts} go out; {left}",
        amounts=_listed(amounts),
        left=_left(struck, phrase("nothing left behind")),
    )
    return report_of_one(desk.network, struck, told=told, command=command)


def _left(case: Case, nothing: str) -> str:
    """What is left behind, of each trade that leaves any."""
    goods = {
        "left_behind": phrase("{amount} Mt of oil"),
        "freight_left_behind": phrase("{amount} Mt of freight"),
    }
    if not case.oil:
        goods["left_behind"] = phrase("{amount} Mt of freight")
    number = spoken().number
    amounts = [
        goods[each.key].format(amount=number(each.value, 2))
        for each in case.figures
        if each.key in goods and each.value >= LEAST_MT
    ]
    return phrase("{what} left behind", what=_listed(amounts)) if amounts else nothing


def _listed(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return phrase("{first} and {second}", first=parts[0], second=parts[1])


def _page_of_two(
    desk: StudyDesk,
    subject: Subject,
    terms: PlanTerms,
    planned: Planned,
    struck: Case,
    command: str,
) -> Report:
    found = planned.study
    events, scenario = found.compared == "events", found.scenario
    if events:
        bare = replace(scenario, event=())
    else:
        bare = replace(scenario, change=(), contract=(), rail=())
    without = replace(found, scenario=bare)
    usual = results_of(desk.network, desk.factors, [found.usual], desk.holds(found.scenario))
    before, _ = case_of(desk, replace(subject, scenario=bare), terms, without, usual)
    title = phrase("As if nothing happened") if events else phrase("Without the changes")
    sure = None if planned.drawn is None else spreads_without(planned.drawn.sample)
    before = replace(before, title=title, spread=None if sure is None else sure[0])
    told = phrase(
        "{left}; {cost}",
        left=_left(struck, phrase("Nothing left behind")),
        cost=cost_words(found),
    )
    return report_of_event(
        desk.network,
        before,
        struck,
        told=told,
        command=command,
        spread=None if sure is None else sure[1],
    )
