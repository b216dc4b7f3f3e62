"""The tariff book as people read it: its rows on a day, filtered, counted and compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from karvan.domain.cargo import UnitKind
from karvan.domain.tariff import (
    ANY,
    BookRow,
    Cap,
    Coefficient,
    Rate,
    Surcharge,
    SurchargeKind,
    TariffBook,
    render_conditions,
)
from karvan.network.tariff_checks import lacks_base, parts_of

if TYPE_CHECKING:
    from pathlib import Path

    from karvan.services.exchange import Exchanged

Key = tuple[object, ...]


class RateSheets(Protocol):
    """The tariff book in files; `None` for a folder is the shipped book.

    Every method raises `InvalidTables` with all faults, and writes nothing then.
    """

    def book(self, source: Path | None) -> TariffBook:
        """Give the book of a folder or workbook laid over the shipped tables."""

    def export(self, target: Path, folder: Path | None = None) -> Exchanged:
        """Write the tables of the book to a workbook, or to a new folder of CSV files."""

    def read(self, source: Path, target: Path, *, add: bool) -> Exchanged:
        """Read a workbook or folder into a new folder of tables, all of it or nothing.

        With `add` its rows are laid over the shipped ones, else its tables replace them.
        """


class RowKind(StrEnum):
    """Table a row stands in."""

    RATE = "rate"
    COEFFICIENT = "coefficient"
    SURCHARGE = "surcharge"
    CAP = "cap"


class State(StrEnum):
    """What a row is on a day.

    A rate that has ended goes on, carried forward, until a newer one begins; any other row
    ends with its last day. What acts on a part of the tariff without a rate has no base.
    """

    IN_FORCE = "in force"
    CARRIED_FORWARD = "carried forward"
    ON_REQUEST = "on request"
    NO_BASE = "no base"
    ENDED = "ended"
    REPLACED = "replaced"
    LATER = "later"


#: States of rows that may make a price on the day.
IN_USE: Final = frozenset({State.IN_FORCE, State.CARRIED_FORWARD, State.ON_REQUEST})


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """A row of the book on a day.

    Attributes
    ----------
    figure, low, high
        Amount, factor or percentage, with its ends on the day; None on request.
    unit
        What the figure is in: `USD / container`, `x` of a coefficient, `%`.
    age_months
        Since it was last known to be in force.
    """

    kind: RowKind
    row: BookRow
    state: State
    figure: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str
    age_months: int

    @property
    def key(self) -> Key:
        """What the row is for; rows of one key replace each other."""
        row = self.row
        return (
            self.kind,
            row.scope,
            row.carrier,
            row.from_places,
            row.to_places,
            row.both_ways,
            row.unit,
            row.equipment,
            row.conditions,
            getattr(row, "part", ""),
            getattr(row, "group", ""),
            getattr(row, "code", ""),
        )

    @property
    def way(self) -> str:
        """The ends it binds to, as people read them."""
        start, end = ";".join(self.row.from_places), ";".join(self.row.to_places)
        if (start, end) == (ANY, ANY):
            return "any way"
        if not self.row.carrier and end == ANY:
            return f"at {start}"
        return f"{start} {'-' if self.row.both_ways else '>'} {end}"

    @property
    def cargo(self) -> str:
        """Units and conditions it is for."""
        row = self.row
        units = ";".join(row.equipment) if row.equipment != (ANY,) else ""
        kind = row.unit.value if row.unit else ""
        conditions = render_conditions(row.conditions)
        return " ".join(filter(None, (kind, units, f"[{conditions}]" if conditions else "")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which rows to show; '' asks for all.

    Attributes
    ----------
    cargo
        Kind of unit or class of it: `container`, `40`, `tank_wagon`.
    history
        Rows that have been replaced, have ended or begin later too.
    """

    carrier: str = ""
    scope: str = ""
    place: str = ""
    cargo: str = ""
    history: bool = False


def rows_on(book: TariffBook, day: date) -> tuple[SheetRow, ...]:
    """Every row of the book with what it is on a day, in a steady order."""
    parts = parts_of(book.rates)
    found = [
        *_rates(book.rates, day),
        *(_coefficient(row, day, base=not lacks_base(row, parts)) for row in book.coefficients),
        *(_surcharge(row, day) for row in book.surcharges),
        *(_cap(row, day) for row in book.caps),
    ]
    order = list(RowKind)
    return tuple(
        sorted(
            found,
            key=lambda each: (
                each.row.carrier,
                order.index(each.kind),
                each.row.scope.value,
                each.row.from_places,
                each.row.to_places,
                each.row.equipment,
                each.row.valid_from or date.min,
                each.row.id,
            ),
        )
    )


def select(rows: Iterable[SheetRow], wanted: Wanted) -> tuple[SheetRow, ...]:
    """Rows that are wanted."""
    return tuple(row for row in rows if _is_wanted(row, wanted))


def _is_wanted(sheet_row: SheetRow, wanted: Wanted) -> bool:
    row = sheet_row.row
    shown = wanted.history or sheet_row.state in IN_USE or sheet_row.state is State.NO_BASE
    return (
        shown
        and wanted.carrier in {"", row.carrier}
        and wanted.scope in {"", row.scope.value}
        and (not wanted.place or wanted.place in (*row.from_places, *row.to_places))
        and _is_for(row, wanted.cargo)
    )


def _is_for(row: BookRow, cargo: str) -> bool:
    if not cargo:
        return True
    if cargo in {each.value for each in UnitKind}:
        return row.unit in {None, UnitKind(cargo)}
    return cargo in row.equipment or row.equipment == (ANY,)


