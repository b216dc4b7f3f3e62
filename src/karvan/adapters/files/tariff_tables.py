"""The tariff book from CSV: rates and exchange rates."""

from __future__ import annotations

from importlib.resources.abc import Traversable

from karvan.adapters.files.cells import Cells, build
from karvan.adapters.files.corridor_tables import read_file, shipped_attributes
from karvan.domain.errors import TableFault
from karvan.domain.money import MINOR_DIGITS
from karvan.domain.tariff import ANY, Basis, ExchangeRate, Rate, Scope, check_overlaps
from karvan.network.entries import Entry

TARIFF_TABLES = {"rates.csv": "rate", "exchange_rates.csv": "exchange_rate"}


def read_rates(
    directory: Traversable,
) -> tuple[tuple[Entry[Rate], ...], tuple[TableFault, ...]]:
    """Read rates.csv; two rates that claim the same way and day are a fault of the later."""
    rows, faults = read_file(directory, "rates.csv", shipped_attributes("rate"))
    made, more = build(rows, _rate)
    by_id = {entry.value.id: entry for entry in made}
    clashes = tuple(
        by_id[later].fault("valid_from", "overlapping-validity", f"claims the same as {earlier}")
        for earlier, later in check_overlaps(entry.value for entry in made)
    )
    return made, (*faults, *more, *clashes)


def read_exchange_rates(
    directory: Traversable,
) -> tuple[tuple[Entry[ExchangeRate], ...], tuple[TableFault, ...]]:
    """Read exchange_rates.csv."""
    rows, faults = read_file(directory, "exchange_rates.csv", shipped_attributes("exchange_rate"))
    made, more = build(rows, _exchange_rate)
    return made, (*faults, *more)


def _rate(cells: Cells) -> Rate:
    return Rate(
        id=cells.text("id"),
        carrier=cells.text("carrier"),
        scope=Scope(cells.text("scope")),
        from_places=cells.parts("from_places") or (ANY,),
        to_places=cells.parts("to_places") or (ANY,),
        both_ways=cells.flag("both_ways"),
        equipment=cells.parts("equipment"),
        basis=Basis(cells.text("basis")),
        amount=cells.decimal("amount"),
        currency=_currency(cells),
        low=cells.maybe_decimal("low"),
        high=cells.maybe_decimal("high"),
        valid_from=cells.maybe_date("valid_from"),
        valid_to=cells.maybe_date("valid_to"),
        rule=cells.text("rule"),
        fact=cells.parts("fact"),
        source=cells.parts("source"),
        estimate=cells.flag("estimate"),
        note=cells.text("note"),
    )


def _exchange_rate(cells: Cells) -> ExchangeRate:
    per_usd = cells.decimal("per_usd")
    if per_usd <= 0:
        cells.fault("per_usd", "not-positive", "must be above 0")
    return ExchangeRate(
        id=cells.text("id"),
        currency=_currency(cells),
        per_usd=per_usd,
        valid_from=cells.day("valid_from"),
        valid_to=cells.maybe_date("valid_to"),
        source=cells.parts("source"),
        estimate=cells.flag("estimate"),
    )


def _currency(cells: Cells) -> str:
    currency = cells.text("currency")
    if currency not in MINOR_DIGITS:
        cells.fault("currency", "unknown-currency", "no currency of this corridor")
    return currency
