"""Places and cities: found by any of their names, and shown."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from karvan.interfaces.http.reading import JSON, SAME, DeskOf, Limit, Offset, kept, page, problems
from karvan.interfaces.http.schemas import PlacePage

router = APIRouter(tags=["places"])


@router.get(
    "/v1/places",
    response_model=PlacePage,
    responses=problems(e422="A parameter cannot be right.") | SAME,
)
def list_places(
    desk: DeskOf,
    request: Request,
    query: Annotated[
        str, Query(max_length=100, description="Begin or part of an id, code or name.")
    ] = "",
    country: Annotated[
        str, Query(pattern="^([A-Z]{2})?$", description="Only of this country, ISO 3166-1.")
    ] = "",
    kind: Annotated[str, Query(max_length=40, description="Only `city`, `port` ...")] = "",
    limit: Limit = 20,
    offset: Offset = 0,
) -> Response:
    """Find places and cities by id, UN/LOCODE, station code or name in any language known."""
    found = [
        each
        for each in desk.places.found(query)
        if country in ("", each["country"]) and kind in ("", each["kind"])
    ]
    given = {"query": query, "country": country, "kind": kind}
    return kept(request, page(found, "/v1/places", given, limit, offset))


@router.get(
    "/v1/places/{id}",
    response_class=Response,
    responses={
        200: {"description": "The place.", "content": {JSON: {"schema": {"type": "object"}}}},
        **SAME,
        **problems(e404="No place has this id, code or name.", e422="The id cannot be right."),
    },
)
def show_place(
    desk: DeskOf, request: Request, id_: Annotated[str, Path(alias="id", max_length=100)]
) -> Response:
    """Show a place or city: codes, links out, dwell times with source, services that call."""
    return kept(request, desk.places.describe(desk.places.get(id_).id))
