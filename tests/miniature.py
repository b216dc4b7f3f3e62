"""A corridor small enough to work out by hand.

    CN-WST --1435-- CN-BRD ==both== KZ-BRD --1520-- KZ-PRT ~~ferry~~ AZ-PRT --1520-- GE-END

Two gauges, three customs borders on land or at sea, one ferry, made-up places.
"""

from __future__ import annotations

from datetime import date, time

from karvan.network.activities import HoursKind
from karvan.network.links import Link, LinkId, Mode
from karvan.network.patterns import Call, CarrierId, ScheduledService, ServiceId, ServiceStatus
from karvan.network.performance import Performance, PerformanceRow
from karvan.network.places import Place, PlaceId, PlaceKind

TERRITORY = {"CN": "CN", "KZ": "EAEU", "RU": "EAEU", "AZ": "AZ", "GE": "GE"}
ZONE = {
    "CN": "Asia/Shanghai",
    "KZ": "Asia/Almaty",
    "RU": "Europe/Moscow",
    "AZ": "Asia/Baku",
    "GE": "Asia/Tbilisi",
}

PLACES = {
    "CN-WST": (87.0, (1435,)),
    "CN-BRD": (82.5, (1435, 1520)),
    "KZ-BRD": (82.0, (1520, 1435)),
    "KZ-PRT": (51.2, (1520,)),
    "AZ-PRT": (49.4, (1520,)),
    "GE-END": (41.6, (1520,)),
    "RU-FAR": (50.0, (1520,)),
}

#: from, to, mode, km, hours, operator
LINES = (
    ("CN-WST", "CN-BRD", Mode.RAIL, 450.0, 10.0, "East Rail"),
    ("CN-BRD", "KZ-BRD", Mode.RAIL, 12.0, 0.4, "Steppe Rail"),
    ("KZ-BRD", "KZ-PRT", Mode.RAIL, 3000.0, 75.0, "Steppe Rail"),
    ("KZ-PRT", "AZ-PRT", Mode.FEEDER, 470.0, 20.0, "Ships"),
    ("AZ-PRT", "GE-END", Mode.RAIL, 900.0, 32.0, "Flame Rail"),
    ("KZ-PRT", "RU-FAR", Mode.RAIL, 1000.0, 25.0, "Steppe Rail"),
)

CARRIER_OF = {
    "East Rail": CarrierId("EAST"),
    "Steppe Rail": CarrierId("STEPPE"),
    "Flame Rail": CarrierId("FLAME"),
}


def place(name: str) -> Place:
    """One of the places, by id."""
    lon, gauges = PLACES[name]
    country = name[:2]
    return Place(
        id=PlaceId(name),
        name=name,
        country=country,
        kind=PlaceKind.RAIL_TERMINAL,
        lat_deg=43.0,
        lon_deg=lon,
        gauges=gauges,
        time_zone=ZONE[country],
        customs_territory=TERRITORY[country],
    )


def places() -> dict[PlaceId, Place]:
    """All places."""
    return {PlaceId(name): place(name) for name in PLACES}


def links() -> list[Link]:
    """All lines, both ways."""
    out = []
    for start, end, mode, km, hours, operator in LINES:
        for a, b in ((start, end), (end, start)):
            gauges = tuple(g for g in PLACES[a][1] if g in PLACES[b][1])
            out.append(
                Link(
                    id=LinkId(f"{a}--{b}:{mode.value}"),
                    from_place=PlaceId(a),
                    to_place=PlaceId(b),
                    mode=mode,
                    length_km=km,
                    running_h=hours,
                    gauges=gauges if mode is Mode.RAIL else (),
                    operator=operator,
                )
            )
    return out


def service(
    name: str,
    calls: str,
    *,
    mode: Mode = Mode.RAIL,
    headway_h: float | None = 48.0,
    days: tuple[int, ...] = (),
    departs_local: time | None = None,
    operator: str = "EAST",
    joint_rate: dict[CarrierId, CarrierId] | None = None,
    running_h: dict[tuple[PlaceId, PlaceId], float] | None = None,
    status: ServiceStatus = ServiceStatus.OPEN,
    months: tuple[int, ...] = (),
) -> ScheduledService:
    """A service; `calls` is text such as `CN-WST ~CN-BRD KZ-BRD`."""
    return ScheduledService(
        id=ServiceId(name),
        name=name,
        operator=CarrierId(operator),
        mode=mode,
        calls=tuple(
            Call(PlaceId(c.removeprefix("~")), not c.startswith("~")) for c in calls.split()
        ),
        headway_h=None if days else headway_h,
        headway_low_h=None,
        headway_high_h=None,
        headway_cv=None if days else 0.5,
        days=days,
        departs_local=departs_local,
        cutoff_h=6.0,
        running_h=running_h or {},
        joint_rate=joint_rate or {},
        valid_from=None,
        valid_to=None,
        months=months,
        as_of=date(2026, 11, 21),
        stale_after_months=24,
        status=status,
        capacity=None,
        capacity_unit="",
        fact=(),
        source=("assumed",),
        estimate=True,
        note="",
    )


def row(activity: str, value_h: float = 6.0, **where: str) -> PerformanceRow:
    """A performance row with a range around its median."""
    columns = {"place": "*", "country": "*", "mode_from": "*", "mode_to": "*"} | where
    return PerformanceRow(
        id=f"{activity}-{columns}",
        activity=activity,
        kind=HoursKind.WAITING,
        basis="median",
        value_h=value_h,
        low_h=value_h / 2,
        high_h=value_h * 2,
        cv=None,
        as_of=date(2026, 11, 21),
        fact=(),
        source=("assumed",),
        estimate=True,
        note="",
        **columns,
    )


def performance(*rows: PerformanceRow) -> Performance:
    """A table of these rows, without weather."""
    return Performance(rows, ())
