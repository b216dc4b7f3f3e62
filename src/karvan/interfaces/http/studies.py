"""Studies over HTTP: each is a job, looked after at the address of the job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from karvan.domain.errors import AccessRefused, Fault, InvalidRequest
from karvan.interfaces.http import access
from karvan.interfaces.http.body import parse_object, read_body
from karvan.interfaces.http.job_schemas import JobShown
from karvan.interfaces.http.jobs import BODY, STORE, Actor, Wanted, described, queue, reason_from
from karvan.interfaces.http.once import PARAMETER, OnceOf
from karvan.interfaces.http.reading import DeskOf, problems
from karvan.interfaces.http.study_schemas import StudyBody
from karvan.services.jobs.plans import KIND, USUAL_LIMIT_S, check, check_limit, prepare
from karvan.services.planning.scenario import Scenarios
from karvan.services.quoting.store import QuoteStore, TableSet

router = APIRouter()

_KNOWN: Final = ("scenario", "time_limit_s", "situation", "reason")
_EXAMPLE: Final = {"scenario": "cpc-moorings-2025", "reason": "what if it lasts"}


@router.post(
    "/v1/studies",
    tags=["jobs"],
    status_code=202,
    response_model=JobShown,
    responses=problems(
        **BODY, **access.TOLD, **STORE, e409="Something else was asked under this key."
    ),
    openapi_extra={"requestBody": described(StudyBody, _EXAMPLE), "parameters": [PARAMETER]},
)
def submit_study(
    body: Annotated[bytes, Depends(read_body)],
    request: Request,
    actor: Actor,
    desk: DeskOf,
    once: OnceOf,
) -> Response:
    """Queue a study: where the oil goes under a scenario, month by month.

    The scenario is a shipped one by its name, or an object with the keys of a scenario file. It is
    planned by a worker with the tables of this moment, as a job of kind `plan`; `Location` is the
    address of the job, where it is shown, cancelled and its result is given.
    """
    found: Scenarios | None = request.app.state.scenarios
    if found is None:
        raise AccessRefused("this server plans nothing")
    scenarios, given, faults = found, parse_object(body), list[Fault]()
    for look in _looks(given, scenarios, desk):
        try:
            look()
        except InvalidRequest as error:
            faults += error.faults
    if faults:
        raise InvalidRequest(faults)
    scenario = given["scenario"]
    assert isinstance(scenario, str | Mapping), "or it would have been refused"
    limit_s = check_limit(given.get("time_limit_s", USUAL_LIMIT_S), "/time_limit_s")

    def text_of(store: QuoteStore, tables: TableSet, now: datetime) -> str:
        seen = (now, desk.situation(now)) if given.get("situation") else None
        return prepare(store, tables, scenario, limit_s, seen)

    return queue(request, desk, once, actor, Wanted(KIND, str(given.get("reason", "")), text_of))


def _looks(
    given: Mapping[str, object], scenarios: Scenarios, desk: DeskOf
) -> tuple[Callable[[], object], ...]:
    """What looks at each part of a request; each raises `InvalidRequest`."""
    network = desk.published.network
    limit = given.get("time_limit_s", USUAL_LIMIT_S)
    return (
        lambda: reason_from(given, _KNOWN),
        lambda: _check_flag(given.get("situation", False)),
        lambda: check_limit(limit, "/time_limit_s"),
        lambda: check(given.get("scenario"), scenarios, network, "/scenario"),
    )


def _check_flag(given: object) -> None:
    if not isinstance(given, bool):
        raise InvalidRequest([Fault("invalid-input", "must be true or false", "/situation")])
