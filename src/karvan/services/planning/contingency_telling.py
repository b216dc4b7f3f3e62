"""Outages as JSON and as tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from karvan.services.planning.contingency import Consequence, Contingency
from karvan.services.planning.outage_reasons import Reason
from karvan.services.planning.result_tables import Table, table_of
from karvan.services.planning.results import About, Checks


def contingency_json(found: Contingency, scenario: str, title: str) -> Mapping[str, object]:
    """Everything that is told; costs with one decimal, in `currency`."""
    return {
        "scenario": scenario,
        "title": title,
        "periods": list(found.problem.period_ids),
        "currency": found.problem.currency,
        "cost": round(found.cost, 1),
        "left_behind": round(found.left_behind, 1),
        "outages": [_told(each) for each in found.ranked],
        "pairs": [_told(each) for each in found.pairs],
        "pairs_possible": found.pairs_possible,
        "checked": {
            "solved": found.solved,
            "solved_cold_too": found.checked_cold,
            "worst_gap": found.worst_gap,
        },
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageRow:
    """What an outage costs."""

    rank: Annotated[float, About("place in the list; those that cost the same share it")]
    kind: Annotated[str, About("link, place, shared capacity, fleet, or one ship of a fleet")]
    asset: Annotated[str, About("id of what is out")]
    extra_cost: Annotated[float, About("how much dearer the cheapest plan becomes", "1000 USD")]
    left_behind: Annotated[float, About("value that stays behind above the usual", "1000 USD")]
    left_is_sure: Annotated[bool, About("no: more than that may stay behind")]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRow:
    """What two outages at once cost."""

    rank: Annotated[float, About("place in the list of pairs")]
    kind: Annotated[str, About("kind of the first")]
    asset: Annotated[str, About("id of the first")]
    other_kind: Annotated[str, About("kind of the second")]
    other_asset: Annotated[str, About("id of the second")]
    extra_cost: Annotated[float, About("how much dearer the cheapest plan becomes", "1000 USD")]
    left_behind: Annotated[float, About("value that stays behind above the usual", "1000 USD")]
    left_is_sure: Annotated[bool, About("no: more than that may stay behind")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRow:
    """Why an outage stands where it does; of the first of each rank."""

    rank: Annotated[float, About("place in the list of outages")]
    what: Annotated[str, About("went through, goes by, stays at, or held by")]
    of: Annotated[str, About("id of the asset, way, supply, demand or limit")]
    amount: Annotated[float | None, About("how much; empty for a limit", "`unit`")]
    unit: Annotated[str, About("unit of the amount")]


def contingency_tables(found: Contingency) -> tuple[Table, ...]:
    """`outages`, `pairs` and `reasons`."""
    return (
        table_of("outages", OutageRow, [_outage(each) for each in found.ranked]),
        table_of("pairs", PairRow, [_pair(each) for each in found.pairs]),
        table_of("reasons", ReasonRow, list(_reasons(found))),
    )


def contingency_checks(found: Contingency) -> Checks:
    """How the plans behind the list were checked."""
    return Checks(
        solver=found.solver,
        gap=found.worst_gap,
        worst_residual=found.worst_residual,
        mass_balance=found.worst_residual,
        plans=found.solved,
    )


def _outage(each: Consequence) -> OutageRow:
    (outage,) = each.outages
    return OutageRow(
        rank=float(each.rank),
        kind=outage.kind,
        asset=outage.asset,
        extra_cost=round(each.extra_cost, 3),
        left_behind=round(each.left_behind, 3),
        left_is_sure=each.left_is_sure,
    )


def _pair(each: Consequence) -> PairRow:
    one, other = each.outages
    return PairRow(
        rank=float(each.rank),
        kind=one.kind,
        asset=one.asset,
        other_kind=other.kind,
        other_asset=other.asset,
        extra_cost=round(each.extra_cost, 3),
        left_behind=round(each.left_behind, 3),
        left_is_sure=each.left_is_sure,
    )


def _reasons(found: Contingency) -> Iterator[ReasonRow]:
    for each in found.ranked:
        if each.reason is None:
            continue
        why, rank = each.reason, float(each.rank)
        through = (each.outages[0].asset, why.carried, why.unit)
        for what, rows in (
            ("went through", (through,)),
            ("goes by", why.instead),
            ("stays at", why.left),
        ):
            for of, amount, unit in rows:
                yield ReasonRow(rank=rank, what=what, of=of, amount=round(amount, 3), unit=unit)
        if why.limit:
            yield ReasonRow(rank=rank, what="held by", of=why.limit, amount=None, unit="")


def _told(each: Consequence) -> Mapping[str, object]:
    why = {} if each.reason is None else {"why": _why(each.reason)}
    return {
        "rank": each.rank,
        "out": [{"kind": outage.kind, "asset": outage.asset} for outage in each.outages],
        "extra_cost": round(each.extra_cost, 1),
        "left_behind": round(each.left_behind, 1),
        "left_is_sure": each.left_is_sure,
        **why,
    }


def _why(reason: Reason) -> Mapping[str, object]:
    return {
        "went_through": {"amount": round(reason.carried, 1), "unit": reason.unit},
        "goes_by": [
            {"way": way, "amount": round(more, 1), "unit": unit}
            for way, more, unit in reason.instead
        ],
        "stays_at": [
            {"of": where, "amount": round(more, 1), "unit": unit}
            for where, more, unit in reason.left
        ],
        "held_by": reason.limit,
    }
