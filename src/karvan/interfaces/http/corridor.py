"""The corridor to look at: network as GeoJSON, services, departures of a place, names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response

from karvan.interfaces.http.corridor_schemas import DeparturePage, Names, ServicePage
from karvan.interfaces.http.desk import Desk
from karvan.interfaces.http.geometry import line, point
from karvan.interfaces.http.reading import (
    GEOJSON,
    SAME,
    DeskOf,
    Limit,
    Offset,
    kept,
    page,
    problems,
)
from karvan.network.network import Network
from karvan.network.patterns import ScheduledService
from karvan.services.courses import Courses
from karvan.services.drawing import LOOK_OF, Look
from karvan.services.quoting.told_names import carrier_names, place_names
from karvan.services.words import tell_message

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
        **SAME,
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
            "geometry": point(place),
            "properties": {
                "feature": "place",
                "id": place.id,
                "name": names[place.id],
                "kind": place.kind.value,
                "country": place.country,
                "status": place.status.value,
                "time_zone": place.time_zone,
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
        ends = network.places[link.from_place], network.places[link.to_place]
        look = LOOK_OF[link.mode]
        yield {
            "type": "Feature",
            "geometry": line(ends, courses, afloat=look in _AFLOAT),
            "properties": {
                "feature": "link",
                "id": link.id,
                "from": link.from_place,
                "to": link.to_place,
                "mode": link.mode.value,
                "look": look.value,
                "length_km": round(link.length_km, 1),
                "status": link.status.value,
                "operator": link.operator,
            },
        }


@router.get("/v1/names", tags=["network"], response_model=Names, responses=SAME)
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
    responses=SAME
    | problems(e404="No place has this id, code or name.", e422="A parameter is wrong."),
)
def list_services(
    desk: DeskOf,
    request: Request,
    place: Annotated[str, Query(max_length=100, description="Only those that call here.")] = "",
    mode: Annotated[str, Query(max_length=40, description="Only those of this mode.")] = "",
    carrier: Annotated[str, Query(max_length=40, description="Only those of this carrier.")] = "",
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
        and carrier in ("", service.operator)
    ]
    parameters = {"place": place, "mode": mode, "carrier": carrier}
    return kept(request, page(found, "/v1/services", parameters, limit, offset))


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
    responses=SAME
    | problems(e404="No place has this id, code or name.", e422="A parameter is wrong."),
)
def list_departures(
    desk: DeskOf,
    request: Request,
    id_: Annotated[str, Path(alias="id", max_length=100)],
    days: Annotated[int, Query(ge=1, le=60)] = 14,
    limit: Limit = 50,
    offset: Offset = 0,
) -> Response:
    """List the departures from a place or city in the days to come, by time."""
    named = desk.places.get(id_)
    found = desk.departures(named.members, desk.clock(), days)
    path = f"/v1/places/{named.id}/departures"
    return kept(request, page(found, path, {"days": days}, limit, offset))
