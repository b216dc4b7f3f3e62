"""Write a page per place and per service, docs/reference/places and docs/reference/services.

    python tools/place_pages.py            write the pages, remove those of what is gone
    python tools/place_pages.py --check    fail when a page is stale, missing or too many

Made from the same tables the program reads. A service and the one that runs it backwards share
a page. Every figure has its source; what is an estimate says so.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from karvan.adapters.files.published import load_published
from karvan.network.links import Link
from karvan.network.network import Network
from karvan.network.opening_hours import HoursActivity, describe_hours, rows_of_day
from karvan.network.patterns import ScheduledService
from karvan.network.performance import GATE, PerformanceRow
from karvan.network.place_names import names_of
from karvan.network.places import City, Facility, Place, PlaceId
from place_words import COUNTRIES, LANGUAGES, MADE_BY, link_to, origin, table, unit
from service_pages import AS_OF, headway, pages_of, service_files

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Pages:
    """Everything the pages are made from, looked up once."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.links: dict[PlaceId, list[Link]] = defaultdict(list)
        for link in network.links.values():
            self.links[link.from_place].append(link)
        self.page_of = pages_of(network.services.values())
        self.calls: dict[PlaceId, list[ScheduledService]] = defaultdict(list)
        for service in network.services.values():
            for call in service.calls:
                self.calls[call.place].append(service)

    def files(self) -> dict[str, str]:
        """Give every page by its path below docs/reference."""
        places = {f"places/{p.id}.md": self.place(p) for p in self.network.places.values()}
        return {**places, **service_files(self.network), "places/index.md": self.index()}

    def place(self, place: Place) -> str:
        """Write the page of a place."""
        country = COUNTRIES.get(place.country, place.country)
        kind = place.kind.value.replace("_", " ")
        lines = [f"# {place.name}\n", MADE_BY, f"\n`{place.id}`, {kind} in {country}"]
        lines[-1] += "." if place.status.value == "open" else f", {place.status}."
        if place.note:
            lines[-1] += f" Note: {place.note}."
        cities = [c.name for c in self.network.cities.values() if place.id in c.members]
        if cities:
            lines.append(f"\nMember of the city {', '.join(cities)}.")
        lines += ["\n## Names\n", self._names(place), self._codes(place)]
        lines += ["\n## Facts\n", self._facts(place), *self._hours(place), *self._times(place)]
        lines += [*self._links(place), *self._services(place)]
        return "\n\n".join(block.strip("\n") for block in lines if block) + "\n"

    def _names(self, place: Place | City) -> str:
        names = names_of(place.id, self.network.names)
        order = sorted(names, key=lambda code: ("en", "ru").index(code) if code in "en ru" else 2)
        rows = [
            (LANGUAGES.get(code, code), names[code].name, origin(names[code])) for code in order
        ]
        return table(("Language", "Name", "Source"), rows)

    def _codes(self, place: Place) -> str:
        codes = [code for code in self.network.codes if code.place == place.id]
        rows = [
            (code.scheme.value.replace("unlocode", "UN/LOCODE"), f"`{code.code}`", code.status)
            for code in codes
            if code.scheme.value != "alias"
        ]
        also = sorted(code.code for code in codes if code.scheme.value == "alias")
        told = f"\n\nAlso found as: {', '.join(also)}." if also else ""
        return (f"\n{table(('Code', '', 'Status'), rows)}" if rows else "") + told

    def _facts(self, place: Place) -> str:
        where, assumed = origin(place), "own-knowledge"
        gauges = ", ".join(f"{gauge} mm" for gauge in place.gauges)
        facilities = ", ".join(sorted(f.value.replace("_", " ") for f in place.facilities))
        north = f"{abs(place.lat_deg):.2f} {'N' if place.lat_deg >= 0 else 'S'}"
        east = f"{abs(place.lon_deg):.2f} {'E' if place.lon_deg >= 0 else 'W'}"
        rows = [
            ("Coordinates", f"{north}, {east}", where),
            ("Time zone", place.time_zone, assumed),
            ("Track gauge", gauges or "no railway known", where),
            ("Customs territory", place.customs_territory, assumed),
            ("Facilities", facilities or "none", "derived from kind, gauges and links"),
        ]  # fmt: skip
        return table(("", "", "Source"), rows)

    def _hours(self, place: Place) -> Iterator[str]:
        rows = []
        for activity in self._activities(place):
            where = (place.id, place.country, activity, AS_OF)
            told = describe_hours(self.network.hours, *where)
            for row, text in zip(rows_of_day(self.network.hours, *where), told, strict=True):
                rows.append((activity.replace("_", " by "), text, origin(row)))
        if rows:
            yield "\n## Opening hours\n"
            yield table(("What", "When", "Source"), rows)

    def _activities(self, place: Place) -> list[HoursActivity]:
        own = {row.activity for row in self.network.hours if row.place == place.id}
        at_the_border = {Facility.BORDER, Facility.SEAPORT} & place.facilities
        if Facility.CONTAINER in place.facilities and not at_the_border:
            own.add(HoursActivity.CUSTOMS)
        if Facility.SEAPORT in place.facilities:
            own.add(HoursActivity.PORT)
        if Facility.BORDER in place.facilities and Facility.RAIL in place.facilities:
            own.add(HoursActivity.BORDER_RAIL)
        if Facility.BORDER in place.facilities and Facility.ROAD in place.facilities:
            own.add(HoursActivity.BORDER_ROAD)
        return [activity for activity in HoursActivity if activity in own]

    def _times(self, place: Place) -> Iterator[str]:
        found = {row.id: row for row in self._rows(place) if row is not None}
        rows = [(_event(row), _hours_of(row), row.note, origin(row)) for row in found.values()]
        if rows:
            yield "\n## Times\n"
            yield "The rows of the performance table that hold here.\n"
            yield table(("What", "Hours", "Note", "Source"), rows)
        weather = self.network.performance.find_weather(place.id)
        if weather is not None:
            shares = [f"{100 * share:.0f}" for share in weather.closed_share]
            yield f"\nPercent of the time closed by weather ({origin(weather)}):\n"
            yield table(MONTHS, [shares])

    def _rows(self, place: Place) -> Iterator[PerformanceRow | None]:
        find, where = self.network.performance.find, (str(place.id), place.country)
        abroad = sorted(
            {
                link.mode.value
                for link in self.links[place.id]
                if self._territory(link.to_place) != place.customs_territory
            }
        )
        for mode in abroad:
            for activity in ("border-exit", "border-entry"):
                yield find(activity, place=where[0], country=where[1], mode_from=mode)
        if Facility.GAUGE_CHANGE in place.facilities:
            yield find("gauge-change", place=where[0], country=where[1])
        slot = find("slot", place=where[0], country=where[1], mode_from="rail")
        yield slot if slot is not None and slot.place == place.id else None
        boards = sorted(
            {s.mode.value for s in self.calls[place.id] if place.id in s.boarding_calls}
        )
        for first in (*boards, GATE) if boards else ():
            for second in (*boards, GATE):
                if first != second:
                    yield find("transfer", place=where[0], country=where[1],
                               mode_from=first, mode_to=second)  # fmt: skip

    def _territory(self, place: PlaceId) -> str:
        return self.network.places[place].customs_territory

    def _links(self, place: Place) -> Iterator[str]:
        rows = [
            (
                link_to(f"{link.to_place}.md", self.network.places[link.to_place].name),
                link.mode.value.replace("_", " "),
                f"{link.length_km:g}",
                "" if link.running_h is None else f"{link.running_h:g}",
                "" if link.capacity is None else f"{link.capacity:g} {unit(link.capacity_unit)}",
                link.operator,
                link.status.value,
                origin(link),
            )
            for link in sorted(self.links[place.id], key=lambda link: (link.mode, link.to_place))
        ]
        if rows:
            yield "\n## Links\n"
            head = ("To", "Mode", "km", "Hours", "Capacity", "Operator", "Status", "Source")
            yield table(head, rows)

    def _services(self, place: Place) -> Iterator[str]:
        rows = []
        for service in {service.id: service for service in self.calls[place.id]}.values():
            what = "calls" if place.id in service.boarding_calls else "passes"
            page = link_to(f"../services/{self.page_of[service.id]}.md", service.name)
            rows.append((page, service.mode.value.replace("_", " "), what, headway(service)))
        if rows:
            yield "\n## Services\n"
            yield table(("Service", "Mode", "Here", "Departures"), rows)

    def index(self) -> str:
        """Write the list of places by country."""
        lines = ["# Places\n", MADE_BY, f"\n{len(self.network.places)} places."]
        by_country: dict[str, list[Place]] = defaultdict(list)
        for place in self.network.places.values():
            by_country[COUNTRIES.get(place.country, place.country)].append(place)
        for country in sorted(by_country):
            lines.append(f"\n## {country}\n")
            rows = [
                (link_to(f"{p.id}.md", p.name), f"`{p.id}`", p.kind.value.replace("_", " "),
                 p.status.value)
                for p in sorted(by_country[country], key=lambda p: p.name)
            ]  # fmt: skip
            lines.append(table(("Place", "Id", "Kind", "Status"), rows))
        lines.append(
            "\n## Cities\n\nNames for several places; a quote ends at the member that suits.\n"
        )
        for city in self.network.cities.values():
            members = [link_to(f"{m}.md", self.network.places[m].name) for m in city.members]
            names = names_of(city.id, self.network.names).values()
            told = "; ".join(sorted({name.name for name in names}))
            lines.append(f"- {told} (`{city.id}`): {', '.join(members)}")
        return "\n".join(lines) + "\n"


