"""The addresses: translate, delegate, translate back."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from karvan.interfaces.http import quote_files
from karvan.interfaces.http.body import parse_object, read_body
from karvan.interfaces.http.once import PARAMETER, OnceOf
from karvan.interfaces.http.page import show_page, wants_page
from karvan.interfaces.http.quote_files import VARY
from karvan.interfaces.http.reading import JSON, SAME, DeskOf, kept_text, problems
from karvan.interfaces.http.schemas import (
    AgainAnswer,
    QuoteAnswer,
    QuoteBody,
)
from karvan.interfaces.json_text import render_json
from karvan.interfaces.told_answers import told_answer
from karvan.services.quoting.stored import again_json
from karvan.services.words import SOURCE, spoken

router = APIRouter()

QuoteId = Annotated[str, Path(alias="id", max_length=40)]


def _json(value: object) -> Response:
    return Response(render_json(value), media_type="application/json")


def _told(response: Response) -> Response:
    """Tell the texts of a quote in the language asked for; what is kept stays as it is."""
    if spoken().language == SOURCE or response.media_type != quote_files.JSON:
        return response
    told = render_json(told_answer(json.loads(bytes(response.body))))
    response.headers["Content-Length"] = str(len(told.encode()))
    response.body = told.encode()
    return response


@router.post(
    "/v1/quotes",
    tags=["quotes"],
    response_model=QuoteAnswer,
    responses=quote_files.described()
    | problems(
        e400="The body is not one JSON object in UTF-8.",
        e404="No way joins the two places for this cargo.",
        e406="The answer can have none of the media types in Accept.",
        e409="Another answer is stored under the id of this one, or something else was asked "
        "under the idempotency key, or the same still is.",
        e413="The body is too long.",
        e415="The body is not application/json.",
        e422="The request has faults; all of them are named.",
        e503="Too many quotes are asked for at once, a limit was reached, or nothing can be "
        "stored now.",
    ),
    openapi_extra={
        "parameters": [PARAMETER],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"$ref": f"#/components/schemas/{QuoteBody.__name__}"},
                    "example": {
                        "from": "CN-XIA",
                        "to": "TR-IST",
                        "container": "40HC",
                        "mass_kg": "18000",
                        "hs": "851660",
                        "ready": "2026-12-03",
                    },
                }
            },
        },
    },
)
def create_quote(
    body: Annotated[bytes, Depends(read_body)], request: Request, desk: DeskOf, once: OnceOf
) -> Response:
    """Ask for a through quote.

    The answer is the object that `karvan quote --json` prints, to the byte for the same clock
    and tables; `Accept` may ask for a PDF or a spreadsheet of it. It is stored before it is
    sent: `GET /v1/quotes/{id}` gives it again.
    """
    wanted = quote_files.negotiate(request.headers.getlist("accept"))

    def make() -> Response:
        answer = desk.quote(parse_object(body), desk.clock())
        text = desk.keep(answer)
        if wanted is None:
            return Response(text, media_type="application/json", headers=VARY)
        return quote_files.respond(request.app.state.quote_writer, wanted, desk.document(answer))

    return _told(once.answer(make))


@router.get(
    "/v1/quotes/{id}",
    tags=["quotes"],
    response_model=QuoteAnswer,
    responses=SAME
    | problems(
        e404="No stored quote has this id.",
        e422="The id cannot be right.",
        e500="The stored quote is damaged.",
        e503="The store cannot be read now.",
    ),
)
def show_quote(desk: DeskOf, request: Request, id_: QuoteId) -> Response:
    """Give a quote as it was given, to the byte; in another language its texts are told in it."""
    told = _told(Response(desk.stored(id_).answer, media_type=JSON))
    text = bytes(told.body).decode("utf-8")
    return kept_text(request, text, caching="private, no-cache")


@router.get(
    "/v1/quotes/{id}/again",
    tags=["quotes"],
    response_model=AgainAnswer,
    responses=problems(
        e404="No stored quote has this id.",
        e422="The id cannot be right.",
        e500="The stored quote is damaged.",
        e503="The store cannot be read now, or too many quotes are asked for at once.",
    ),
)
def make_quote_again(desk: DeskOf, id_: QuoteId) -> Response:
    """Make a stored quote again from its stored versions, and say how it compares.

    Says too whether its prices still hold.
    """
    return _json(again_json(desk.again(id_), desk.clock()))


@router.get(
    "/",
    tags=["service"],
    response_class=Response,
    responses={
        200: {
            "description": "Where to go; to a browser the page.",
            "content": {
                "application/json": {"schema": {"type": "object"}},
                "text/html": {"schema": {"type": "string"}},
            },
        }
    },
)
def show_index(request: Request) -> Response:
    """Give the page to a browser, and to everybody else the list of addresses."""
    if wants_page(request):
        return show_page()
    return _json(
        {
            "name": "Karvan",
            "links": {
                "quotes": "/v1/quotes",
                "places": "/v1/places",
                "network": "/v1/network",
                "services": "/v1/services",
                "tariffs": "/v1/tariffs",
                "comparisons": "/v1/comparisons",
                "names": "/v1/names",
                "situation": "/v1/situation",
                "closures": "/v1/closures",
                "cargo": "/v1/cargo",
                "goods": "/v1/goods",
                "labels": "/v1/labels",
                "jobs": "/v1/jobs",
                "health": "/v1/health",
                "ready": "/health/ready",
                "metrics": "/metrics",
                "description": "/openapi.json",
            },
        }
    )
