"""`quotes.run`: many lanes quoted, a part each.

A lane is answered with the clock, the closures and the tables of the submission, so its answer
does not depend on which worker gives it, nor when, nor how often one was killed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from karvan.domain.errors import Fault, InvalidInput, InvalidRequest
from karvan.domain.instants import parse_instant, render_instant
from karvan.network.situation import NORMAL, Situation
from karvan.services.jobs.work import Work
from karvan.services.quoting.bulk import (
    COLUMNS,
    LABEL,
    MOST_LANES,
    Lane,
    LaneDesk,
    LaneResult,
    Render,
    in_good_order,
)
from karvan.services.quoting.seen import situation_of_answer, situation_seen
from karvan.services.quoting.store import OpenedTables, QuoteStore, TableSet, TableSets
from karvan.services.quoting.stored import keep

KIND: Final = "quotes.run"

_GIVEN: Final = (LABEL, "from", "to", "ready")


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneJob:
    """What the job works on.

    Attributes
    ----------
    now
        The clock with which every lane is answered.
    tables_hash
        Name of the set of tables.
    situation
        What was closed then; None where that was not known.
    """

    now: datetime
    tables_hash: str
    lanes: tuple[Lane, ...]
    situation: Situation | None = NORMAL

    def to_text(self) -> str:
        """The parameters as they are kept."""
        lanes = [
            {"row": lane.row, "body": dict(lane.body), "given": dict(lane.given)}
            for lane in self.lanes
        ]
        situation = self.situation
        return _text(
            {
                "now": render_instant(self.now),
                "tables_hash": self.tables_hash,
                "situation": None if situation is None else situation_seen(situation),
                "lanes": lanes,
            }
        )

    @classmethod
    def from_text(cls, text: str) -> LaneJob:
        """Read what `to_text` wrote; raises `InvalidInput`."""
        try:
            found = json.loads(text)
            return cls(
                now=parse_instant(found["now"]),
                tables_hash=str(found["tables_hash"]),
                lanes=tuple(Lane(**lane) for lane in found["lanes"]),
                situation=situation_of_answer(found),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidInput("these are no lanes to quote", reason=type(error).__name__) from None


def prepare(
    store: QuoteStore,
    tables: TableSet,
    lanes: Sequence[Lane],
    now: datetime,
    situation: Situation | None = NORMAL,
) -> str:
    """Keep the tables and give the parameters of a job that quotes lanes from them."""
    store.put([], tables)
    job = LaneJob(
        now=now.replace(microsecond=0),
        tables_hash=tables.content_hash,
        lanes=tuple(lanes),
        situation=situation,
    )
    return job.to_text()


def lanes_of(bodies: object, pointer: str = "/parameters/lanes") -> tuple[Lane, ...]:
    """Read lanes from JSON: requests as they would be sent alone, and `lane`, a name of one's own.

    Raises
    ------
    InvalidRequest
        Every lane that is no object, or whose name is no text; no lane, or too many.
    """
    if not isinstance(bodies, Sequence) or isinstance(bodies, str) or not bodies:
        raise InvalidRequest([Fault("invalid-input", "must be a list of lanes", pointer)])
    if len(bodies) > MOST_LANES:
        words = f"holds more than {MOST_LANES} lanes"
        raise InvalidRequest([Fault("too-large", words, pointer)])
    faults, lanes = [], []
    for number, body in enumerate(bodies):
        if not isinstance(body, Mapping):
            faults.append(Fault("invalid-input", "must be an object", f"{pointer}/{number}"))
            continue
        if not isinstance(body.get(LABEL), str | None):
            where = f"{pointer}/{number}/{LABEL}"
            faults.append(Fault("invalid-input", "must be a text", where))
            continue
        given = {name: str(body[name]) for name in _GIVEN if body.get(name) is not None}
        request = {name: value for name, value in body.items() if name != LABEL}
        lanes.append(Lane(number + 1, request, given))
    if faults:
        raise InvalidRequest(faults)
    return tuple(lanes)


class QuoteLanes:
    """The kind, on one store of quotes.

    Parameters
    ----------
    open_store
        Opens where the answers are kept.
    today
        Reads the tables of the worker, when they are first wanted.
    render
        Writes an answer as text.
    """

    def __init__(
        self,
        *,
        open_store: Callable[[], QuoteStore],
        today: Callable[[], OpenedTables],
        table_sets: TableSets,
        render: Render,
        engine_version: str,
    ) -> None:
        self._open_store = open_store
        self._today = today
        self._table_sets = table_sets
        self._render = render
        self._version = engine_version
        self._opened: dict[str, OpenedTables] = {}

    def __call__(self, work: Work) -> bytes:
        """Answer every lane that is not answered yet; gives the table as JSON."""
        job = LaneJob.from_text(work.parameters)
        if any(json.loads(part)["engine_version"] != self._version for part in work.parts.values()):
            # Another version of the program began it: one table is made by one version.
            work.forget()
        open_lanes = [lane for lane in job.lanes if lane.row not in work.parts]
        if open_lanes:
            self._answer(work, job, open_lanes)
        parts = [json.loads(work.parts[lane.row]) for lane in job.lanes]
        return (_text(self._table(job, parts)) + "\n").encode("utf-8")

    def _answer(self, work: Work, job: LaneJob, lanes: Sequence[Lane]) -> None:
        store = self._open_store()
        try:
            opened = self._tables(store, job.tables_hash)
            desk = LaneDesk(opened.published, job.now, self._render, job.situation)
            for lane in in_good_order(lanes):
                result = desk.answer(lane)
                if result.answer:
                    keep(store, opened.table_set, [result.answer])
                work.keep(lane.row, self._part(result), total=len(job.lanes))
        finally:
            store.close()

    def _tables(self, store: QuoteStore, wanted: str) -> OpenedTables:
        """The tables that the job names: the worker's own, or those that were kept."""
        if not self._opened:
            today = self._today()
            self._opened[today.table_set.content_hash] = today
        if wanted not in self._opened:
            table_set = store.get_tables(wanted)
            self._opened[wanted] = OpenedTables(self._table_sets.load(table_set), table_set)
        return self._opened[wanted]

    def _part(self, result: LaneResult) -> str:
        return _text(
            {
                "engine_version": self._version,
                "answered": bool(result.answer),
                "cells": [result.cells.get(name, "") for name in COLUMNS],
            }
        )

    def _table(self, job: LaneJob, parts: Sequence[Mapping[str, Any]]) -> Mapping[str, object]:
        answered = sum(part["answered"] for part in parts)
        return {
            "asked_at": render_instant(job.now),
            "engine_version": self._version,
            "tables_hash": job.tables_hash,
            "lanes": len(parts),
            "answered": answered,
            "columns": list(COLUMNS),
            "rows": [part["cells"] for part in parts],
        }


def _text(value: Mapping[str, object]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
