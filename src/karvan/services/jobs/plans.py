"""`plan`: the oil of the corridor under a scenario, as `karvan plan` tells it.

The tables are those of the submission and a scenario sent with it is kept as it was sent, so the
answer does not depend on when a worker comes to it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from karvan.domain.errors import Fault, InvalidInput, InvalidRequest, InvalidTables, LimitReached
from karvan.domain.instants import parse_instant, render_instant
from karvan.network.network import Network
from karvan.network.situation import Situation
from karvan.services.jobs.work import GiveUp, Work
from karvan.services.planning.scenario import Scenario, Scenarios
from karvan.services.quoting.published import Published
from karvan.services.quoting.seen import situation_of_answer, situation_seen
from karvan.services.quoting.store import OpenedTables, QuoteStore, TableSet, TableSets

KIND: Final = "plan"

#: Seconds the solver may take for one plan: unless told, and at most. A study is two plans, and
#: a job that shows no progress for an hour counts as hung.
USUAL_LIMIT_S: Final = 600.0
LONGEST_LIMIT_S: Final = 1200.0

#: A scenario of a shipped name, or one that was sent.
Given = str | Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanJob:
    """What the job works on.

    Attributes
    ----------
    scenario
        As it was given.
    tables_hash
        Name of the set of tables.
    seen
        The clock, and what was closed then; None where that was not asked for.
    """

    scenario: Given
    time_limit_s: float
    tables_hash: str
    seen: tuple[datetime, Situation] | None = None

    def to_text(self) -> str:
        """The parameters as they are kept."""
        scenario = self.scenario if isinstance(self.scenario, str) else dict(self.scenario)
        told: dict[str, object] = {
            "scenario": scenario,
            "time_limit_s": self.time_limit_s,
            "tables_hash": self.tables_hash,
        }
        if self.seen is not None:
            told["now"] = render_instant(self.seen[0])
            told["situation"] = situation_seen(self.seen[1])
        return json.dumps(told, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> PlanJob:
        """Read what `to_text` wrote; raises `InvalidInput`."""
        try:
            found = json.loads(text)
            situation = situation_of_answer(found) if "now" in found else None
            return cls(
                scenario=found["scenario"],
                time_limit_s=float(found["time_limit_s"]),
                tables_hash=str(found["tables_hash"]),
                seen=None if situation is None else (parse_instant(found["now"]), situation),
            )
        except (ValueError, KeyError, TypeError) as error:
            reason = type(error).__name__
            raise InvalidInput("this is no scenario to plan", reason=reason) from None


def prepare(
    store: QuoteStore,
    tables: TableSet,
    given: Given,
    time_limit_s: float,
    seen: tuple[datetime, Situation] | None = None,
) -> str:
    """Keep the tables and give the parameters of a job that plans with them."""
    store.put([], tables)
    job = PlanJob(
        scenario=given, time_limit_s=time_limit_s, tables_hash=tables.content_hash, seen=seen
    )
    return job.to_text()


def check(given: object, scenarios: Scenarios, network: Network, pointer: str) -> Given:
    """Give a scenario that can be planned.

    Raises
    ------
    InvalidRequest
        No shipped scenario has the name, or what was sent has faults: all of them.
    """
    # NumPy comes with it; a server that is asked for no study does without.
    from karvan.services.planning.oil import faults_of

    if isinstance(given, str):
        known = scenarios.known()
        if given not in known:
            fix = "one of " + ", ".join(known)
            raise InvalidRequest(
                [Fault("not-found", "no scenario has this name", pointer, fix=fix)]
            )
    elif not isinstance(given, Mapping):
        words = "must be the name of a scenario, or an object"
        raise InvalidRequest([Fault("invalid-input", words, pointer)])
    try:
        faults = list(faults_of(network, _read(scenarios, given)))
    except InvalidTables as error:
        faults = list(error.faults)
    if faults:
        raise InvalidRequest(
            [Fault(each.code, each.message, _pointer(pointer, each.column)) for each in faults]
        )
    return given


def check_limit(given: object, pointer: str) -> float:
    """Read the seconds that a plan may take; raises `InvalidRequest`."""
    if (
        isinstance(given, int | float)
        and not isinstance(given, bool)
        and 0 <= given <= LONGEST_LIMIT_S
    ):
        return float(given)
    words = f"must be a number of seconds from 0 to {LONGEST_LIMIT_S:.0f}"
    raise InvalidRequest([Fault("invalid-input", words, pointer)])


class PlanScenario:
    """The kind.

    Parameters
    ----------
    open_store
        Opens where the tables are kept.
    today
        Reads the tables of the worker.
    render
        Writes the answer as text.
    """

    def __init__(
        self,
        *,
        open_store: Callable[[], QuoteStore],
        today: Callable[[], OpenedTables],
        table_sets: TableSets,
        scenarios: Scenarios,
        render: Callable[[object], str],
    ) -> None:
        self._open_store = open_store
        self._today = today
        self._table_sets = table_sets
        self._scenarios = scenarios
        self._render = render

    def __call__(self, work: Work) -> bytes:
        """Plan; gives what `karvan plan --json` prints.

        Raises
        ------
        GiveUp
            The solver came to the time limit that was asked for.
        """
        # The solver is loaded by whoever solves: a server only names this kind.
        from karvan.engines.planner.solving import SolverOptions
        from karvan.services.planning.closed import lay
        from karvan.services.planning.freight_telling import freight_told
        from karvan.services.planning.study import study
        from karvan.services.planning.telling import study_json

        if 1 not in work.parts:
            job = PlanJob.from_text(work.parameters)
            scenario = _read(self._scenarios, job.scenario)
            options = SolverOptions(time_limit_s=job.time_limit_s)
            published, laid = self._published(job.tables_hash), None
            network = published.network
            if job.seen is not None:
                now, situation = job.seen
                scenario, laid = lay(scenario, situation, network, now)
            try:
                found = study(network, scenario, options)
            except LimitReached as error:
                raise GiveUp(error) from error
            freight = freight_told(network, found, published.factors)
            work.keep(1, self._render(study_json(found, laid, freight)), total=1)
        return work.parts[1].encode("utf-8")

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


def _read(scenarios: Scenarios, given: Given) -> Scenario:
    return scenarios.read(given) if isinstance(given, str) else scenarios.parse(given)


def _pointer(pointer: str, where: str) -> str:
    """Pointer of a place in a file.

    >>> _pointer("/scenario", "event 2, asset")
    '/scenario/event/1/asset'
    """
    table, _, key = where.rpartition(", ")
    name, _, number = table.partition(" ")
    steps = [name, str(int(number) - 1)] if number.isdecimal() else [name]
    return "/".join([pointer, *filter(None, [*steps, key])])
