"""Places as both interfaces tell them: found by any name, described with what binds there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from karvan.network.links import Mode
from karvan.network.network import Network
from karvan.network.performance import ANY, GATE, PerformanceRow
from karvan.network.places import CityId, CodeScheme, Facility, Place, PlaceId
from karvan.services.quoting.gazetteer import Gazetteer, Named, fold

Json = Mapping[str, object]


class PlaceBook:
    """Finds and describes the places and cities of one network; `gazetteer` is the network's."""

    def __init__(self, network: Network, gazetteer: Gazetteer | None = None) -> None:
        self._network = network
        self._gazetteer = gazetteer or Gazetteer(network)
        self._names: dict[str, list[str]] = {}
        for named in self._gazetteer.known.values():
            self._names[named.id] = [named.id, named.name]
        for code in network.codes:
            if code.place in self._names and code.scheme is not CodeScheme.OIL:
                self._names[code.place].append(code.code)
        self._languages: dict[str, dict[str, str]] = {}
        for name in network.names:
            if name.place in self._names:
                self._names[name.place].append(name.name)
                self._languages.setdefault(name.place, {})[name.language] = name.name

    def get(self, text: str) -> Named:
        """Find by id, code or name; raises `UnknownPlace` with suggestions."""
        return self._gazetteer.get(text)

    def found(self, query: str) -> Sequence[Json]:
        """Places whose id, code or any name begins with or holds the query; all without one."""
        return [self.summary(place) for place in self._ranked(query)]

    def _ranked(self, query: str) -> Sequence[str]:
        key = fold(query)
        ranked = []
        for place, names in self._names.items():
            folded = [fold(name) for name in names]
            if key in folded:
                rank = 0
            elif any(name.startswith(key) for name in folded):
                rank = 1
            elif any(key in name for name in folded):
                rank = 2
            else:
                continue
            ranked.append((rank, place))
        return [place for _, place in sorted(ranked)]

    def summary(self, name: str) -> Json:
        """A place or city in one line of a list."""
        city = self._network.cities.get(CityId(name))
        if city is not None:
            return {
                "id": city.id,
                "name": city.name,
                "kind": "city",
                "country": city.country,
                "members": list(city.members),
                "names": self._languages.get(city.id, {}),
            }
        place = self._network.places[PlaceId(name)]
        return {
            "id": place.id,
            "name": place.name,
            "kind": place.kind.value,
            "country": place.country,
            "members": [],
            "names": self._languages.get(place.id, {}),
        }

    def describe(self, name: str) -> Json:
        """Everything the tables say about a place, or about a city and its members."""
        codes = [
            {"scheme": code.scheme.value, "code": code.code, "status": code.status.value}
            for code in self._network.codes
            if code.place == name
        ]
        city = self._network.cities.get(CityId(name))
        if city is not None:
            return {
                **self.summary(name),
                "codes": codes,
                "note": city.note,
                "source": list(city.source),
                "places": [self.describe(member) for member in city.members],
            }
        place = self._network.places[PlaceId(name)]
        return {
            **self.summary(name),
            "codes": codes,
            "status": place.status.value,
            "lat_deg": place.lat_deg,
            "lon_deg": place.lon_deg,
            "gauges_mm": list(place.gauges),
            "customs_territory": place.customs_territory,
            "time_zone": place.time_zone,
            "facilities": sorted(facility.value for facility in place.facilities),
            "note": place.note,
            "source": list(place.source),
            "estimate": place.estimate,
            "links": list(self._links(place.id)),
            "activities": [_activity(row) for row in self._binding(place)],
            "services": list(self._services(place.id)),
        }

    def _links(self, place: PlaceId) -> Iterator[Json]:
        for _, link in sorted(self._network.links.items()):
            if link.from_place == place:
                yield {
                    "id": link.id,
                    "to": link.to_place,
                    "to_name": self._network.places[link.to_place].name,
                    "mode": link.mode.value,
                    "length_km": round(link.length_km, 1),
                    "running_h": None if link.running_h is None else round(link.running_h, 1),
                    "status": link.status.value,
                    "operator": link.operator,
                    "source": list(link.source),
                    "estimate": link.estimate,
                }

    def _binding(self, place: Place) -> Iterator[PerformanceRow]:
        """Rows of the performance table that bind at the place, each once."""
        seen = set()
        for activity, mode_from, mode_to in self._acts(place):
            row = self._network.performance.find(
                activity,
                place=place.id,
                country=place.country,
                mode_from=mode_from,
                mode_to=mode_to,
            )
            if row is not None and row.id not in seen:
                seen.add(row.id)
                yield row

    def _acts(self, place: Place) -> Iterator[tuple[str, str, str]]:
        """What can happen here: activity, arriving mode, departing mode."""
        modes = sorted(
            {
                service.mode.value
                for service in self._network.services.values()
                if any(call.place == place.id for call in service.calls)
            }
        )
        crossed = place.facilities & {Facility.BORDER, Facility.SEAPORT}
        for mode in modes:
            if Facility.GAUGE_CHANGE in place.facilities and mode == Mode.RAIL.value:
                yield "gauge-change", mode, ANY
            for activity in ("border-exit", "border-entry") if crossed else ():
                ship = mode not in (Mode.RAIL.value, Mode.ROAD.value)
                if ship or Facility.BORDER in place.facilities:
                    yield activity, mode, ANY
        boarded = [mode for mode in modes if self._boards(place.id, mode)]
        for mode in boarded:
            yield "transfer", GATE, mode
            yield "transfer", mode, GATE
        for mode_from in boarded:
            for mode_to in boarded:
                yield "transfer", mode_from, mode_to

    def _boards(self, place: PlaceId, mode: str) -> bool:
        services = self._network.services.values()
        return any(s.mode.value == mode and place in s.boarding_calls for s in services)

    def _services(self, place: PlaceId) -> Iterator[Json]:
        for _, service in sorted(self._network.services.items()):
            if place in service.boarding_calls:
                yield {
                    "id": service.id,
                    "name": service.name,
                    "carrier": service.operator,
                    "mode": service.mode.value,
                    "status": service.status.value,
                    "headway_h": service.headway_h,
                    "calls": list(service.boarding_calls),
                    "source": list(service.source),
                    "estimate": service.estimate,
                }


def _activity(row: PerformanceRow) -> Json:
    binds = next((at for at in (row.place, row.country) if at != ANY), "everywhere")
    return {
        "id": row.id,
        "activity": row.activity,
        "binds": binds,
        "mode_from": row.mode_from,
        "mode_to": row.mode_to,
        "basis": row.basis,
        "value_h": row.value_h,
        "low_h": row.low_h,
        "high_h": row.high_h,
        "cv": row.cv,
        "source": list(row.source),
        "estimate": row.estimate,
    }
