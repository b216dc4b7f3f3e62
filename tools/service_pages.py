"""The pages of services that tools/place_pages.py writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from karvan.network.network import Network
from karvan.network.patterns import WEEKDAYS, ScheduledService
from karvan.network.timetable import Departure, departures
from place_words import MADE_BY, estimated, link_to, origin, table

#: From here hours and departures are told, so that the pages do not change by the day.
AS_OF = date(2026, 12, 1)
DEPARTURES = 5


def pages_of(services: Iterable[ScheduledService]) -> dict[str, str]:
    """Give each service the id its page is named by: that of the first of the two directions."""
    first: dict[tuple[object, ...], str] = {}
    pages = {}
    for service in services:
        there = tuple(call.place for call in service.calls)
        both = min(there, there[::-1])
        pages[str(service.id)] = first.setdefault(
            (service.operator, service.mode, both), str(service.id)
        )
    return pages


def service_files(network: Network) -> dict[str, str]:
    """Give the pages of services and their index, by path below docs/reference."""
    pages = pages_of(network.services.values())
    shared: dict[str, list[ScheduledService]] = defaultdict(list)
    for service in network.services.values():
        shared[pages[service.id]].append(service)
    dated: dict[str, list[Departure]] = defaultdict(list)
    for departure in departures(network.services.values(), network.places, AS_OF):
        dated[departure.service].append(departure)
    files = {f"services/{page}.md": _page(network, both, dated) for page, both in shared.items()}
    return {**files, "services/index.md": _index(shared)}


def headway(service: ScheduledService) -> str:
    """Tell how often a service leaves."""
    if service.headway_h is None:
        days = ", ".join(WEEKDAYS[day].capitalize() for day in service.days)
        return f"{days} {service.departs_local:%H:%M}" + estimated(service)
    text = f"every {service.headway_h:g} h"
    if service.headway_low_h is not None and service.headway_high_h is not None:
        text += f" ({service.headway_low_h:g}-{service.headway_high_h:g})"
    return text + estimated(service)


def _page(
    network: Network, both: Sequence[ScheduledService], dated: Mapping[str, list[Departure]]
) -> str:
    lines = [f"# {both[0].name}\n", MADE_BY]
    for service in both:
        lines += [f"\n## `{service.id}`\n", f"{service.name}; {service.status}."]
        if service.note:
            lines.append(f"Note: {service.note}.")
        source = origin(service)
        rows = [
            ("Operator", network.carriers[service.operator].name, source),
            ("Mode", service.mode.replace("_", " "), source),
            ("Departures", headway(service), source),
            ("Cut-off", f"{service.cutoff_h:g} h before departure", source),
        ]
        if service.capacity is not None:
            what = f"{service.capacity:g} {service.capacity_unit} a departure"
            rows.append(("Capacity", what, source))
        calls = ", ".join(
            link_to(f"../places/{call.place}.md", network.places[call.place].name)
            + ("" if call.boards else " (passed)")
            for call in service.calls
        )
        lines += ["", table(("", "", "Source"), rows), f"\nCalls: {calls}."]
        lines += _first(network, service, dated.get(service.id, [])[:DEPARTURES])
    return "\n".join(lines) + "\n"


def _first(
    network: Network, service: ScheduledService, first: Sequence[Departure]
) -> Iterator[str]:
    if not first:
        return
    zone = network.places[service.calls[0].place].time_zone
    kind = "nominal, from the headway" if first[0].nominal else "published"
    yield f"\nFirst departures from {AS_OF} on ({kind}; clock of {zone}):\n"
    for departure in first:
        instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=departure.departs_min)
        yield f"- `{departure.id}` {instant.astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M}"


def _index(shared: Mapping[str, Sequence[ScheduledService]]) -> str:
    count = sum(map(len, shared.values()))
    lines = ["# Services\n", MADE_BY, f"\n{count} services on {len(shared)} pages."]
    by_mode: dict[str, list[str]] = defaultdict(list)
    for page, both in shared.items():
        by_mode[both[0].mode.replace("_", " ")].append(page)
    for mode in sorted(by_mode):
        lines.append(f"\n## {mode.capitalize()}\n")
        rows = []
        for page in sorted(by_mode[mode]):
            one = shared[page][0]
            rows.append((link_to(f"{page}.md", one.name), headway(one), one.status, origin(one)))
        lines.append(table(("Service", "Departures", "Status", "Source"), rows))
    return "\n".join(lines) + "\n"