def _event(row: PerformanceRow) -> str:
    modes = [mode.replace("_", " ") for mode in (row.mode_from, row.mode_to) if mode != "*"]
    return row.activity.replace("-", " ") + (f", {' to '.join(modes)}" if modes else "")


def _hours_of(row: PerformanceRow) -> str:
    if row.basis == "mean":
        return f"mean {row.value_h:g}, spread {row.cv:g}"
    return f"median {row.value_h:g} ({row.low_h:g}-{row.high_h:g})"


def differing(files: Mapping[str, str]) -> list[str]:
    """Name the pages that are stale, missing or belong to nothing."""
    there = {
        path.relative_to(REFERENCE).as_posix()
        for folder in ("places", "services")
        for path in (REFERENCE / folder).glob("*.md")
    }
    stale = {
        name
        for name, text in files.items()
        if name not in there or (REFERENCE / name).read_text(encoding="utf-8") != text
    }
    return sorted(stale | (there - files.keys()))


def main(arguments: list[str]) -> int:
    files = Pages(load_published().network).files()
    stale = differing(files)
    if "--check" in arguments:
        for name in stale:
            print(f"place_pages: docs/reference/{name} is stale; run python tools/place_pages.py",
                  file=sys.stderr)  # fmt: skip
        return 1 if stale else 0
    for name in stale:
        path = REFERENCE / name
        if name in files:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[name], encoding="utf-8")
        else:
            path.unlink()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
