"""Studies as jobs: what `karvan plan`, `contingency`, `resilience`, `invest`, `compare` make.

The tables are those of the submission and a scenario is kept as it was read then, so the answer
does not depend on when a worker comes to it.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from karvan.domain.errors import InvalidInput, LimitReached
from karvan.domain.instants import parse_instant, render_instant
from karvan.network.situation import Situation
from karvan.services.jobs.packs import PAGE, TOLD, packed
from karvan.services.jobs.work import GiveUp, Work
from karvan.services.planning.scenario import Scenarios
from karvan.services.quoting.published import Published
from karvan.services.quoting.seen import situation_of_answer, situation_seen
from karvan.services.quoting.store import OpenedTables, QuoteStore, TableSet, TableSets

if TYPE_CHECKING:
    from karvan.services.planning.manifest import ResultFolders
    from karvan.services.planning.projects import ProjectTables
    from karvan.services.planning.reporting import ReportWriter
    from karvan.services.studies.desk import Answered, StudyDesk, Subject
    from karvan.services.studies.terms import StudyTerms

#: The most parts that tell how far one stage of a study is.
STEPS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyJob:
    """What the job works on.

    Attributes
    ----------
    scenarios
        Name and text of the file of each.
    terms
        As a manifest has them.
    tables_hash
        Name of the set of tables.
    seen
        The clock, and what was closed then; None where that was not asked for. It is laid over
        the last scenario.
    failures
        Whether the page tells what one more failure would cost.
    """

    scenarios: tuple[tuple[str, str], ...]
    terms: Mapping[str, object]
    tables_hash: str
    seen: tuple[datetime, Situation] | None = None
    failures: bool = True

    def to_text(self) -> str:
        """The parameters as they are kept."""
        told: dict[str, object] = {
            "scenarios": [{"file": file, "text": text} for file, text in self.scenarios],
            "terms": dict(self.terms),
            "tables_hash": self.tables_hash,
            "failures": self.failures,
        }
        if self.seen is not None:
            told["now"] = render_instant(self.seen[0])
            told["situation"] = situation_seen(self.seen[1])
        return json.dumps(told, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> StudyJob:
        """Read what `to_text` wrote; raises `InvalidInput`."""
        try:
            found = json.loads(text)
            situation = situation_of_answer(found) if "now" in found else None
            return cls(
                scenarios=tuple(
                    (str(each["file"]), str(each["text"])) for each in found["scenarios"]
                ),
                terms=dict(found["terms"]),
                tables_hash=str(found["tables_hash"]),
                seen=None if situation is None else (parse_instant(found["now"]), situation),
                failures=bool(found.get("failures", True)),
            )
        except (ValueError, KeyError, TypeError) as error:
            reason = type(error).__name__
            raise InvalidInput("this is no study to make", reason=reason) from None


def prepare(
    store: QuoteStore,
    tables: TableSet,
    scenarios: Sequence[tuple[str, str]],
    terms: Mapping[str, object],
    seen: tuple[datetime, Situation] | None = None,
    *,
    failures: bool = True,
) -> str:
    """Keep the tables and give the parameters of a job that works with them."""
    store.put([], tables)
    job = StudyJob(
        scenarios=tuple(scenarios),
        terms=terms,
        tables_hash=tables.content_hash,
        seen=seen,
        failures=failures,
    )
    return job.to_text()


class MakeStudy:
    """A kind of study.

    Parameters
    ----------
    kind
        Its name, a command of `karvan`.
    open_store
        Opens where the tables are kept.
    today
        Reads the tables of the worker.
    projects
        Reads what can be built.
    render
        Writes the answer as text.
    folders, reports
        Make the files beside it; without folders the answer comes alone.
    """

    def __init__(
        self,
        kind: str,
        *,
        open_store: Callable[[], QuoteStore],
        today: Callable[[], OpenedTables],
        table_sets: TableSets,
        scenarios: Scenarios,
        projects: Callable[[], ProjectTables],
        render: Callable[[object], str],
        folders: ResultFolders | None = None,
        reports: ReportWriter | None = None,
    ) -> None:
        self._kind = kind
        self._open_store = open_store
        self._today = today
        self._table_sets = table_sets
        self._scenarios = scenarios
        self._projects = projects
        self._render = render
        self._folders = folders
        self._reports = reports

    def __call__(self, work: Work) -> bytes:
        """Make the study; gives what the command prints with `--json`, and its files packed.

        Raises
        ------
        GiveUp
            The solver came to the time limit that was asked for.
        """
        # The solver is loaded by whoever solves: a server only names this kind.
        from karvan.services.studies.desk import StudyDesk
        from karvan.services.studies.repeating import answer
        from karvan.services.studies.terms import TERMS, StudyKind, read_terms, words_of

        job, kind = StudyJob.from_text(work.parameters), StudyKind(self._kind)
        published, steps = self._published(job.tables_hash), _Steps(work)
        desk = StudyDesk(
            network=published.network,
            book=published.book,
            factors=published.factors,
            scenarios=self._scenarios,
            projects=self._projects,
            progress=steps,
        )
        terms: StudyTerms = read_terms(TERMS[kind], job.terms)
        subjects = _subjects(desk, job)
        try:
            found = answer(desk, kind, subjects, terms)
        except LimitReached as error:
            raise GiveUp(error) from error
        result = self._result(desk, job, found, words_of(terms))
        steps.end()
        return result

    def _result(
        self, desk: StudyDesk, job: StudyJob, found: Answered[object], terms: Sequence[str]
    ) -> bytes:
        """What is kept: the answer alone, or packed with its files."""
        from karvan.services.studies.pages import page_of

        told = self._render(found.told).encode("utf-8")
        if self._folders is None:
            return told
        files = dict(self._folders.files(found.tables, found.manifest, found.texts))
        if self._reports is not None:
            words = [*(file for file, _ in job.scenarios), *terms]
            words += [] if job.seen is None else ["--situation"]
            words += [] if job.failures else ["--no-failures"]
            command = shlex.join(["karvan", self._kind, *words, "--report", PAGE])
            page = page_of(desk, found, command, failures=job.failures)
            files[PAGE] = self._reports.write(page).encode("utf-8")
        return packed({**files, TOLD: told})

    def _published(self, wanted: str) -> Published:
        """The tables that the job names: the worker's own, or what was kept."""
        today = self._today()
        if today.table_set.content_hash == wanted:
            return today.published
        store = self._open_store()
        try:
            return self._table_sets.load(store.get_tables(wanted))
        finally:
            store.close()


