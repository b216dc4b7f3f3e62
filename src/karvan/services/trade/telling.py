"""Trade as JSON: every figure with its source, amounts in whole units of the currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from karvan.network.trade import TradedGood, TradeTables, TradeValue
from karvan.services.trade.loads import Load, Span
from karvan.services.trade.turnover import ChapterShare, Trade, TradeYear, chapters_of


def trade_json(tables: TradeTables, trade: Trade, loads: Sequence[Load]) -> Mapping[str, object]:
    """Everything that is told of a pair."""
    return {
        "first": trade.pair.first,
        "second": trade.pair.second,
        "main_count": trade.main,
        "years": [_year(trade, tables, each) for each in trade.years],
        "both_counts": [
            {
                "year": each.year,
                "first": each.first.turnover,
                "second": each.second.turnover,
                "second_above_first": round(each.apart, 4),
            }
            for each in trade.mirrors
        ],
        "other_figures": [value_json(row) for row in trade.others],
        "baskets": [value_json(row) for row in trade.baskets],
        "baskets_of_other_years": list(trade.basket_years),
        "goods": [good_json(row) for row in trade.goods],
        "loads": [load_json(each) for each in loads],
    }


def value_json(row: TradeValue) -> Mapping[str, object]:
    """A figure as its table has it."""
    return {
        "counted_by": row.reporter or None,
        "from": row.origin,
        "to": row.destination,
        "flow": row.flow.value,
        "year": row.year,
        "months": [row.first_month, row.last_month],
        "kind": row.kind.value,
        "scope": row.scope,
        "value": row.value,
        "unit": row.unit,
        "low": row.low,
        "high": row.high,
        "source": list(row.source),
        "fact": list(row.fact),
        "estimate": row.estimate,
        "note": row.note,
    }


def good_json(row: TradedGood) -> Mapping[str, object]:
    """A named good, with the chapters of its headings."""
    return {
        "from": row.origin,
        "to": row.destination,
        "year": row.year,
        "goods": row.goods,
        "hs": list(row.hs),
        "chapters": sorted({code[:2] for code in row.hs}),
        "source": list(row.source),
        "fact": list(row.fact),
        "estimate": row.estimate,
        "note": row.note,
    }


def load_json(load: Load) -> Mapping[str, object]:
    """A load, and what it was worked out with."""
    return {
        "year": load.year,
        "from": load.origin,
        "to": load.destination,
        "of": load.of.value,
        "scope": load.scope,
        "usd": load.usd,
        "tonnes": _span(load.tonnes),
        "teu": _span(load.teu),
        "weighed": load.weighed,
        "factors": [
            {
                "factor": each.factor.value,
                "value": each.value,
                "low": each.low,
                "high": each.high,
                "unit": each.unit,
                "source": list(each.source),
                "estimate": each.estimate,
                "note": each.note,
            }
            for each in load.factors
        ],
    }


def _year(trade: Trade, tables: TradeTables, each: TradeYear) -> Mapping[str, object]:
    pair = trade.pair
    ways = ((pair.first, pair.second), (pair.second, pair.first))
    return {
        "year": each.year,
        "counted_by": each.reporter or None,
        "currency": each.currency,
        "there": each.there,
        "back": each.back,
        "turnover": each.turnover,
        "growth": None if each.growth is None else round(each.growth, 4),
        "times": None if each.times is None else round(each.times, 2),
        "times_of": each.times_of,
        "estimate": each.estimate,
        "figures": [value_json(row) for row in each.rows],
        "chapters": [
            {"from": origin, "to": destination, **_chapter(share)}
            for origin, destination in ways
            for share in chapters_of(tables, origin, destination, each.year, each.reporter)
        ],
    }


def _chapter(share: ChapterShare) -> Mapping[str, object]:
    return {
        "chapter": share.chapter,
        "title": share.title,
        "value_usd": share.value_usd,
        "share": round(share.share, 4),
        "net_kg": share.net_kg,
    }


def _span(span: Span) -> Mapping[str, float]:
    return {name: round(getattr(span, name)) for name in ("low", "value", "high")}
