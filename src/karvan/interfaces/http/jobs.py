"""Jobs over HTTP: submitted, cancelled and tried again with a key; each shown to who has its id."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from karvan.domain.errors import AccessRefused, Fault, InvalidRequest, NotFound, UnknownJob
from karvan.interfaces.http import access
from karvan.interfaces.http.body import parse_object, read_body
from karvan.interfaces.http.desk import Desk
from karvan.interfaces.http.held import Held
from karvan.interfaces.http.job_schemas import (
    JobBody,
    JobPage,
    JobShown,
    LaneTable,
    ReasonBody,
)
from karvan.interfaces.http.once import PARAMETER, Once, OnceOf
from karvan.interfaces.http.reading import DeskOf, problems
from karvan.interfaces.http.study_answers import (
    ComparisonTold,
    ContingencyTold,
    InvestmentTold,
    RecoveriesTold,
    StudyTold,
)
from karvan.interfaces.json_text import render_json
from karvan.services.jobs import desk as jobs_desk
from karvan.services.jobs.job import Job
from karvan.services.jobs.lanes import KIND, lanes_of, prepare
from karvan.services.jobs.packs import PAGE, is_pack, member_of, told_of
from karvan.services.jobs.questions import gathering, unknown
from karvan.services.jobs.store import JobStore
from karvan.services.keys import Scope
from karvan.services.quoting.bulk import Lane
from karvan.services.quoting.store import QuoteStore, TableSet

T = TypeVar("T")

router = APIRouter()

Actor = Annotated[str, Depends(access.writer(Scope.STUDIES))]
JobId = Annotated[str, Path(alias="id", max_length=40)]

STORE: Final = {"e503": "The store cannot be read or written now."}
BODY: Final = {
    "e400": "The body is not one JSON object in UTF-8.",
    "e413": "The body is too long.",
    "e415": "The body is not application/json.",
    "e422": "The request has faults; all of them are named.",
}
_OF_RESULTS: Final = {
    "e404": "No job has this id, or nothing of the kind came out of it.",
    "e409": "The job is not done.",
    "e422": "The id cannot be right.",
    "e500": "The stored job is damaged.",
    **STORE,
}
_BINARY: Final = {"type": "string", "format": "binary"}
_KNOWN: Final = ("kind", "parameters", "reason")
_EXAMPLE: Final = {
    "kind": KIND,
    "parameters": {
        "lanes": [
            {
                "lane": "A-7",
                "from": "KZ-ALM",
                "to": "GE-POT",
                "container": "40HC",
                "mass_kg": "18000",
                "hs": "851660",
                "ready": "2026-12-03",
            }
        ]
    },
    "reason": "offer for the spring",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A job to queue: its kind, why, and what keeps its tables and gives its parameters."""

    kind: str
    reason: str
    text_of: Callable[[QuoteStore, TableSet, datetime], str]


def described(model: type, example: Mapping[str, object]) -> dict[str, object]:
    """Describe a body as OpenAPI does."""
    return one_of((model,), example)


def one_of(models: Sequence[type], example: Mapping[str, object]) -> dict[str, object]:
    """Describe a body that is of one of some kinds."""
    schemas = [{"$ref": f"#/components/schemas/{model.__name__}"} for model in models]
    schema = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
    content = {"application/json": {"schema": schema, "example": example}}
    return {"required": True, "content": content}


def use(request: Request, what: Callable[[JobStore], T]) -> T:
    """Use the jobs of the application; raises `UnknownJob` where none are kept."""
    held: Held[JobStore] | None = request.app.state.jobs
    if held is None:
        raise UnknownJob("no jobs are kept here")
    return held.use(what)


@router.post(
    "/v1/jobs",
    tags=["jobs"],
    status_code=202,
    response_model=JobShown,
    responses=problems(
        **BODY, **access.TOLD, **STORE, e409="Something else was asked under this key."
    ),
    openapi_extra={"requestBody": described(JobBody, _EXAMPLE), "parameters": [PARAMETER]},
)
def submit_job(
    body: Annotated[bytes, Depends(read_body)],
    request: Request,
    actor: Actor,
    desk: DeskOf,
    once: OnceOf,
) -> Response:
    """Queue a job, to be done by a worker.

    `quotes.run` quotes many lanes, each a request as `POST /v1/quotes` takes it, with the clock,
    the closures and the tables of this moment. `Location` is the address of the job.
    """
    lanes, reason = _submission(parse_object(body))

    def text_of(store: QuoteStore, tables: TableSet, now: datetime) -> str:
        return prepare(store, tables, lanes, now, desk.situation(now))

    return queue(request, desk, once, actor, Wanted(KIND, reason, text_of))


