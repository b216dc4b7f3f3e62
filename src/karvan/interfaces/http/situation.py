"""What is closed: the state of places, and closures with their versions."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Protocol

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from karvan.domain.errors import Fault, InvalidRequest
from karvan.interfaces.http import access
from karvan.interfaces.http.body import parse_object, read_body
from karvan.interfaces.http.desk import Desk
from karvan.interfaces.http.once import PARAMETER, OnceOf
from karvan.interfaces.http.reading import JSON, DeskOf, Limit, Offset, page, problems
from karvan.interfaces.http.schemas import Model
from karvan.interfaces.http.situation_schemas import (
    ClosureBody,
    ClosurePage,
    ClosureVersions,
    CorrectionBody,
    EnteredShown,
    LiftBody,
    SituationShown,
)
from karvan.interfaces.json_text import render_json
from karvan.services.keys import Scope
from karvan.services.situation.entering import Entered
from karvan.services.situation.reading import find_closure
from karvan.services.situation.states import closure_json, situation_json

router = APIRouter()

#: Bodies that no signature names, for the OpenAPI document.
BODIES: Final[tuple[type[Model], ...]] = (ClosureBody, CorrectionBody, LiftBody)

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


_WRITES = {
    **access.TOLD,
    **_STORE,
    "e400": "The body is not one JSON object in UTF-8.",
    "e409": "Somebody else changed the closure first, or the idempotency key was used for "
    "something else.",
    "e413": "The body is too long.",
    "e415": "The body is not application/json.",
    "e422": "The closure has faults; all of them are named.",
}
Actor = Annotated[str, Depends(access.writer(Scope.CLOSURES))]
Body = Annotated[bytes, Depends(read_body)]


def _takes(model: type[Model], example: Mapping[str, object]) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    content = {JSON: {"schema": schema, "example": dict(example)}}
    return {"parameters": [PARAMETER], "requestBody": {"required": True, "content": content}}


@router.post(
    "/v1/closures",
    tags=["situation"],
    response_model=EnteredShown,
    responses=problems(**_WRITES),
    openapi_extra=_takes(
        ClosureBody,
        {"target": "KZ-AKT", "until_low": "2026-12-04", "until_high": "2026-12-06"},
    ),
)
def add_closure(actor: Actor, body: Body, desk: DeskOf, once: OnceOf) -> Response:
    """Close or restrict something; with `dry_run` only say what that would touch.

    The next quote sees it, here and on every other program with the same database.
    """

    def make_entry(fields: Mapping[str, object], now: datetime, *, dry_run: bool) -> Entered:
        return desk.closing().begin(fields, now, actor, dry_run=dry_run)

    return once.answer(lambda: _enter(desk, body, make_entry), caller=actor)


@router.post(
    "/v1/closures/{id}/correct",
    tags=["situation"],
    response_model=EnteredShown,
    responses=problems(e404="No closure has this id.", **_WRITES),
    openapi_extra=_takes(CorrectionBody, {"until_high": "2026-12-08"}),
)
def correct_closure(
    actor: Actor, id_: ClosureId, body: Body, desk: DeskOf, once: OnceOf
) -> Response:
    """Correct a closure by a new version; what is not named stays as it was."""

    def make_entry(fields: Mapping[str, object], now: datetime, *, dry_run: bool) -> Entered:
        return desk.closing().correct(id_, fields, now, actor, dry_run=dry_run)

    return once.answer(lambda: _enter(desk, body, make_entry), caller=actor)


@router.post(
    "/v1/closures/{id}/lift",
    tags=["situation"],
    response_model=EnteredShown,
    responses=problems(e404="No closure has this id.", **_WRITES),
    openapi_extra=_takes(LiftBody, {"note": "the wind is down"}),
)
def lift_closure(actor: Actor, id_: ClosureId, body: Body, desk: DeskOf, once: OnceOf) -> Response:
    """Say that something is open again, by a new version of its closure."""

    def make_entry(fields: Mapping[str, object], now: datetime, *, dry_run: bool) -> Entered:
        return desk.closing().lift(id_, fields, now, actor, dry_run=dry_run)

    return once.answer(lambda: _enter(desk, body, make_entry), caller=actor)


class _Enter(Protocol):
    def __call__(
        self, fields: Mapping[str, object], now: datetime, *, dry_run: bool
    ) -> Entered: ...


def _enter(desk: Desk, body: bytes, make_entry: _Enter) -> Response:
    fields = dict(parse_object(body))
    dry_run = fields.pop("dry_run", None) or False
    if not isinstance(dry_run, bool):
        raise InvalidRequest([Fault("wrong-type", "must be true or false", "/dry_run")])
    now = desk.clock()
    with desk.turns.turn():
        entered = make_entry(fields, now, dry_run=dry_run)
    return _json(entered.as_json(desk.published.network, now))


def _json(value: object) -> Response:
    return Response(render_json(value), media_type="application/json")
