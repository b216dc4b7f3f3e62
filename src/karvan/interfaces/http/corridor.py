"""The corridor to look at: network as GeoJSON, services, departures of a place, names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response

from karvan.interfaces.departures import departures_from
from karvan.interfaces.http.corridor_schemas import DeparturePage, Names, ServicePage
from karvan.interfaces.http.desk import Desk
from karvan.interfaces.http.reading import DeskOf, Limit, Offset, kept, page, problems
from karvan.interfaces.json_text import render_json
from karvan.network.links import Link
from karvan.network.network import Network
from karvan.network.patterns import ScheduledService
from karvan.services.courses import Courses
from karvan.services.drawing import LOOK_OF, Look
from karvan.services.quoting.told_names import carrier_names, place_names
from karvan.services.words import tell_message

GEOJSON: Final = "application/geo+json"
_AFLOAT: Final = (Look.SEA, Look.FERRY)

router = APIRouter()


@router.get(
    "/v1/network",
    tags=["network"],
    response_class=Response,
    responses={
        200: {
            "description": "A FeatureCollection of places and of links, one for both directions.",
            "content": {GEOJSON: {"schema": {"type": "object"}}},
        },
        304: {"description": "It is the one named in If-None-Match."},
    },
)
def show_network(desk: DeskOf, request: Request) -> Response:
    """Give the network as GeoJSON (RFC 7946), for drawing.

    A line on land is a great circle and not the course of the track.
    """
    network = desk.published.network
    courses: Courses | None = request.app.state.courses
    names = place_names(network)
    places: list[Mapping[str, object]] = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [place.lon_deg, place.lat_deg]},
            "properties": {
                "feature": "place",
                "id": place.id,
                "name": names[place.id],
                "kind": place.kind.value,
                "country": place.country,
                "status": place.status.value,
                "facilities": sorted(facility.value for facility in place.facilities),
            },
        }
        for place in network.places.values()
    ]
    links = list(_links(network, courses))
    return kept(request, {"type": "FeatureCollection", "features": links + places}, GEOJSON)


def _links(network: Network, courses: Courses | None) -> Iterator[Mapping[str, object]]:
    drawn: set[str] = set()
    for _, link in sorted(network.links.items()):
        if link.reverse_of in drawn:
            continue
        drawn.add(link.id)
        yield {
            "type": "Feature",
            "geometry": _geometry(network, link, courses),
            "properties": {
                "feature": "link",
                "id": link.id,
                "from": link.from_place,
                "to": link.to_place,
                "mode": link.mode.value,
                "look": LOOK_OF[link.mode].value,
                "length_km": round(link.length_km, 1),
                "status": link.status.value,
                "operator": link.operator,
            },
        }


def _geometry(network: Network, link: Link, courses: Courses | None) -> Mapping[str, object]:
    start, end = network.places[link.from_place], network.places[link.to_place]
    if courses is None:
        ends = [[start.lon_deg, start.lat_deg], [end.lon_deg, end.lat_deg]]
        return {"type": "LineString", "coordinates": ends}
    pieces = courses.course(start, end, afloat=LOOK_OF[link.mode] in _AFLOAT)
    return {"type": "MultiLineString", "coordinates": [list(map(list, piece)) for piece in pieces]}


@router.get("/v1/names", tags=["network"], response_model=Names)
def show_names(desk: DeskOf, request: Request) -> Response:
    """Give the names that stand behind the ids of an answer: carriers and corridor families."""
    network = desk.published.network
    names = {
        "carriers": carrier_names(network),
        "corridors": {family.id: tell_message(family.name) for family in network.families},
        "services": {service.id: service.name for service in network.services.values()},
    }
    return kept(request, names)


@router.get(
    "/v1/services",
    tags=["network"],
    response_model=ServicePage,
    responses=problems(e404="No place has this id, code or name.", e422="A parameter is wrong."),
)
def list_services(
    desk: DeskOf,
    place: Annotated[str, Query(max_length=100, description="Only those that call here.")] = "",
    mode: Annotated[str, Query(max_length=40, description="Only those of this mode.")] = "",
    limit: Limit = 50,
    offset: Offset = 0,
) -> Response:
    """List the scheduled services."""
    members = _members(desk, place)
    found = [
        _service(service)
        for _, service in sorted(desk.published.network.services.items())
        if (not members or members & set(service.boarding_calls))
        and mode in ("", service.mode.value)
    ]
    parameters = {"place": place, "mode": mode}
    return _json(page(found, "/v1/services", parameters, limit, offset))


def _members(desk: Desk, place: str) -> set[str]:
    return set(desk.places.get(place).members) if place else set()


def _service(service: ScheduledService) -> Mapping[str, object]:
    return {
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


@router.get(
    "/v1/places/{id}/departures",
    tags=["places"],
    response_model=DeparturePage,
    responses=problems(e404="No place has this id, code or name.", e422="A parameter is wrong."),
)
def list_departures(
    desk: DeskOf,
    id_: Annotated[str, Path(alias="id", max_length=100)],
    days: Annotated[int, Query(ge=1, le=60)] = 14,
    limit: Limit = 50,
    offset: Offset = 0,
) -> Response:
    """List the departures from a place or city in the days to come, by time."""
    named = desk.places.get(id_)
    found = departures_from(desk.published.network, named.members, desk.clock(), days)
    path = f"/v1/places/{named.id}/departures"
    return _json(page(found, path, {"days": days}, limit, offset))


def _json(value: object) -> Response:
    return Response(render_json(value), media_type="application/json")