def _rates(rates: Sequence[Rate], day: date) -> Iterator[SheetRow]:
    made = [_rate(rate, day, State.IN_FORCE) for rate in rates]
    newest: dict[Key, date] = {}
    for each in made:
        if each.row.begun(day):
            first = each.row.valid_from or date.min
            newest[each.key] = max(first, newest.get(each.key, date.min))
    for each in made:
        rate = each.row
        assert isinstance(rate, Rate)
        if not rate.begun(day):
            state = State.LATER
        elif (rate.valid_from or date.min) < newest[each.key]:
            state = State.REPLACED
        elif rate.on_request:
            state = State.ON_REQUEST
        else:
            state = State.CARRIED_FORWARD if rate.carried_forward(day) else State.IN_FORCE
        yield _rate(rate, day, state)


def _rate(rate: Rate, day: date, state: State) -> SheetRow:
    low, high = rate.bounds(day)
    table = f" x {rate.table}" if rate.table else ""
    asked = None if rate.on_request else rate.amount
    return SheetRow(
        kind=RowKind.RATE,
        row=rate,
        state=state,
        figure=asked,
        low=None if asked is None else low,
        high=None if asked is None else high,
        unit=f"{rate.currency} / {rate.basis.value}{table}",
        age_months=rate.age_months(day),
    )


def _within(row: BookRow, day: date) -> State:
    if not row.begun(day):
        return State.LATER
    return State.IN_FORCE if row.in_force(day) else State.ENDED


def _coefficient(row: Coefficient, day: date, *, base: bool) -> SheetRow:
    low, high = row.bounds()
    part = f" on {row.part}" if row.part else ""
    return SheetRow(
        kind=RowKind.COEFFICIENT,
        row=row,
        state=_within(row, day) if base else State.NO_BASE,
        figure=row.value,
        low=low,
        high=high,
        unit=f"x, group {row.group}{part}",
        age_months=row.age_months(day),
    )


def _surcharge(row: Surcharge, day: date) -> SheetRow:
    low, high = row.bounds(day)
    percent = row.kind is SurchargeKind.PERCENT
    unit = "%" if percent else f"{row.currency} / {row.basis.value}"
    return SheetRow(
        kind=RowKind.SURCHARGE,
        row=row,
        state=_within(row, day),
        figure=row.amount,
        low=low,
        high=high,
        unit=f"{unit} {row.code}",
        age_months=row.age_months(day),
    )


def _cap(row: Cap, day: date) -> SheetRow:
    return SheetRow(
        kind=RowKind.CAP,
        row=row,
        state=_within(row, day),
        figure=row.maximum if row.maximum is not None else row.minimum,
        low=row.minimum,
        high=row.maximum,
        unit=f"{row.currency} / {row.basis.value}",
        age_months=row.age_months(day),
    )


def count(rows: Iterable[SheetRow]) -> Mapping[str, Mapping[str, int]]:
    """Count rows by kind: all, in use, estimates in use, each state, old ones."""
    found: dict[str, Counter[str]] = {kind.value: Counter() for kind in RowKind}
    for each in rows:
        counts = found[each.kind.value]
        counts["rows"] += 1
        counts[each.state.value] += 1
        if each.state in IN_USE:
            counts["in use"] += 1
            counts["estimates"] += each.row.estimate
            counts["over 24 months"] += each.age_months > 24
    return found


class Change(StrEnum):
    """How a row differs between two books or days."""

    CHANGED = "changed"
    APPEARED = "appeared"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRow:
    """A row in use that differs; one of the two is None where it appeared or ended.

    Attributes
    ----------
    percent
        Change of the figure; None where one is missing or 0, or the unit changed.
    """

    change: Change
    old: SheetRow | None
    new: SheetRow | None
    percent: Decimal | None


def compare(old: Iterable[SheetRow], new: Iterable[SheetRow]) -> tuple[ChangedRow, ...]:
    """Tell what changed between the rows in use of two books or two days.

    A rate that goes on although its last day has passed counts as ended on the second day
    where it was in force on the first.
    """
    before = {each.key: each for each in old if each.state in IN_USE}
    after = {each.key: each for each in new if each.state in IN_USE}
    found: list[ChangedRow] = []
    for key, one in before.items():
        other = after.get(key)
        lapsed = (
            other is not None
            and other.row == one.row
            and one.state is State.IN_FORCE
            and other.state is State.CARRIED_FORWARD
        )
        if other is None or lapsed:
            found.append(ChangedRow(change=Change.ENDED, old=one, new=other, percent=None))
        elif (one.figure, one.unit, one.row.estimate) != (
            other.figure,
            other.unit,
            other.row.estimate,
        ):
            percent = _percent(one, other)
            found.append(ChangedRow(change=Change.CHANGED, old=one, new=other, percent=percent))
    found.extend(
        ChangedRow(change=Change.APPEARED, old=None, new=other, percent=None)
        for key, other in after.items()
        if key not in before
    )
    order = list(Change)
    return tuple(sorted(found, key=lambda each: (order.index(each.change), _name(each))))


def _percent(one: SheetRow, other: SheetRow) -> Decimal | None:
    if not one.figure or other.figure is None or one.unit != other.unit:
        return None
    return ((other.figure / one.figure - 1) * 100).quantize(Decimal("0.1"))


def _name(change: ChangedRow) -> tuple[str, str]:
    row = change.new or change.old
    assert row is not None
    return row.row.carrier, row.row.id
