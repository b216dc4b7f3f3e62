"""Studies over HTTP: each is a job, looked after at the address of the job."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from karvan.domain.errors import AccessRefused, Fault, InvalidRequest
from karvan.interfaces.http import access
from karvan.interfaces.http.body import parse_object, read_body
from karvan.interfaces.http.job_schemas import JobShown
from karvan.interfaces.http.jobs import BODY, STORE, Actor, Wanted, one_of, queue
from karvan.interfaces.http.once import PARAMETER, OnceOf
from karvan.interfaces.http.reading import DeskOf, problems
from karvan.interfaces.http.study_schemas import BODIES
from karvan.services.jobs.desk import reason_faults
from karvan.services.jobs.questions import Question, gathering, question_of
from karvan.services.jobs.studies import prepare
from karvan.services.planning.scenario import Scenarios
from karvan.services.quoting.store import QuoteStore, TableSet

router = APIRouter()

_EXAMPLE: Final = {"kind": "plan", "scenario": "cpc-moorings-2025", "reason": "what if it lasts"}


@router.post(
    "/v1/studies",
    tags=["jobs"],
    status_code=202,
    response_model=JobShown,
    responses=problems(
        **BODY, **access.TOLD, **STORE, e409="Something else was asked under this key."
    ),
    openapi_extra={"requestBody": one_of(BODIES, _EXAMPLE), "parameters": [PARAMETER]},
)
def submit_study(
    body: Annotated[bytes, Depends(read_body)],
    request: Request,
    actor: Actor,
    desk: DeskOf,
    once: OnceOf,
) -> Response:
    """Queue a study: a plan, outages, recoveries, what to build, or two scenarios compared.

    A scenario is a shipped one by its name, or an object with the keys of a scenario file. The
    study is made by a worker with the tables of this moment, as a job of its kind; `Location` is
    the address of the job, where it is shown, cancelled and its result is given.
    """
    scenarios: Scenarios | None = request.app.state.scenarios
    if scenarios is None:
        raise AccessRefused("this server plans nothing")
    given = parse_object(body)
    question = _asked(given, scenarios, desk)

    def text_of(store: QuoteStore, tables: TableSet, now: datetime) -> str:
        seen = (now, desk.situation(now)) if question.situation else None
        return prepare(
            store, tables, question.scenarios, question.terms, seen, failures=question.failures
        )

    wanted = Wanted(question.kind, str(given.get("reason", "")), text_of)
    return queue(request, desk, once, actor, wanted)


def _asked(given: Mapping[str, object], scenarios: Scenarios, desk: DeskOf) -> Question:
    """Read a request; raises `InvalidRequest` with every fault."""
    faults: list[Fault] = reason_faults(given.get("reason", ""))
    with gathering(faults):
        question = question_of(given, scenarios, desk.published.network)
    if faults:
        raise InvalidRequest(faults)
    return question
