"""Carriers, scheduled services, corridor families, performance and weather, from CSV."""

from __future__ import annotations

import re
from datetime import time
from importlib.resources.abc import Traversable
from typing import TypeVar

from karvan.adapters.files.cells import Cells
from karvan.adapters.files.corridor_tables import read_entities
from karvan.domain.cargo import UnitKind
from karvan.domain.errors import TableFault
from karvan.network.activities import HoursKind
from karvan.network.entries import Entry
from karvan.network.links import Mode
from karvan.network.patterns import (
    WEEKDAYS,
    Carrier,
    CarrierId,
    CorridorFamily,
    ScheduledService,
    ServiceId,
    ServiceStatus,
    parse_calls,
)
from karvan.network.performance import (
    ANY,
    CommonFactor,
    FactorKind,
    PerformanceRow,
    WeatherRow,
    closure_duration,
)
from karvan.network.places import PlaceId

T = TypeVar("T")
Read = tuple[tuple[Entry[T], ...], tuple[TableFault, ...]]

#: Tables of the patterns hash and of the performance hash, with their attribute files.
PATTERN_TABLES = {
    "carriers.csv": "carrier",
    "services.csv": "service",
    "corridor_families.csv": "corridor_family",
}
PERFORMANCE_TABLES = {
    "performance.csv": "performance",
    "weather.csv": "weather",
    "common_factors.csv": "common_factor",
}

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_RUNNING = re.compile(r"([A-Z0-9-]+)>([A-Z0-9-]+)=([0-9]+(?:\.[0-9]+)?)")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def read_carriers(directory: Traversable) -> Read[Carrier]:
    """Read carriers.csv."""
    return read_entities(directory, "carriers.csv", "carrier", _carrier)


def read_services(directory: Traversable) -> Read[ScheduledService]:
    """Read services.csv."""
    return read_entities(directory, "services.csv", "service", _service)


def read_families(directory: Traversable) -> Read[CorridorFamily]:
    """Read corridor_families.csv."""
    return read_entities(directory, "corridor_families.csv", "corridor_family", _family)


def read_performance(directory: Traversable) -> Read[PerformanceRow]:
    """Read performance.csv."""
    return read_entities(directory, "performance.csv", "performance", _performance)


def read_weather(directory: Traversable) -> Read[WeatherRow]:
    """Read weather.csv."""
    return read_entities(directory, "weather.csv", "weather", _weather)


def read_factors(directory: Traversable) -> Read[CommonFactor]:
    """Read common_factors.csv."""
    return read_entities(directory, "common_factors.csv", "common_factor", _factor)


def _carrier(cells: Cells) -> Carrier:
    return Carrier(
        id=CarrierId(cells.text("id")),
        name=cells.text("name"),
        kind=cells.text("kind"),
        country=cells.text("country"),
        operators=cells.parts("operators"),
        source=";".join(cells.parts("source")),
    )


def _service(cells: Cells) -> ScheduledService:
    return ScheduledService(
        id=ServiceId(cells.text("id")),
        name=cells.text("name"),
        operator=CarrierId(cells.text("operator")),
        mode=Mode(cells.text("mode")),
        calls=parse_calls(cells.parts("calls")),
        headway_h=cells.maybe_number("headway_h"),
        headway_low_h=cells.maybe_number("headway_low_h"),
        headway_high_h=cells.maybe_number("headway_high_h"),
        headway_cv=cells.maybe_number("headway_cv"),
        days=_days(cells),
        departs_local=_clock(cells),
        cutoff_h=cells.number("cutoff_h"),
        running_h=_running(cells),
        joint_rate=_joint(cells),
        valid_from=cells.maybe_date("valid_from"),
        valid_to=cells.maybe_date("valid_to"),
        months=_months(cells),
        as_of=cells.day("as_of"),
        stale_after_months=cells.whole("stale_after_months"),
        status=ServiceStatus(cells.text("status")),
        capacity=cells.maybe_number("capacity"),
        capacity_unit=cells.text("capacity_unit"),
        fact=cells.parts("fact"),
        source=cells.parts("source"),
        estimate=cells.flag("estimate"),
        note=cells.text("note"),
        units=_units(cells),
    )


def _units(cells: Cells) -> frozenset[UnitKind]:
    parts, known = cells.parts("units"), {str(kind) for kind in UnitKind}
    if not set(parts) <= known:
        cells.fault("units", "not-in-list", f"must be of {', '.join(sorted(known))}")
        return frozenset()
    return frozenset(UnitKind(part) for part in parts)


def _days(cells: Cells) -> tuple[int, ...]:
    parts = cells.parts("days")
    if not set(parts) <= set(WEEKDAYS):
        cells.fault("days", "not-in-list", f"must be of {', '.join(WEEKDAYS)}")
        return ()
    return tuple(sorted(WEEKDAYS.index(part) for part in parts))


