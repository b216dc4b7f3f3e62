"""One alternative of a stored quote, as lines and points to draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response

from karvan.domain.errors import NotFound
from karvan.interfaces.http.geometry import line, point
from karvan.interfaces.http.reading import GEOJSON, SAME, DeskOf, kept_text, problems
from karvan.interfaces.json_text import render_json
from karvan.network.links import Mode
from karvan.network.network import Network
from karvan.network.places import Place, PlaceId
from karvan.services.courses import Courses
from karvan.services.drawing import LOOK_OF, Look

Json = Mapping[str, Any]

_AFLOAT: Final = (Look.SEA, Look.FERRY)
#: What a leg tells of itself, beside its look.
_TOLD: Final = (
    "mode",
    "from",
    "to",
    "via",
    "carrier",
    "service",
    "departure_id",
    "nominal",
    "departs_at",
    "arrives_at",
    "distance_km",
    "co2e_kg",
)

router = APIRouter()


@router.get(
    "/v1/quotes/{id}/itineraries/{n}",
    tags=["quotes"],
    response_class=Response,
    responses={
        200: {
            "description": "A FeatureCollection: a line for each leg, a point for each place.",
            "content": {GEOJSON: {"schema": {"type": "object"}}},
        },
        **SAME,
        **problems(
            e404="No stored quote has this id, or it has no such alternative.",
            e422="The id or the number cannot be right.",
            e500="The stored quote is damaged.",
            e503="The store cannot be read now.",
        ),
    },
)
def show_itinerary(
    desk: DeskOf,
    request: Request,
    id_: Annotated[str, Path(alias="id", max_length=40)],
    n: Annotated[int, Path(ge=1, le=1_000, description="Rank of the alternative, from 1.")],
) -> Response:
    """Give one alternative of a stored quote as GeoJSON (RFC 7946), for drawing.

    A leg runs over the places it calls at: a ship keeps off the land, a line on land is a great
    circle and not the course of the track. A place that today's network no longer has is told
    without a geometry.
    """
    stored = desk.stored(id_)
    answer: Json = stored.body
    ranked = {each["rank"]: each for each in answer["alternatives"]}
    if n not in ranked:
        raise NotFound(
            "the quote has no such alternative", quote_id=stored.quote_id, alternatives=len(ranked)
        )
    chosen: Json = ranked[n]
    courses: Courses | None = request.app.state.courses
    network = desk.published.network
    features = [*_legs(network, chosen["legs"], courses), *_places(network, chosen["legs"])]
    collection = {
        "type": "FeatureCollection",
        "quote_id": stored.quote_id,
        "rank": n,
        "labels": chosen["labels"],
        "corridor": chosen["corridor"],
        "features": features,
    }
    return kept_text(request, render_json(collection), GEOJSON)


def _legs(network: Network, legs: Sequence[Json], courses: Courses | None) -> Iterator[Json]:
    for number, leg in enumerate(legs, 1):
        stops = _stops(network, leg)
        look = LOOK_OF[Mode(leg["mode"])]
        yield {
            "type": "Feature",
            "geometry": None
            if None in stops
            else line([each for each in stops if each], courses, afloat=look in _AFLOAT),
            "properties": {
                "feature": "leg",
                "leg": number,
                "look": look.value,
                **{name: leg[name] for name in _TOLD},
            },
        }


def _places(network: Network, legs: Sequence[Json]) -> Iterator[Json]:
    """The ends of the legs, in the order of the way, each once."""
    ids = dict.fromkeys([leg[end] for leg in legs for end in ("from", "to")])
    for place_id in ids:
        place = network.places.get(PlaceId(place_id))
        yield {
            "type": "Feature",
            "geometry": None if place is None else point(place),
            "properties": {
                "feature": "place",
                "id": place_id,
                "name": place_id if place is None else place.name,
                "country": None if place is None else place.country,
            },
        }


def _stops(network: Network, leg: Json) -> list[Place | None]:
    ids = [leg["from"], *leg["via"], leg["to"]]
    return [network.places.get(PlaceId(each)) for each in ids]
