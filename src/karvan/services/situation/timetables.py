"""Carriers' departures: a dated list replaces the pattern of its services for the days it covers.

A list is kept whole and never changed. From the first to the last day that it names of a service
it is all that leaves; of two lists over one day the later one counts.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

from karvan.domain.errors import InvalidInput, InvalidTables, TableFault
from karvan.domain.instants import minutes_since_epoch, parse_instant, render_instant
from karvan.network.network import Network
from karvan.network.patterns import ServiceId
from karvan.network.situation import PublishedTimes
from karvan.network.timetable import HORIZON_DAYS
from karvan.services.journal import canonical_json

COLUMNS: Final = (
    "service", "departs_at", "arrives_at", "cutoff_at", "capacity", "unit", "status",
)  # fmt: skip
_REQUIRED: Final = ("service", "departs_at")
SCHEDULED, CANCELLED = "scheduled", "cancelled"
MOST_ROWS: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sailing:
    """One departure as a carrier gives it; '' and None are what it does not say."""

    service: str
    departs_at: datetime
    arrives_at: datetime | None = None
    cutoff_at: datetime | None = None
    capacity: str = ""
    unit: str = ""
    status: str = SCHEDULED

    @property
    def row(self) -> dict[str, str]:
        """The departure as a row of text."""
        return {
            "service": self.service,
            "departs_at": render_instant(self.departs_at),
            "arrives_at": "" if self.arrives_at is None else render_instant(self.arrives_at),
            "cutoff_at": "" if self.cutoff_at is None else render_instant(self.cutoff_at),
            "capacity": self.capacity,
            "unit": self.unit,
            "status": self.status,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A list as it is kept; `seq` counts the lists from 1."""

    seq: int
    recorded_at: datetime
    actor: str
    carrier: str
    sailings: tuple[Sailing, ...]

    @property
    def content(self) -> str:
        """The rows in one text."""
        return canonical_json([each.row for each in self.sailings])

    @property
    def content_sha256(self) -> str:
        """Hash of the rows, as the journal has it."""
        return sha256(self.content.encode("utf-8")).hexdigest()


def sailing_of(row: dict[str, str]) -> Sailing:
    """Read a row that was checked when it was kept."""
    arrives, cutoff = (row[name] for name in ("arrives_at", "cutoff_at"))
    return Sailing(
        service=row["service"],
        departs_at=parse_instant(row["departs_at"]),
        arrives_at=parse_instant(arrives) if arrives else None,
        cutoff_at=parse_instant(cutoff) if cutoff else None,
        capacity=row["capacity"],
        unit=row["unit"],
        status=row["status"],
    )