def _months(cells: Cells) -> tuple[int, ...]:
    parts = cells.parts("months")
    if not set(parts) <= {str(month) for month in range(1, 13)}:
        cells.fault("months", "not-in-list", "must be of 1 to 12")
        return ()
    return tuple(sorted(int(part) for part in parts))


def _clock(cells: Cells) -> time | None:
    text = cells.text("departs_local")
    if not text:
        return None
    match = _CLOCK.fullmatch(text)
    if match is None:
        cells.fault("departs_local", "not-a-time", "must be HH:MM")
        return None
    return time(int(match[1]), int(match[2]))


def _running(cells: Cells) -> dict[tuple[PlaceId, PlaceId], float]:
    out = {}
    for part in cells.parts("running"):
        match = _RUNNING.fullmatch(part)
        if match is None:
            cells.fault("running", "not-a-running-time", "must read FROM>TO=hours")
        else:
            out[PlaceId(match[1]), PlaceId(match[2])] = float(match[3])
    return out


def _joint(cells: Cells) -> dict[CarrierId, CarrierId]:
    out = {}
    for part in cells.parts("joint_rate"):
        joint, equals, tracks = part.partition("=")
        if not equals or not joint or not tracks:
            cells.fault("joint_rate", "not-a-joint-rate", "must read JOINT=CARRIER+CARRIER")
        for track in tracks.split("+"):
            out[CarrierId(track)] = CarrierId(joint)
    return out


def _family(cells: Cells) -> CorridorFamily:
    crossings = []
    for part in cells.parts("crossings"):
        start, arrow, end = part.partition(">")
        if not arrow:
            cells.fault("crossings", "not-a-crossing", "must read FROM>TO")
        crossings.append(frozenset((start, end)))
    return CorridorFamily(
        id=cells.text("id"),
        name=cells.text("name"),
        priority=cells.whole("priority"),
        countries=frozenset(cells.parts("countries")),
        modes=frozenset(cells.parts("modes")),
        crossings=frozenset(crossings),
        services=frozenset(cells.parts("services")),
        units=_units(cells),
    )


def _performance(cells: Cells) -> PerformanceRow:
    return PerformanceRow(
        id=cells.text("id"),
        activity=cells.text("activity"),
        place=cells.text("place") or ANY,
        country=cells.text("country") or ANY,
        mode_from=cells.text("mode_from") or ANY,
        mode_to=cells.text("mode_to") or ANY,
        kind=HoursKind(cells.text("kind")),
        basis=cells.text("basis"),
        value_h=cells.maybe_number("value_h"),
        low_h=cells.maybe_number("low_h"),
        high_h=cells.maybe_number("high_h"),
        cv=cells.maybe_number("cv"),
        as_of=cells.day("as_of"),
        fact=cells.parts("fact"),
        source=cells.parts("source"),
        estimate=cells.flag("estimate"),
        note=cells.text("note"),
    )


def _weather(cells: Cells) -> WeatherRow:
    shares = tuple(cells.number(f"closed_{month}_percent") / 100 for month in MONTHS)
    for month, share in zip(MONTHS, shares, strict=True):
        if not 0 <= share <= 1:
            cells.fault(f"closed_{month}_percent", "not-a-share", "must be from 0 to 100")
    median, p95 = cells.number("length_median_h"), cells.number("length_p95_h")
    if not 0 < median < p95:
        cells.fault("length_p95_h", "not-a-quantile", "must be above the median, both above 0")
        median, p95 = 1.0, 2.0
    return WeatherRow(
        id=cells.text("id"),
        places=cells.parts("places"),
        closed_share=shares,
        duration=closure_duration(median, p95),
        fact=cells.parts("fact"),
        source=cells.parts("source"),
        estimate=cells.flag("estimate"),
    )


def _factor(cells: Cells) -> CommonFactor:
    columns = ("low_percent", "share_percent", "high_percent")
    low, share, high = (cells.number(column) / 100 for column in columns)
    if not 0 <= low <= share <= high <= 1:
        cells.fault("share_percent", "not-a-share", "must be from low to high, within 0 to 100")
        low = share = high = 0.0
    days = cells.whole("period_days")
    if days < 1:
        cells.fault("period_days", "not-a-period", "must be a day or more")
        days = 1
    return CommonFactor(
        id=cells.text("id"),
        name=cells.text("name"),
        kind=FactorKind(cells.text("kind")),
        places=cells.parts("places"),
        share=share,
        share_low=low,
        share_high=high,
        period_days=days,
        fact=cells.parts("fact"),
        source=cells.parts("source"),
        estimate=cells.flag("estimate"),
        note=cells.text("note"),
    )
