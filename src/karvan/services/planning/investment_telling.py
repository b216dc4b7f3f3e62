"""Investments as JSON, as tables, and as points of a chart; money in million euro."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from karvan.engines.planner.investment import Investment
from karvan.services.planning.investment import Alone, Asked
from karvan.services.planning.result_tables import Table, table_of
from karvan.services.planning.results import About, Checks
from karvan.services.planning.sampled_answers import Repeated


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestmentStudy:
    """The answer: the best choice, each project alone, and the frontier where it was asked for.

    Attributes
    ----------
    points
        From spending nothing upwards; empty where it was not asked for.
    drawn
        How sure that is, where runs were asked for.
    """

    asked: Asked
    best: Investment
    alone: tuple[Alone, ...]
    points: tuple[Investment, ...] = ()
    drawn: Repeated | None = None

    def m_eur(self, kusd: float) -> float:
        """Million euro, at the rate of the question."""
        return kusd / self.asked.kusd_per_eur / 1e6

    @property
    def proven(self) -> bool:
        """Whether no plan here was cut short by the limit of time."""
        return all(each.proven for each in (self.best, *self.points))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenRow:
    """A project that is built."""

    project: Annotated[str, About("id of the project")]
    units: Annotated[float, About("how many")]
    begins: Annotated[str, About("year in which building begins")]
    works_from: Annotated[str, About("first year in which it works")]
    outlay: Annotated[float, About("what it costs, not discounted", "M EUR")]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRow:
    """What the projects that are built save and cost in a year; nothing is discounted."""

    year: Annotated[str, About("the year")]
    saved: Annotated[float, About("operating cost that is saved", "M EUR")]
    in_lines: Annotated[float, About("worth of the oil that fills lines and stays there", "M EUR")]
    outlay: Annotated[float, About("spent on building", "M EUR")]
    running: Annotated[float, About("spent on running what was built", "M EUR")]


@dataclass(frozen=True, slots=True, kw_only=True)
class AloneRow:
    """What one unit of a project alone saves in a year, as if it worked in it."""

    project: Annotated[str, About("id of the project")]
    year: Annotated[str, About("the year")]
    saved: Annotated[float, About("operating cost that is saved, not discounted", "M EUR")]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorthRow:
    """What one unit of a project alone is worth when it is built as early as it can be."""

    project: Annotated[str, About("id of the project")]
    works_from: Annotated[str, About("first year in which it works")]
    filling: Annotated[
        float,
        About("what filling its lines costs, discounted, less what comes back", "M EUR"),
    ]
    npv: Annotated[float, About("net present value at the cost that was asked for", "M EUR")]
    npv_low: Annotated[float, About("at the highest cost", "M EUR")]
    npv_high: Annotated[float, About("at the lowest cost", "M EUR")]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierRow:
    """The best that a budget buys."""

    outlay: Annotated[float, About("what is spent, not discounted", "M EUR")]
    npv: Annotated[float, About("net present value", "M EUR")]
    projects: Annotated[str, About("what is built, as project x units @ year of beginning")]
    proven: Annotated[bool, About("no: the limit of time came first, a better one may exist")]


#: Kinds of rows, by the name of their table.
KINDS: Final[Mapping[str, type]] = {
    "chosen": ChosenRow,
    "years": YearRow,
    "alone_by_year": AloneRow,
    "alone": WorthRow,
    "frontier": FrontierRow,
}


def projects_told(found: Investment) -> str:
    """What is built, in one line."""
    return "; ".join(
        f"{each.project}{f' x {each.units}' if each.units > 1 else ''} @ {each.begins}"
        for each in found.chosen
    )


def investment_json(found: InvestmentStudy) -> Mapping[str, object]:
    """Everything that is told; million euro, with three decimals."""
    asked, best = found.asked, found.best
    terms, years = asked.terms, asked.question.horizon.step_ids

    def by_year(kusd: Sequence[float]) -> Mapping[str, float]:
        return {year: _rounded(found, each) for year, each in zip(years, kusd, strict=True)}

    return {
        "scenario": asked.scenario.name,
        "title": asked.scenario.title,
        "unit": "M EUR",
        "terms": {
            "from": terms.first_year,
            "until": terms.last_year,
            "rate": terms.rate,
            "growth": terms.growth,
            "growth_from": asked.base_year,
            "event_once_in_years": terms.every if asked.scenario.event else None,
            "budget_eur": _finite(terms.budget_eur),
            "budget_by_year_eur": _finite(terms.yearly_budget_eur),
            "costs": terms.costs,
            "usd_per_eur": round(asked.kusd_per_eur * 1000, 4),
        },
        "proven": found.proven,
        "best": _told(found, best),
        "saved_by_year": by_year(best.saved_by_step.tolist()),
        "in_lines_by_year": by_year(best.filled_by_step.tolist()),
        "outlay_by_year": by_year(best.spent_by_step.tolist()),
        "running_by_year": by_year(best.running_by_step.tolist()),
        "alone": [
            {
                "project": each.project.id,
                "name": each.project.name,
                "works_from": each.works_from,
                "saved_by_year": by_year(each.saved_kusd.tolist()),
                "filling": _rounded(found, each.filling_kusd),
                "npv": _rounded(found, each.npv_kusd),
                "npv_low": _rounded(found, each.npv_low_kusd),
                "npv_high": _rounded(found, each.npv_high_kusd),
                "estimate": each.project.estimate,
            }
            for each in found.alone
        ],
        "frontier": [_told(found, each) for each in found.points],
        "left_out": dict(asked.left_out),
        "checked": {
            "gap": best.plan.certificate.gap,
            "worst_residual": best.plan.residuals.worst,
            "nodes": best.nodes,
        },
    }


def _told(found: InvestmentStudy, point: Investment) -> Mapping[str, object]:
    return {
        "projects": [
            {
                "project": each.project,
                "units": each.units,
                "begins": int(each.begins),
                "works_from": int(each.works_from),
                "outlay": _rounded(found, each.outlay),
            }
            for each in point.chosen
        ],
        "outlay": _rounded(found, point.spent),
        "saving": _rounded(found, point.operating_saving),
        "left_at_end": _rounded(found, point.left_at_end),
        "back_from_lines": _rounded(found, point.brought_back),
        "npv": _rounded(found, point.npv),
        "npv_at_most": _rounded(found, point.npv_bound),
        "proven": point.proven,
    }


def _rounded(found: InvestmentStudy, kusd: float) -> float:
    return round(found.m_eur(kusd), 3) + 0.0


def _finite(value: float) -> float | None:
    return None if value == float("inf") else value


def investment_tables(found: InvestmentStudy) -> tuple[Table, ...]:
    """`chosen`, `years`, `alone_by_year`, `alone` and `frontier`."""
    best, years = found.best, found.asked.question.horizon.step_ids
    return (
        table_of(
            "chosen",
            ChosenRow,
            [
                ChosenRow(
                    project=each.project,
                    units=float(each.units),
                    begins=each.begins,
                    works_from=each.works_from,
                    outlay=_rounded(found, each.outlay),
                )
                for each in best.chosen
            ],
        ),
        table_of(
            "years",
            YearRow,
            [
                YearRow(
                    year=year,
                    saved=_rounded(found, float(best.saved_by_step[k])),
                    in_lines=_rounded(found, float(best.filled_by_step[k])),
                    outlay=_rounded(found, float(best.spent_by_step[k])),
                    running=_rounded(found, float(best.running_by_step[k])),
                )
                for k, year in enumerate(years)
            ],
        ),
        table_of("alone_by_year", AloneRow, list(_alone_by_year(found))),
        table_of(
            "alone",
            WorthRow,
            [
                WorthRow(
                    project=each.project.id,
                    works_from=str(each.works_from),
                    filling=_rounded(found, each.filling_kusd),
                    npv=_rounded(found, each.npv_kusd),
                    npv_low=_rounded(found, each.npv_low_kusd),
                    npv_high=_rounded(found, each.npv_high_kusd),
                )
                for each in found.alone
            ],
        ),
        table_of(
            "frontier",
            FrontierRow,
            [
                FrontierRow(
                    outlay=_rounded(found, each.spent),
                    npv=_rounded(found, each.npv),
                    projects=projects_told(each),
                    proven=each.proven,
                )
                for each in found.points
            ],
        ),
    )


def _alone_by_year(found: InvestmentStudy) -> Iterator[AloneRow]:
    for each in found.alone:
        for year, saved in zip(
            found.asked.question.horizon.step_ids, each.saved_kusd.tolist(), strict=True
        ):
            yield AloneRow(project=each.project.id, year=year, saved=_rounded(found, saved))


def investment_checks(found: InvestmentStudy) -> Checks:
    """How the plans behind the choice were checked."""
    plans = [each.plan for each in found.points or (found.best,)]
    return Checks(
        solver=found.best.solver,
        gap=max(abs(each.certificate.gap) for each in plans),
        worst_residual=max(each.residuals.worst for each in plans),
        mass_balance=max(each.residuals.conservation for each in plans),
        plans=len(plans) + 1 + len(found.alone),
    )
