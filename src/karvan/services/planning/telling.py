"""A study as JSON, and as the rows of the table people read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from karvan.engines.planner.problem import Floats
from karvan.services.planning.closed import Laid
from karvan.services.planning.freight_telling import FreightTold, freight_json
from karvan.services.planning.study import Months, Study
from karvan.services.words import phrase, spoken

#: Amounts below half a thousand tonnes in every month are not told.
LEAST_KT = 0.5
LIMITS = 12
#: Less than half a thousand dollars is rounding.
_LEAST_KUSD = 0.5
#: Below this money is told in thousands.
_THOUSANDS_KUSD = 100.0


def study_json(
    study: Study, laid: Laid | None = None, freight: FreightTold | None = None
) -> Mapping[str, object]:
    """Everything that is told of a study; amounts in kt with one decimal.

    Parameters
    ----------
    laid
        The situation that was laid over it, None where it was not asked for.
    freight
        What is told of its freight, None where it has none.
    """
    situation = {} if laid is None else {"situation": laid.as_json()}
    with_freight = {} if freight is None else {"freight": freight_json(freight)}
    return {
        **situation,
        "scenario": study.scenario.name,
        "title": study.scenario.title,
        "base": study.scenario.base.title,
        "months": list(study.months),
        "event_from": study.event_from,
        "compared": study.compared,
        "partial": bool(study.planned_until),
        "planned_until": study.planned_until,
        "plans": _plans(study),
        "unit": "kt",
        "with_event": _months(study.told),
        "without_event": _months(study.without),
        "extra_cost_kusd": round(study.extra_cost_kusd, 1),
        "limits": [
            {
                "limit": price.row.family,
                "of": price.row.asset,
                "month": price.row.period,
                "worth_kusd": round(-price.value, 2),
                "for_a": price.row.unit,
            }
            for price in study.limits
        ],
        "checked": {"gap": study.gap, "worst_residual": study.worst_residual},
        **with_freight,
    }


def _plans(study: Study) -> list[Mapping[str, object]]:
    """From which period on it was planned again, and how many periods came of it."""
    return [
        {"from": stage.plan.problem.period_ids[0], "periods": stage.periods}
        for stage in study.stages
    ]


def rows(months: Months) -> Iterator[tuple[str, str, Floats]]:
    """What, where, and the amounts by month; what is nothing in every month is left out."""
    for what, table in (
        ("leaves by", months.leaves),
        ("sold at", months.sold),
        ("shut in at", months.shut_in),
        ("in tanks at", months.tanks),
        ("fills the line", months.filled),
        ("under way on", months.under_way),
    ):
        for where in sorted(table, key=lambda name: (-table[name].sum(), name)):
            if table[where].max() >= LEAST_KT:
                yield what, where, table[where]
    yield "refined in Kazakhstan", "", months.refined
    if months.lost.max() >= LEAST_KT:
        yield "lost on the way", "", months.lost


def cost_words(study: Study) -> str:
    """What the events or the changes cost or save, within a sentence; '' where there are none."""
    kusd = study.extra_cost_kusd
    if not study.compared:
        return ""
    if study.compared == "events":
        if kusd < _LEAST_KUSD:
            return phrase("what happens costs nothing")
        return phrase("what happens costs {cost}", cost=_money(kusd))
    if abs(kusd) < _LEAST_KUSD:
        return phrase("the change neither costs nor saves anything")
    if kusd > 0:
        return phrase("the change costs {cost}", cost=_money(kusd))
    return phrase("the change saves {cost}", cost=_money(-kusd))


def _money(kusd: float) -> str:
    number = spoken().number
    if kusd < _THOUSANDS_KUSD:
        return phrase("{amount} thousand USD", amount=number(kusd, 0))
    return phrase("{amount} M USD", amount=number(kusd / 1000, 1))


def _months(months: Months) -> Mapping[str, object]:
    def told(table: Mapping[str, Floats]) -> Mapping[str, list[float]]:
        return {
            name: _rounded(amounts)
            for name, amounts in sorted(table.items())
            if amounts.max() >= LEAST_KT
        }

    return {
        "leaves_by": told(months.leaves),
        "sold_at": told(months.sold),
        "shut_in_at": told(months.shut_in),
        "in_tanks_at": told(months.tanks),
        "refined": _rounded(months.refined),
        "lost": _rounded(months.lost),
        "filled_at": told(months.filled),
        "under_way_on": told(months.under_way),
    }


def _rounded(amounts: Floats) -> list[float]:
    return [round(abs(float(amount)), 1) for amount in amounts]
