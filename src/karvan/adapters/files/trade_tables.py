"""The tables of trade, and the rules that their attribute files cannot say."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from importlib.resources.abc import Traversable

from karvan.adapters.files.cells import Cells, values
from karvan.adapters.files.corridor_tables import (
    read_countries,
    read_entities,
    read_source_keys,
    shipped_data,
)
from karvan.domain.errors import InvalidTables, TableFault
from karvan.network.entries import Entry
from karvan.network.trade import (
    ANY,
    FactorKind,
    Flow,
    Goods,
    TradedGood,
    TradeFactor,
    TradeTables,
    TradeValue,
    ValueKind,
)

FOLDER = "trade"

Named = TradeValue | TradedGood | TradeFactor


def read_trade(data: Traversable | None = None) -> TradeTables:
    """Read the tables of a data folder; the shipped ones by default.

    Raises
    ------
    InvalidTables
        With every fault of the three tables.
    """
    folder = shipped_data() if data is None else data
    trade = folder / FOLDER
    told, value_faults = read_entities(trade, "values.csv", "trade_value", _value)
    goods, good_faults = read_entities(trade, "goods.csv", "traded_good", _good)
    factors, factor_faults = read_entities(trade, "factors.csv", "trade_factor", _factor)
    countries, _ = read_countries(folder / "network")
    areas = {entry.value.country for entry in countries}
    areas |= {entry.value.customs_territory for entry in countries}
    keys = read_source_keys(folder)
    faults = [*value_faults, *good_faults, *factor_faults]
    rows: Sequence[Entry[Named]] = (*told, *goods, *factors)
    faults += _names(rows, areas, keys)
    faults += _ranges(told, factors)
    if faults:
        raise InvalidTables(faults)
    return TradeTables(
        values=values(told),
        goods=values(goods),
        factors=values(factors),
        countries=frozenset(areas),
        chapters=_chapters(folder),
    )


def _names(
    rows: Sequence[Entry[Named]], areas: set[str], keys: frozenset[str]
) -> Iterator[TableFault]:
    seen: set[str] = set()
    for entry in rows:
        row = entry.value
        if row.id in seen:
            yield entry.fault("id", "duplicate-id", f"{row.id} stands above already")
        seen.add(row.id)
        known = areas | ({ANY} if isinstance(row, TradeFactor) else set())
        ends = [("origin", row.origin), ("destination", row.destination)]
        if isinstance(row, TradeValue) and row.reporter:
            ends.append(("reporter", row.reporter))
        for column, name in ends:
            if name not in known:
                yield entry.fault(column, "unknown-place", f"no place or country {name}")
        for key in row.source:
            if key not in keys:
                yield entry.fault("source", "unknown-source", f"no such key: {key}")


def _ranges(
    told: Sequence[Entry[TradeValue]], factors: Sequence[Entry[TradeFactor]]
) -> Iterator[TableFault]:
    rows: Sequence[Entry[TradeValue] | Entry[TradeFactor]] = (*told, *factors)
    for entry in rows:
        row = entry.value
        if row.low is not None and row.low > row.value:
            yield entry.fault("low", "range-reversed", f"{row.low:g} is above {row.value:g}")
        if row.high is not None and row.high < row.value:
            yield entry.fault("high", "range-reversed", f"{row.high:g} is below {row.value:g}")
    for each in told:
        if not 1 <= each.value.first_month <= each.value.last_month <= 12:
            yield each.fault("last_month", "out-of-range", "months are 1 to 12, the first first")
        if each.value.value < 0 and each.value.kind is not ValueKind.GROWTH:
            yield each.fault("value", "negative-volume", "only growth may be negative")
    for factor in factors:
        if not factor.value.low > 0:
            yield factor.fault("low", "out-of-range", "must be above 0")


def _chapters(folder: Traversable) -> dict[str, str]:
    text = (folder / "rules" / "hs2022.csv").read_text(encoding="utf-8")
    return {code: title for code, title in csv.reader(io.StringIO(text)) if len(code) == 2}


def _value(cells: Cells) -> TradeValue:
    return TradeValue(
        id=cells.text("id"),
        reporter=cells.text("reporter"),
        origin=cells.text("origin"),
        destination=cells.text("destination"),
        flow=Flow(cells.text("flow")),
        year=cells.whole("year"),
        first_month=cells.whole("first_month"),
        last_month=cells.whole("last_month"),
        kind=ValueKind(cells.text("kind")),
        scope=cells.text("scope"),
        value=cells.number("value"),
        unit=cells.text("unit"),
        low=cells.maybe_number("low"),
        high=cells.maybe_number("high"),
        fact=cells.parts("fact"),
        source=cells.parts("source"),
        estimate=cells.flag("estimate"),
        note=cells.text("note"),
    )


def _good(cells: Cells) -> TradedGood:
    return TradedGood(
        id=cells.text("id"),
        origin=cells.text("origin"),
        destination=cells.text("destination"),
        year=cells.whole("year"),
        goods=cells.text("goods"),
        hs=cells.parts("hs"),
        fact=cells.parts("fact"),
        source=cells.parts("source"),
        estimate=cells.flag("estimate"),
        note=cells.text("note"),
    )


def _factor(cells: Cells) -> TradeFactor:
    return TradeFactor(
        id=cells.text("id"),
        origin=cells.text("origin"),
        destination=cells.text("destination"),
        factor=FactorKind(cells.text("factor")),
        of=Goods(cells.text("of")),
        value=cells.number("value"),
        low=cells.number("low"),
        high=cells.number("high"),
        unit=cells.text("unit"),
        fact=cells.parts("fact"),
        source=cells.parts("source"),
        estimate=cells.flag("estimate"),
        note=cells.text("note"),
    )
