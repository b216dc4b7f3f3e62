"""Checks of the tariff book: what its tables contradict each other in, and what is odd in them.

Like `consistency`: pure functions over entries, all faults, stable codes. What one row can get
wrong by itself its entity refuses; names of places and carriers are checked with the services.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Final

from karvan.domain.errors import TableFault
from karvan.domain.tariff import (
    ANY,
    BY_DISTANCE,
    Axis,
    BaseTable,
    Basis,
    Cap,
    Coefficient,
    ExchangeRate,
    JointTariff,
    Rate,
    Scope,
    Surcharge,
    SurchargeKind,
    TariffDistance,
)
from karvan.network.entries import Entry

#: Codes of price lines that no surcharge may take.
RESERVED: Final = frozenset(
    {"HAUL", "RETURN", "CAP", "HIRE", "HANDLING", "BORDER", "GAUGE", "DECLARATION"}
)

#: Likeness from which two names of groups are taken for one misspelt.
SIMILAR: Final = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseTableRow:
    """One row of a base table as it stands in the file."""

    table: str
    amount: Decimal
    low: Decimal | None
    high: Decimal | None
    estimate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffEntries:
    """Every row of the book with where it stands."""

    rates: Sequence[Entry[Rate]] = ()
    coefficients: Sequence[Entry[Coefficient]] = ()
    surcharges: Sequence[Entry[Surcharge]] = ()
    caps: Sequence[Entry[Cap]] = ()
    tables: Mapping[str, BaseTable]
    table_rows: Sequence[Entry[BaseTableRow]] = ()
    distances: Sequence[Entry[TariffDistance]] = ()
    joints: Sequence[Entry[JointTariff]] = ()
    exchange_rates: Sequence[Entry[ExchangeRate]] = ()


def find_tariff_errors(book: TariffEntries) -> tuple[TableFault, ...]:
    """All faults that make the book unusable."""
    return (
        *_rate_faults(book),
        *_table_faults(book),
        *_coefficient_faults(book),
        *_surcharge_faults(book),
        *_overlaps(book),
        *_joint_faults(book),
    )


def find_tariff_warnings(book: TariffEntries) -> tuple[TableFault, ...]:
    """What a person should look at."""
    return (*_falling_tables(book), *_similar_groups(book), *_unused(book))


def _rate_faults(book: TariffEntries) -> Iterator[TableFault]:
    for entry in book.rates:
        rate = entry.value
        if rate.table and rate.table not in book.tables:
            known = ", ".join(sorted(book.tables)) or "none"
            yield entry.fault(
                "table", "unknown-table", f"no base table {rate.table}; there are: {known}"
            )
        elif rate.table:
            axis = book.tables[rate.table].axis
            if axis is Axis.DISTANCE_KM and rate.basis in BY_DISTANCE:
                message = f"the table counts the kilometres already; not by {rate.basis}"
                yield entry.fault("basis", "distance-twice", message)
        yield from _place_faults(entry)


def _place_faults(entry: Entry[Rate]) -> Iterator[TableFault]:
    """Charges of places have no carrier and no distance; hauls and hire have a carrier."""
    rate = entry.value
    if rate.scope in {Scope.HAUL, Scope.UNIT_HIRE}:
        if not rate.carrier:
            yield entry.fault("carrier", "no-carrier", f"a rate of {rate.scope} names its carrier")
        return
    if rate.carrier:
        message = f"a charge of a place ({rate.scope}) has no carrier; leave it empty"
        yield entry.fault("carrier", "carrier-at-place", message)
    if rate.basis in BY_DISTANCE:
        message = f"a charge of a place has no kilometres; not by {rate.basis}"
        yield entry.fault("basis", "distance-at-place", message)


def _table_faults(book: TariffEntries) -> Iterator[TableFault]:
    for entry in book.table_rows:
        row = entry.value
        ends = (row.low, row.high)
        if row.estimate and None in ends:
            yield entry.fault("low", "no-range", "an estimate needs low and high")
        low = row.amount if row.low is None else row.low
        high = row.amount if row.high is None else row.high
        if not low <= row.amount <= high:
            message = f"low and high must enclose the amount, {row.amount}"
            yield entry.fault("low", "range-inconsistent", message)


def _coefficient_faults(book: TariffEntries) -> Iterator[TableFault]:
    for entry in book.coefficients:
        row = entry.value
        if row.estimate and row.low is None:
            yield entry.fault("low", "no-range", "an estimate needs low and high")


def _surcharge_faults(book: TariffEntries) -> Iterator[TableFault]:
    for entry in book.surcharges:
        row = entry.value
        if row.code in RESERVED:
            message = f"{row.code} is the code of another line; choose one like FUEL or STORM"
            yield entry.fault("code", "reserved-code", message)
        if row.estimate and row.low is None:
            yield entry.fault("low", "no-range", "an estimate needs low and high")
        if row.kind is SurchargeKind.PERCENT and row.basis is not Basis.FLAT:
            yield entry.fault("basis", "basis-of-percent", "a percentage counts nothing: flat")


def _overlaps(book: TariffEntries) -> Iterator[TableFault]:
    """`overlapping-validity`: rows of which none goes before the other by the rules."""
    for one, two in combinations(book.exchange_rates, 2):
        same = one.value.currency == two.value.currency
        if same and _period(one.value) == _period(two.value):
            message = f"the same currency and days as {one.value.id}"
            yield two.fault("valid_from", "overlapping-validity", message)
    for a, b in combinations(book.distances, 2):
        pairs = [{(row.from_place, row.to_place)} for row in (a.value, b.value)]
        for pair, row in zip(pairs, (a.value, b.value), strict=True):
            if row.both_ways:
                pair.add((row.to_place, row.from_place))
        same = a.value.carrier == b.value.carrier and bool(pairs[0] & pairs[1])
        if same and a.value.valid_from == b.value.valid_from:
            message = f"the same way from the same day as {a.value.id}"
            yield b.fault("valid_from", "overlapping-validity", message)


def _period(row: ExchangeRate) -> tuple[date, date | None]:
    return row.valid_from, row.valid_to


def _joint_faults(book: TariffEntries) -> Iterator[TableFault]:
    joints = {entry.value.id for entry in book.joints}
    for entry in book.rates:
        rate = entry.value
        if rate.carrier not in joints:
            continue
        if rate.scope is not Scope.HAUL:
            yield entry.fault("scope", "joint-not-haul", "a joint tariff has rates of haul alone")
        if ANY in (*rate.from_places, *rate.to_places):
            message = "a joint rate is for pairs of stations; name both ends"
            yield entry.fault("from_places", "joint-without-pair", message)


def _falling_tables(book: TariffEntries) -> Iterator[TableFault]:
    """`table-falls`: a larger value may cost less. Sourced steps do so; a slip does so too."""
    for name, table in sorted(book.tables.items()):
        if table.falls:
            rows = [entry for entry in book.table_rows if entry.value.table == name]
            message = f"in {name} a larger value can cost less; right if the source says so"
            yield rows[0].fault("amount", "table-falls", message)


def _similar_groups(book: TariffEntries) -> Iterator[TableFault]:
    """`similar-group`: two spellings of a group multiply each other, where one should apply."""
    groups: dict[str, str] = {}
    for entry in book.coefficients:
        group = entry.value.group
        if group in groups:
            continue
        close = difflib.get_close_matches(group, groups, n=1, cutoff=SIMILAR)
        groups[group] = group
        if close:
            message = f"almost the group {close[0]}; coefficients of two groups multiply"
            yield entry.fault("group", "similar-group", message)


def _unused(book: TariffEntries) -> Iterator[TableFault]:
    """`no-rates`: a joint tariff that asks nothing. `no-base`: what multiplies nothing yet."""
    asking = {entry.value.carrier for entry in book.rates}
    for joint in book.joints:
        if joint.value.id not in asking:
            yield joint.fault("id", "no-rates", "no rate has this joint tariff as its carrier")
    parts = parts_of(entry.value for entry in book.rates)
    told: set[str] = set()
    for entry in book.coefficients:
        row = entry.value
        if lacks_base(row, parts) and row.part not in told:
            told.add(row.part)
            message = (
                f"no rate has the part {row.part}: it multiplies nothing until one is in the book"
            )
            yield entry.fault("part", "no-base", message)


def lacks_base(row: Coefficient, parts: Collection[tuple[Scope, str]]) -> bool:
    """Say whether a coefficient acts on a part of the tariff that no rate has."""
    return bool(row.part) and (row.scope, row.part) not in parts


def parts_of(rates: Iterable[Rate]) -> frozenset[tuple[Scope, str]]:
    """Parts of the tariff that have a rate, by scope."""
    return frozenset((rate.scope, rate.part) for rate in rates)
