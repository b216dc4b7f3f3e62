"""Jobs as the OpenAPI document describes them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from karvan.interfaces.http.schemas import Instant, Model

Reason = Annotated[str, Field(max_length=500, description="Why; it is entered in the journal.")]


class LaneBody(BaseModel):
    """A request, as the body of `POST /v1/quotes`; its faults are told in its row of the result."""

    model_config = ConfigDict(strict=True, extra="allow")

    lane: str | None = Field(default=None, description="Handed on to the result.")


class LanesBody(Model):
    """What `quotes.run` works on."""

    lanes: Annotated[list[LaneBody], Field(min_length=1, max_length=10_000)]


class JobBody(Model):
    """What is to be done."""

    kind: Literal["quotes.run"]
    parameters: LanesBody
    reason: Reason = ""


class ReasonBody(Model):
    """Why something is asked for."""

    reason: Reason = ""


class JobProgress(Model):
    """How far it is."""

    done: int
    total: int = Field(description="0 where it is not known yet.")


class JobReason(Model):
    """Why the last attempt failed."""

    code: str
    title: str


class JobShown(Model):
    """A job."""

    job_id: str
    kind: str
    state: Literal["queued", "running", "cancelling", "done", "dead", "cancelled"]
    created_at: Instant
    changed_at: Instant
    due_at: Instant | None = Field(description="Queued: from when a worker may take it.")
    leased_until: Instant | None = Field(description="Held: until when a worker holds it.")
    ended: bool
    attempts: int = Field(description="Since the last progress.")
    progress: JobProgress
    reason: JobReason | None
    parameters_sha256: str
    result: str = Field(description="Address of what came out, when it is done.")


class JobPage(Model):
    """One page of jobs."""

    items: list[JobShown]
    next: str | None = Field(description="Address of the next page.")


class LaneTable(Model):
    """What came out of `quotes.run`."""

    asked_at: Instant = Field(description="Clock with which every lane was answered.")
    engine_version: str
    tables_hash: str
    lanes: int
    answered: int
    columns: list[str]
    rows: list[list[str]]
