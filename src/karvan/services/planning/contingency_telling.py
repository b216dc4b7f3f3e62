"""Outages as JSON, as tables of text, and with the manifest they can be found again from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from karvan import __version__
from karvan.services.planning.contingency import Consequence, Contingency
from karvan.services.planning.outage_reasons import Reason


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


def contingency_manifest(
    found: Contingency, scenario: str, network_hash: str, order: int, *, by_year: bool
) -> str:
    """What the outages were found from."""
    told = {
        "program": f"karvan {__version__}",
        "scenario": scenario,
        "order": order,
        "by_year": by_year,
        "network": network_hash,
        "solver": found.solver,
        "solved": found.solved,
        "solved_cold_too": found.checked_cold,
        "worst_gap": found.worst_gap,
    }
    return json.dumps(told, indent=2) + "\n"


def contingency_tables(found: Contingency) -> tuple[tuple[str, Sequence[Sequence[str]]], ...]:
    """`outages`, `pairs` and `reasons`; the first row of each is its header."""
    currency = found.problem.currency
    head = (
        "rank",
        "kind",
        "asset",
        f"extra_cost, {currency}",
        f"left_behind, {currency}",
        "left_is_sure",
    )
    return (
        ("outages", [head, *(_row(each) for each in found.ranked)]),
        ("pairs", [(*head[:3], "kind_2", "asset_2", *head[3:]), *map(_row, found.pairs)]),
        ("reasons", [("rank", "what", "of", "amount", "unit"), *_reasons(found)]),
    )


def _row(each: Consequence) -> tuple[str, ...]:
    assets = [text for outage in each.outages for text in (outage.kind, outage.asset)]
    return (
        str(each.rank),
        *assets,
        f"{each.extra_cost:.1f}",
        f"{each.left_behind:.1f}",
        "yes" if each.left_is_sure else "at least",
    )


def _reasons(found: Contingency) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for each in found.ranked:
        if each.reason is None:
            continue
        reason, rank = each.reason, str(each.rank)
        carried = f"{reason.carried:.1f}"
        rows.append((rank, "went through", each.outages[0].asset, carried, reason.unit))
        rows += [(rank, "goes by", way, f"{more:.1f}", unit) for way, more, unit in reason.instead]
        rows += [
            (rank, "stays at", where, f"{more:.1f}", unit) for where, more, unit in reason.left
        ]
        if reason.limit:
            rows.append((rank, "held by", reason.limit, "", ""))
    return rows


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
