"""The tariff book from CSV: rates, what changes them, tables, distances, exchange rates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources.abc import Traversable
from typing import Final, TypedDict, TypeVar

from karvan.adapters.files.cells import Cells, build, values
from karvan.adapters.files.corridor_tables import read_file, shipped_attributes
from karvan.domain.cargo import UnitKind
from karvan.domain.errors import TableFault, TariffError
from karvan.domain.money import MINOR_DIGITS
from karvan.domain.tariff import (
    ANY,
    Axis,
    BaseTable,
    Basis,
    BookRow,
    Cap,
    Coefficient,
    Condition,
    ExchangeRate,
    JointTariff,
    Rate,
    Reading,
    Scope,
    Surcharge,
    SurchargeKind,
    TariffBook,
    TariffDistance,
    check_overlaps,
    parse_conditions,
    tables_of,
)
from karvan.network.entries import Entry
from karvan.network.tariff_checks import BaseTableRow, TariffEntries, find_tariff_errors

#: Tables of the book, and the attribute file that describes each.
TARIFF_TABLES: Final = {
    "rates.csv": "rate",
    "coefficients.csv": "coefficient",
    "surcharges.csv": "surcharge",
    "caps.csv": "cap",
    "base_tables.csv": "base_table",
    "tariff_distances.csv": "tariff_distance",
    "joint_tariffs.csv": "joint_tariff",
    "exchange_rates.csv": "exchange_rate",
}

T = TypeVar("T")
Row = TypeVar("Row", bound=BookRow)
Read = tuple[tuple[Entry[T], ...], tuple[TableFault, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookEntries(TariffEntries):
    """Rows of the book with where each stands."""

    def book(self, version: str) -> TariffBook:
        """The book of entries without faults."""
        return TariffBook(
            rates=values(self.rates),
            exchange_rates=values(self.exchange_rates),
            version=version,
            coefficients=values(self.coefficients),
            surcharges=values(self.surcharges),
            caps=values(self.caps),
            tables=self.tables,
            distances=values(self.distances),
            joints=values(self.joints),
        )


def read_book(directory: Traversable) -> tuple[BookEntries, tuple[TableFault, ...]]:
    """Read every table of the book, with all faults."""
    faults: list[TableFault] = []

    def take(result: Read[T]) -> tuple[Entry[T], ...]:
        faults.extend(result[1])
        return result[0]

    tables, table_rows, table_faults = _read_base_tables(directory)
    faults.extend(table_faults)
    entries = BookEntries(
        rates=take(_read_rows(directory, "rates.csv", _rate)),
        coefficients=take(_read_rows(directory, "coefficients.csv", _coefficient)),
        surcharges=take(_read_rows(directory, "surcharges.csv", _surcharge)),
        caps=take(_read_rows(directory, "caps.csv", _cap)),
        tables=tables,
        table_rows=table_rows,
        distances=take(_read(directory, "tariff_distances.csv", _distance)),
        joints=take(_read(directory, "joint_tariffs.csv", _joint)),
        exchange_rates=take(_read(directory, "exchange_rates.csv", _exchange_rate)),
    )
    faults.extend(find_tariff_errors(entries))
    return entries, tuple(faults)


def _read(directory: Traversable, name: str, make: Callable[[Cells], T]) -> Read[T]:
    rows, faults = read_file(directory, name, shipped_attributes(TARIFF_TABLES[name]))
    made, more = build(rows, make)
    return made, (*faults, *more)


def _read_rows(directory: Traversable, name: str, make: Callable[[Cells], Row]) -> Read[Row]:
    """Read dated rows; two that claim the same way and day are a fault of the later."""
    made, faults = _read(directory, name, make)
    by_id = {entry.value.id: entry for entry in made}
    clashes = tuple(
        by_id[later].fault("valid_from", "overlapping-validity", f"claims the same as {earlier}")
        for earlier, later in check_overlaps(entry.value for entry in made)
    )
    return made, (*faults, *clashes)


Tables = tuple[Mapping[str, BaseTable], tuple[Entry[BaseTableRow], ...], tuple[TableFault, ...]]


def _read_base_tables(directory: Traversable) -> Tables:
    made, faults = _read(directory, "base_tables.csv", _base_table_row)
    found: dict[str, list[Entry[_Belt]]] = {}
    for entry in made:
        found.setdefault(entry.value.row.table, []).append(entry)
    tables: dict[str, BaseTable] = {}
    wrong: list[TableFault] = []
    for name, rows in sorted(found.items()):
        try:
            (tables[name],) = tables_of(each.value.belt for each in rows)
        except TariffError as error:
            message = f"{error.message} (table {name})"
            wrong.append(rows[0].fault("table", error.code, message))
    rows_only = tuple(Entry(each.value.row, each.file, each.row) for each in made)
    return tables, rows_only, (*faults, *wrong)


@dataclass(frozen=True, slots=True)
class _Belt:
    """A row of a base table: what the table is made of, and what is checked of it."""

    belt: tuple[str, Axis, Reading, Decimal, Decimal, Decimal]
    row: BaseTableRow


def _base_table_row(cells: Cells) -> _Belt:
    name, amount = cells.text("table"), cells.decimal("amount")
    return _Belt(
        (
            name,
            Axis(cells.text("axis")),
            Reading(cells.text("reading")),
            cells.decimal("from_value"),
            cells.decimal("to_value"),
            amount,
        ),
        BaseTableRow(
            table=name,
            amount=amount,
            low=cells.maybe_decimal("low"),
            high=cells.maybe_decimal("high"),
            estimate=cells.flag("estimate"),
        ),
    )


def _conditions(cells: Cells) -> tuple[Condition, ...]:
    try:
        return parse_conditions(cells.text("conditions"))
    except TariffError as error:
        facts = ", ".join(f"{name}: {value}" for name, value in error.facts.items())
        cells.fault("conditions", "bad-condition", f"{error.message} ({facts})")
        return ()


def _unit(cells: Cells) -> UnitKind | None:
    text = cells.text("unit")
    return UnitKind(text) if text else None


class _Common(TypedDict):
    """What every dated row of the book says of itself."""

    id: str
    carrier: str
    scope: Scope
    from_places: tuple[str, ...]
    to_places: tuple[str, ...]
    both_ways: bool
    unit: UnitKind | None
    equipment: tuple[str, ...]
    conditions: tuple[Condition, ...]
    valid_from: date | None
    valid_to: date | None
    rule: str
    fact: tuple[str, ...]
    source: tuple[str, ...]
    estimate: bool
    note: str


def _common(cells: Cells) -> _Common:
    return _Common(
        id=cells.text("id"),
        carrier=cells.text("carrier"),
        scope=Scope(cells.text("scope")),
        from_places=cells.parts("from_places") or (ANY,),
        to_places=cells.parts("to_places") or (ANY,),
        both_ways=cells.flag("both_ways"),
        unit=_unit(cells),
        equipment=cells.parts("equipment") or (ANY,),
        conditions=_conditions(cells),
        valid_from=cells.maybe_date("valid_from"),
        valid_to=cells.maybe_date("valid_to"),
        rule=cells.text("rule"),
        fact=cells.parts("fact"),
        source=cells.parts("source"),
        estimate=cells.flag("estimate"),
        note=cells.text("note"),
    )


def _rate(cells: Cells) -> Rate:
    return Rate(
        **_common(cells),
        part=cells.text("part"),
        basis=Basis(cells.text("basis")),
        amount=cells.decimal("amount"),
        table=cells.text("table"),
        currency=_currency(cells),
        low=cells.maybe_decimal("low"),
        high=cells.maybe_decimal("high"),
        minimum=cells.maybe_decimal("minimum"),
        maximum=cells.maybe_decimal("maximum"),
        on_request=cells.flag("on_request"),
    )


def _coefficient(cells: Cells) -> Coefficient:
    return Coefficient(
        **_common(cells),
        part=cells.text("part"),
        group=cells.text("group"),
        value=cells.decimal("value"),
        low=cells.maybe_decimal("low"),
        high=cells.maybe_decimal("high"),
    )


def _surcharge(cells: Cells) -> Surcharge:
    return Surcharge(
        **_common(cells),
        code=cells.text("code"),
        kind=SurchargeKind(cells.text("kind")),
        basis=Basis(cells.text("basis")),
        amount=cells.decimal("amount"),
        currency=_currency(cells),
        low=cells.maybe_decimal("low"),
        high=cells.maybe_decimal("high"),
    )


def _cap(cells: Cells) -> Cap:
    return Cap(
        **_common(cells),
        basis=Basis(cells.text("basis")),
        maximum=cells.maybe_decimal("maximum"),
        minimum=cells.maybe_decimal("minimum"),
        currency=_currency(cells),
    )


def _distance(cells: Cells) -> TariffDistance:
    return TariffDistance(
        id=cells.text("id"),
        carrier=cells.text("carrier"),
        from_place=cells.text("from_place"),
        to_place=cells.text("to_place"),
        both_ways=cells.flag("both_ways"),
        distance_km=cells.decimal("distance_km"),
        valid_from=cells.maybe_date("valid_from"),
        valid_to=cells.maybe_date("valid_to"),
        source=cells.parts("source"),
    )


def _joint(cells: Cells) -> JointTariff:
    includes: list[Scope] = []
    for name in cells.parts("includes"):
        if name not in set(Scope):
            cells.fault("includes", "unknown-scope", f"no scope {name}")
            continue
        includes.append(Scope(name))
    return JointTariff(
        id=cells.text("id"),
        name=cells.text("name"),
        members=cells.parts("members"),
        includes=frozenset(includes),
        fact=cells.parts("fact"),
        source=cells.parts("source"),
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