def read_sailings(
    name: str, data: bytes, network: Network, carrier: str, now: datetime
) -> tuple[Sailing, ...]:
    """Read a carrier's list.

    Raises
    ------
    InvalidTables
        With every fault: file, row, column, what is wrong.
    """
    faults: list[TableFault] = []
    if carrier not in network.carriers:
        faults.append(TableFault(name, None, "", "unknown-carrier", "no carrier has this id"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidTables([TableFault(name, None, "", "not-utf8", "is not UTF-8")]) from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    header = reader.fieldnames or ()
    faults += [
        TableFault(name, 1, each, "unknown-column", "there is no such column")
        for each in header
        if each not in COLUMNS
    ]
    faults += [
        TableFault(name, 1, each, "missing-column", "every list needs it")
        for each in _REQUIRED
        if each not in header
    ]
    if faults:
        raise InvalidTables(faults)
    found: list[Sailing] = []
    seen: dict[tuple[str, datetime], int] = {}
    for number, cells in enumerate(reader, start=2):
        if number > MOST_ROWS:
            faults.append(TableFault(name, None, "", "too-large", "holds too many rows"))
            break
        row = _Row(name, number, {key: (cells.get(key) or "").strip() for key in COLUMNS})
        sailing = row.read(network, carrier, now)
        if sailing is not None:
            first = seen.setdefault((sailing.service, sailing.departs_at), number)
            if first != number:
                row.tell("departs_at", "repeated", f"stands in row {first} already")
            found.append(sailing)
        faults += row.faults
    if not found and not faults:
        faults.append(TableFault(name, None, "", "no-rows", "there is no departure in it"))
    if faults:
        raise InvalidTables(faults)
    return tuple(sorted(found, key=lambda each: (each.service, each.departs_at)))


class _Row:
    """One row in the making."""

    def __init__(self, file: str, number: int, cells: dict[str, str]) -> None:
        self._file, self._number, self._cells = file, number, cells
        self.faults: list[TableFault] = []

    def tell(self, column: str, code: str, words: str) -> None:
        self.faults.append(TableFault(self._file, self._number, column, code, words))

    def read(self, network: Network, carrier: str, now: datetime) -> Sailing | None:
        """Read the row; None where it has a fault."""
        cells = self._cells
        service = network.services.get(ServiceId(cells["service"]))
        if service is None:
            self.tell("service", "unknown-service", "no scheduled service has this id")
        elif service.operator != carrier:
            self.tell("service", "other-carrier", "another carrier runs this service")
        departs, arrives, cutoff = (
            self._instant(each) for each in ("departs_at", "arrives_at", "cutoff_at")
        )
        if departs is None:
            if not cells["departs_at"]:
                self.tell("departs_at", "missing", "is required")
        elif not now - timedelta(days=1) <= departs <= now + timedelta(days=HORIZON_DAYS):
            self.tell("departs_at", "out-of-range", f"must lie within {HORIZON_DAYS} days from now")
        elif arrives is not None and arrives <= departs:
            self.tell("arrives_at", "end-before-begin", "must be later than the departure")
        elif cutoff is not None and cutoff > departs:
            self.tell("cutoff_at", "end-before-begin", "must not be later than the departure")
        if cells["capacity"] and not cells["capacity"].isdecimal():
            self.tell("capacity", "not-a-number", "must be a whole number")
        status = cells["status"] or SCHEDULED
        if status not in (SCHEDULED, CANCELLED):
            self.tell("status", "unknown-word", f"must be {SCHEDULED} or {CANCELLED}")
        if self.faults or departs is None:
            return None
        return Sailing(
            service=cells["service"],
            departs_at=departs,
            arrives_at=arrives,
            cutoff_at=cutoff,
            capacity=cells["capacity"],
            unit=cells["unit"],
            status=status,
        )

    def _instant(self, column: str) -> datetime | None:
        text = self._cells[column]
        if not text:
            return None
        try:
            return parse_instant(text).replace(second=0, microsecond=0)
        except InvalidInput as error:
            self.tell(column, "not-an-instant", error.message)
            return None


def write_sailings(sailings: Iterable[Sailing]) -> str:
    """Write departures as such a list."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(each.row for each in sailings)
    return out.getvalue()


def in_force(imports: Sequence[Imported], network: Network) -> tuple[Sailing, ...]:
    """The departures that count, cancelled ones too: of two lists over a day the later one."""
    chosen: dict[str, list[Sailing]] = {}
    for each in sorted(imports, key=lambda imported: imported.seq):
        by_service: dict[str, list[Sailing]] = {}
        for sailing in each.sailings:
            by_service.setdefault(sailing.service, []).append(sailing)
        for service, sailings in by_service.items():
            begin, end = _window(network, service, sailings)
            kept = [one for one in chosen.get(service, []) if not begin <= one.departs_at < end]
            chosen[service] = kept + sailings
    return tuple(
        sailing
        for service in sorted(chosen)
        for sailing in sorted(chosen[service], key=lambda one: one.departs_at)
    )


def published_times(
    imports: Sequence[Imported], network: Network, now: datetime
) -> tuple[PublishedTimes, ...]:
    """What of the lists still matters at a clock, a window each, by service."""
    counts = in_force(imports, network)
    out = []
    for each in sorted(imports, key=lambda imported: imported.seq):
        for service in sorted({sailing.service for sailing in each.sailings}):
            if ServiceId(service) not in network.services:
                continue
            mine = [sailing for sailing in each.sailings if sailing.service == service]
            begin, end = _window(network, service, mine)
            if end <= now:
                continue
            runs = tuple(
                (
                    minutes_since_epoch(one.departs_at),
                    None if one.arrives_at is None else minutes_since_epoch(one.arrives_at),
                )
                for one in counts
                if one.service == service
                and one.status == SCHEDULED
                and begin <= one.departs_at < end
            )
            out.append(
                PublishedTimes(
                    service=service,
                    from_min=minutes_since_epoch(begin),
                    to_min=minutes_since_epoch(end),
                    runs=runs,
                )
            )
    # Two windows over one day hold the same departures, so the order does not matter.
    return tuple(sorted(set(out), key=lambda one: (one.service, one.from_min, one.to_min)))


def _window(
    network: Network, service: str, sailings: Sequence[Sailing]
) -> tuple[datetime, datetime]:
    """Begin of the first day and end of the last, on the clock of the first call."""
    found = network.services.get(ServiceId(service))
    name = "UTC" if found is None else network.places[found.calls[0].place].time_zone
    zone = ZoneInfo(name)
    days = [each.departs_at.astimezone(zone).date() for each in sailings]
    first = datetime.combine(min(days), time(0), tzinfo=zone)
    last = datetime.combine(max(days) + timedelta(days=1), time(0), tzinfo=zone)
    return first.astimezone(UTC), last.astimezone(UTC)
