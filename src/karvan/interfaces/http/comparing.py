"""The same request for several ready dates: what waiting saves."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response

from karvan.domain.errors import Fault, InvalidRequest
from karvan.interfaces.http.body import parse_object, read_body
from karvan.interfaces.http.once import PARAMETER, OnceOf
from karvan.interfaces.http.reading import JSON, DeskOf, problems
from karvan.interfaces.http.schemas import ComparisonAnswer, ComparisonBody
from karvan.interfaces.json_text import render_json
from karvan.services.quoting.comparing import MOST_WEEKS, comparison_json

USUAL_WEEKS: Final = 2

router = APIRouter()


@router.post(
    "/v1/comparisons",
    tags=["quotes"],
    response_model=ComparisonAnswer,
    responses=problems(
        e400="The body is not one JSON object in UTF-8.",
        e404="No way joins the two places for this cargo on the first date.",
        e409="Something else was asked under the idempotency key, or the same still is.",
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
                JSON: {
                    "schema": {"$ref": f"#/components/schemas/{ComparisonBody.__name__}"},
                    "example": {
                        "from": "KZ-ALM",
                        "to": "GE-POT",
                        "container": "40HC",
                        "mass_kg": "18000",
                        "hs": "851660",
                        "ready": "2026-12-03",
                        "weeks": 2,
                    },
                }
            },
        },
    },
)
def compare_dates(
    body: Annotated[bytes, Depends(read_body)], desk: DeskOf, once: OnceOf
) -> Response:
    """Compare ready dates a week apart: price, arrival, and whether waiting saves anything.

    Each row is a quote of its own, stored as if it had been asked for alone.
    """

    def make() -> Response:
        fields = dict(parse_object(body))
        weeks, now = fields.pop("weeks", None), desk.clock()
        weeks = USUAL_WEEKS if weeks is None else weeks
        if isinstance(weeks, bool) or not isinstance(weeks, int) or not 1 <= weeks <= MOST_WEEKS:
            words = f"must be a whole number from 1 to {MOST_WEEKS}"
            fault = Fault("out-of-range", words, "/weeks")
            raise InvalidRequest([*desk.faults_of(fields, now), fault])
        compared, texts = desk.compare(fields, weeks, now)
        desk.keep_texts(texts)
        return Response(render_json(comparison_json(compared)), media_type=JSON)

    return once.answer(make)
