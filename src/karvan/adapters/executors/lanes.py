"""Lanes on several processes: each reads the same bytes of tables once and answers its share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, as_completed
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from karvan.adapters.executors.processes import pool
from karvan.adapters.files.memory import MemoryFolder
from karvan.adapters.files.published import check_tables, published_of
from karvan.network.situation import NORMAL, Situation
from karvan.services.quoting.bulk import (
    Lane,
    LaneDesk,
    LaneResult,
    Render,
    in_good_order,
)
from karvan.services.quoting.store import OpenedTables

#: Lanes handed out at a time: enough that compiled tables serve several, few enough that no
#: process is left with a long share at the end.
SHARE: Final = 8
#: Below so many lanes another process takes longer to start than it saves.
_WORTH: Final = 4


@dataclass(frozen=True, slots=True)
class _Job:
    """What every process is given at its start."""

    files: Mapping[str, bytes]
    now: datetime
    render: Render
    situation: Situation | None


class ProcessLanes:
    """The `LaneRunner` port on processes of this machine."""

    def run(
        self,
        opened: OpenedTables,
        lanes: Sequence[Lane],
        now: datetime,
        *,
        workers: int,
        render: Render,
        situation: Situation | None = NORMAL,
    ) -> Iterator[LaneResult]:
        """Give results as they come; with one worker, without another process."""
        ordered = in_good_order(lanes)
        workers = min(workers, max(1, len(lanes) // _WORTH))
        if workers == 1:
            desk = LaneDesk(opened.published, now, render, situation)
            yield from map(desk.answer, ordered)
            return
        job = _Job(opened.table_set.files, now, render, situation)
        with pool(workers, _prepare, job) as executor:
            shares = [ordered[i : i + SHARE] for i in range(0, len(ordered), SHARE)]
            yield from _gather([executor.submit(_answer, share) for share in shares])


def _gather(futures: Sequence[Future[list[LaneResult]]]) -> Iterator[LaneResult]:
    for done in as_completed(futures):
        yield from done.result()


# What runs in the other process.

_desks: list[LaneDesk] = []


def _prepare(job: _Job) -> None:
    published = published_of(check_tables(MemoryFolder(dict(job.files))))
    _desks.append(LaneDesk(published, job.now, job.render, job.situation))


def _answer(share: Sequence[Lane]) -> list[LaneResult]:
    return [_desks[0].answer(lane) for lane in share]