@router.get(
    "/v1/jobs",
    tags=["jobs"],
    response_model=JobPage,
    responses=problems(e422="A parameter is wrong.", **access.TOLD, **STORE),
)
def list_jobs(
    request: Request,
    _: Actor,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[str | None, Query(max_length=80, description="Where a page ended.")] = None,
    state: Annotated[str | None, Query(max_length=20)] = None,
    kind: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    """List jobs, the newest first. Needs a key, for it names the jobs of all."""
    page = use(
        request,
        lambda store: jobs_desk.page_of(store, limit=limit, after=after, state=state, kind=kind),
    )
    following = None
    if page.following is not None:
        asked = {"limit": limit, "after": page.following, "state": state, "kind": kind}
        given = {name: value for name, value in asked.items() if value is not None}
        following = f"/v1/jobs?{urlencode(given)}"
    return _json({"items": [_told(job) for job in page.items], "next": following})


@router.get(
    "/v1/jobs/{id}",
    tags=["jobs"],
    response_model=JobShown,
    responses=problems(e404="No job has this id.", e422="The id cannot be right.", **STORE),
)
def show_job(request: Request, id_: JobId) -> Response:
    """Show a job: its state, its progress, why its last attempt failed."""
    wanted = jobs_desk.parse_job_id(id_)
    return _shown(use(request, lambda store: store.get(wanted)))


@router.get(
    "/v1/jobs/{id}/result",
    tags=["jobs"],
    response_model=LaneTable
    | StudyTold
    | ContingencyTold
    | RecoveriesTold
    | InvestmentTold
    | ComparisonTold,
    responses=problems(**_OF_RESULTS),
)
def show_job_result(request: Request, id_: JobId) -> Response:
    """Give what came out, to the byte; of `quotes.run` a table with a row a lane.

    Of a study the object that its command prints with `--json`.
    """
    return Response(told_of(_result(request, id_)), media_type="application/json")


@router.get(
    "/v1/jobs/{id}/folder",
    tags=["jobs"],
    response_class=Response,
    responses={
        **problems(**_OF_RESULTS),
        200: {"content": {"application/zip": {"schema": _BINARY}}, "description": "The folder."},
    },
)
def show_job_folder(request: Request, id_: JobId) -> Response:
    """Give the folder of a study as a ZIP: tables as CSV and Parquet, manifest, and page.

    What `karvan plan --out DIR` writes, or another command; `--again DIR` makes it again.
    """
    result = _result(request, id_)
    if not is_pack(result):
        raise NotFound("no folder came out of this job")
    return Response(result, media_type="application/zip", headers=_attached(f"{id_}.zip"))


@router.get(
    "/v1/jobs/{id}/report",
    tags=["jobs"],
    response_class=Response,
    responses={
        **problems(**_OF_RESULTS),
        200: {"content": {"text/html": {"schema": {"type": "string"}}}, "description": "The page."},
    },
)
def show_job_report(request: Request, id_: JobId) -> Response:
    """Give the page of a study: one file with map, charts and tables that needs nothing else."""
    page = member_of(_result(request, id_), PAGE)
    headers = {**_attached(f"{id_}.html"), "Content-Security-Policy": "sandbox"}
    return Response(page, media_type="text/html; charset=utf-8", headers=headers)


@router.post(
    "/v1/jobs/{id}/cancel",
    tags=["jobs"],
    response_model=JobShown,
    responses=problems(
        **BODY, **access.TOLD, **STORE, e404="No job has this id.", e409="The job has ended."
    ),
    openapi_extra={
        "requestBody": described(ReasonBody, {"reason": "wrong file"}),
        "parameters": [PARAMETER],
    },
)
def cancel_job(
    body: Annotated[bytes, Depends(read_body)],
    request: Request,
    actor: Actor,
    desk: DeskOf,
    once: OnceOf,
    id_: JobId,
) -> Response:
    """Cancel a job: at once, or after the part that a worker is doing."""
    reason = reason_from(parse_object(body), ("reason",))
    wanted = jobs_desk.parse_job_id(id_)
    return once.answer(
        lambda: _shown(
            use(
                request,
                lambda store: jobs_desk.cancel(
                    store, wanted, actor=actor, reason=reason, now=desk.clock()
                ),
            )
        ),
        caller=actor,
    )


@router.post(
    "/v1/jobs/{id}/retry",
    tags=["jobs"],
    response_model=JobShown,
    responses=problems(
        **BODY, **access.TOLD, **STORE, e404="No job has this id.", e409="The job is not dead."
    ),
    openapi_extra={
        "requestBody": described(ReasonBody, {"reason": "the disk has room again"}),
        "parameters": [PARAMETER],
    },
)
def retry_job(
    body: Annotated[bytes, Depends(read_body)],
    request: Request,
    actor: Actor,
    desk: DeskOf,
    once: OnceOf,
    id_: JobId,
) -> Response:
    """Queue a dead job once more; what is finished of it is kept."""
    reason = reason_from(parse_object(body), ("reason",))
    wanted = jobs_desk.parse_job_id(id_)
    return once.answer(
        lambda: _shown(
            use(
                request,
                lambda store: jobs_desk.retry(
                    store, wanted, actor=actor, reason=reason, now=desk.clock()
                ),
            )
        ),
        caller=actor,
    )


def _submission(body: Mapping[str, object]) -> tuple[tuple[Lane, ...], str]:
    """Read what is to be done; raises `InvalidRequest` with every fault."""
    faults: list[Fault] = []
    reason = ""
    lanes: tuple[Lane, ...] = ()
    with gathering(faults):
        reason = reason_from(body, _KNOWN)
    if body.get("kind") != KIND:
        known = (KIND,)
        fix = "one of " + ", ".join(known)
        faults.append(Fault("not-found", "no such kind of job", "/kind", fix=fix))
    parameters = body.get("parameters")
    if not isinstance(parameters, Mapping):
        faults.append(Fault("invalid-input", "must be an object", "/parameters"))
    else:
        faults += unknown(parameters, ("lanes",), "/parameters")
        with gathering(faults):
            lanes = lanes_of(parameters.get("lanes"))
    if faults:
        raise InvalidRequest(faults)
    return lanes, reason


def reason_from(body: Mapping[str, object], known: tuple[str, ...]) -> str:
    """Read why something is asked for; raises `InvalidRequest`, for unknown fields too."""
    reason = body.get("reason", "")
    faults = unknown(body, known, "") + jobs_desk.reason_faults(reason)
    if faults:
        raise InvalidRequest(faults)
    return str(reason)


def queue(request: Request, desk: Desk, once: Once, actor: str, wanted: Wanted) -> Response:
    """Queue a job and show it; the same request again gives the one that is there.

    Raises
    ------
    AccessRefused
        Nothing is kept here.
    """
    keeper = desk.keeper
    if keeper is None:
        raise AccessRefused("this server keeps nothing, so nothing can be written to it")

    def make() -> Response:
        effect = once.effect_id(actor)
        job_id = jobs_desk.new_job_id(effect)
        job = use(request, lambda store: _there(store, job_id)) if effect else None
        if job is None:
            now = desk.clock()
            text = keeper.use(lambda store: wanted.text_of(store, keeper.today.table_set, now))
            job = use(
                request,
                lambda store: jobs_desk.submit(
                    store,
                    job_id=job_id,
                    kind=wanted.kind,
                    parameters=text,
                    actor=actor,
                    reason=wanted.reason,
                    now=now,
                ),
            )
        return _shown(job, 202)

    return once.answer(make, caller=actor)


def _result(request: Request, id_: str) -> bytes:
    wanted = jobs_desk.parse_job_id(id_)
    return use(request, lambda store: store.get_result(wanted))


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _there(store: JobStore, job_id: str) -> Job | None:
    try:
        return store.get(job_id)
    except UnknownJob:
        return None


def _told(job: Job) -> dict[str, object]:
    return {**jobs_desk.job_json(job), "result": f"/v1/jobs/{job.job_id}/result"}


def _shown(job: Job, status: int = 200) -> Response:
    headers = {"Location": f"/v1/jobs/{job.job_id}"} if status == 202 else None
    return Response(render_json(_told(job)), status, media_type="application/json", headers=headers)


def _json(value: object) -> Response:
    return Response(render_json(value), media_type="application/json")
