"""What is closed: the state of places, and closures with their versions."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from karvan.interfaces.http.reading import DeskOf, Limit, Offset, page, problems
from karvan.interfaces.http.situation_schemas import (
    ClosurePage,
    ClosureVersions,
    SituationShown,
)
from karvan.interfaces.json_text import render_json
from karvan.services.situation.reading import find_closure
from karvan.services.situation.states import closure_json, situation_json

router = APIRouter()

ClosureId = Annotated[str, Path(alias="id", max_length=200)]
_STORE = {"e503": "The store cannot be read now."}


@router.get(
    "/v1/situation",
    tags=["situation"],
    response_model=SituationShown,
    responses=problems(**_STORE) | {304: {"description": "It is the one named in If-None-Match."}},
)
def show_situation(desk: DeskOf, request: Request) -> Response:
    """Tell what is closed or restricted now, why, since when, and when it may open again.

    Everything that is not named is as the tables say. The ETag is weak: it changes with what is
    closed and with the whole hours left, not with `as_of`.
    """
    found = situation_json(desk.published.network, desk.known(), desk.clock())
    lasting = render_json({**found, "as_of": ""})
    etag = f'W/"{hashlib.sha256(lasting.encode()).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(render_json(found), media_type="application/json", headers=headers)


@router.get(
    "/v1/closures",
    tags=["situation"],
    response_model=ClosurePage,
    responses=problems(e422="A parameter is wrong.", **_STORE),
)
def list_closures(
    desk: DeskOf,
    all_: Annotated[bool, Query(alias="all", description="Those that are over as well.")] = False,
    limit: Limit = 50,
    offset: Offset = 0,
) -> Response:
    """List closures in their last version, by id."""
    now, network = desk.clock(), desk.published.network
    found = [
        closure_json(network, each, now)
        for each in desk.known().closures.values()
        if all_ or not each.is_over(now)
    ]
    parameters = {"all": "true"} if all_ else {}
    return _json(page(found, "/v1/closures", parameters, limit, offset))


@router.get(
    "/v1/closures/{id}",
    tags=["situation"],
    response_model=ClosureVersions,
    responses=problems(e404="No closure has this id.", e422="A parameter is wrong.", **_STORE),
)
def show_closure(desk: DeskOf, id_: ClosureId) -> Response:
    """Show every version of a closure, the oldest first: who entered what, when and why."""
    entries = desk.known().entries
    chosen = find_closure(entries, id_).id
    now, network = desk.clock(), desk.published.network
    items = [closure_json(network, each, now) for each in entries if each.id == chosen]
    return _json({"id": chosen, "items": items})


def _json(value: object) -> Response:
    return Response(render_json(value), media_type="application/json")