def _subjects(desk: StudyDesk, job: StudyJob) -> tuple[Subject, ...]:
    """The scenarios, and over the last of them what was closed."""
    from karvan.services.planning.closed import lay
    from karvan.services.planning.manifest import ScenarioText
    from karvan.services.studies.desk import Subject

    found = [
        Subject(scenario=desk.scenarios.read_text(file, text), text=ScenarioText(file, text))
        for file, text in job.scenarios
    ]
    if job.seen is not None:
        now, situation = job.seen
        last = found.pop()
        found.append(last.under(*lay(last.scenario, situation, desk.network, now)))
    return tuple(found)


class _Steps:
    """How far a study is, as parts of its job.

    A part is an empty text: what is planned again is planned whole. Parts of an attempt before
    are not told once more, so that work that ends a worker each time at the same place gets no
    further attempt for it.
    """

    def __init__(self, work: Work) -> None:
        self._work = work
        self._what = ""
        self._before = self._all = 0

    def __call__(self, what: str, done: int, of: int) -> None:
        """Tell progress of a stage; raises `Halt` and `LeaseLost` as `Work.keep` does."""
        if what != self._what:
            self._what, self._before = what, self._all
        if of <= 0:
            return
        steps = min(of, STEPS)
        self._all = max(self._all, self._before + steps)
        self._tell(self._before + done * steps // of)

    def end(self) -> None:
        """Tell the last part: the answer is made."""
        self._all = max(self._all, len(self._work.parts)) + 1
        self._tell(self._all)

    def _tell(self, reached: int) -> None:
        for number in range(1, reached + 1):
            if number not in self._work.parts:
                self._work.keep(number, "", total=self._all)
