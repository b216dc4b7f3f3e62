"""What studies are made with, whoever asks for them: a terminal, a server, a manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import Generic, TypeVar

from karvan import __version__
from karvan.domain.tariff import TariffBook
from karvan.engines.emissions.factors import EmissionFactor
from karvan.network.network import Network
from karvan.services.executing import Executor, Here
from karvan.services.planning.closed import Laid
from karvan.services.planning.manifest import Manifest, ScenarioText, hash_of, marks_of
from karvan.services.planning.oil_lines import volumes_kt
from karvan.services.planning.projects import ProjectTables
from karvan.services.planning.read_whole import read_whole
from karvan.services.planning.reporting import ListReport, Report
from karvan.services.planning.result_tables import Table
from karvan.services.planning.results import Checks
from karvan.services.planning.scenario import Event, Scenario, Scenarios
from karvan.services.studies.terms import StudyKind, told_terms

Found_co = TypeVar("Found_co", covariant=True)
Item = TypeVar("Item")

#: Called with what is being done, how much of it is, and how much there is; 0 where nobody knows.
Progress = Callable[[str, int, int], None]


def untold(_what: str, _done: int, _of: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, kw_only=True)
class StudyDesk:
    """What studies are made with.

    Attributes
    ----------
    projects
        Reads what can be built; raises `InvalidTables`.
    executor
        Where work of many tasks is done; None for here.
    """

    network: Network
    book: TariffBook
    factors: Mapping[str, EmissionFactor]
    scenarios: Scenarios
    projects: Callable[[], ProjectTables]
    executor: Executor | None = None
    progress: Progress = untold

    @property
    def on(self) -> Executor:
        """Where work of many tasks is done."""
        return self.executor or Here()

    def counted(self, what: str) -> Callable[[int, int], None]:
        """What is called with how many are done and how many there are."""
        return lambda done, of: self.progress(what, done, of)

    def watched(self, items: Iterable[Item], total: int, what: str) -> Iterator[Item]:
        """Give the items, and tell how many have come."""
        self.progress(what, 0, total)
        for number, item in enumerate(items, 1):
            self.progress(what, number, total)
            yield item

    def holds(self, scenario: Scenario) -> Mapping[str, float]:
        """What each pipeline of a scenario holds, in thousand tonnes."""
        return volumes_kt(self.network, scenario.base)

    @cached_property
    def factors_hash(self) -> str:
        """SHA-256 of the emission factors."""
        told = repr(sorted((key, repr(each)) for key, each in self.factors.items()))
        return sha256(told.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A scenario to study, its text, and what was laid over it.

    Attributes
    ----------
    scenario
        With the events laid over it.
    laid
        Those events; they are not in the text.
    seen
        What was closed; None where nobody asked.
    """

    scenario: Scenario
    text: ScenarioText
    laid: tuple[Event, ...] = ()
    seen: Laid | None = None

    @classmethod
    def read(cls, scenarios: Scenarios, given: str, network: Network) -> Subject:
        """A shipped scenario or a file; raises `NotFound`, `InvalidTables` with every fault."""
        found = read_whole(scenarios, given, network)
        return cls(scenario=found, text=ScenarioText(*scenarios.text(given)))

    @classmethod
    def of_manifest(cls, scenarios: Scenarios, then: Manifest) -> Subject:
        """What a result was made from; raises `InvalidTables`."""
        asked = scenarios.read_text(then.scenario.file, then.scenario.text)
        laid = replace(asked, event=(*asked.event, *then.laid))
        return cls(scenario=laid, text=then.scenario, laid=then.laid)

    def under(self, scenario: Scenario, seen: Laid) -> Subject:
        """The same with what is closed laid over it."""
        return replace(self, scenario=scenario, laid=(*self.laid, *seen.events), seen=seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Generic[Found_co]):
    """A study that was made.

    Attributes
    ----------
    found
        The answer itself.
    told
        Everything that is told, as JSON.
    texts
        Other files of the folder, by name.
    page
        Gives the page, of the command that makes it again.
    proven
        Whether no limit of time cut it short.
    """

    found: Found_co
    tables: tuple[Table, ...]
    manifest: Manifest
    told: Mapping[str, object]
    page: Callable[[str], Report | ListReport]
    texts: Mapping[str, str] = field(default_factory=dict)
    proven: bool = True


def manifest_of(
    kind: StudyKind,
    desk: StudyDesk,
    subject: Subject,
    terms: object,
    tables: tuple[Table, ...],
    months: tuple[str, ...],
    checks: Checks,
    *,
    seed: int,
    inputs: Mapping[str, str] | None = None,
    cases: tuple[Manifest, ...] = (),
) -> Manifest:
    """What a study was made from."""
    return Manifest(
        command=kind.value,
        version=__version__,
        scenario=subject.text,
        scenario_hash=hash_of(subject.scenario),
        laid=subject.laid,
        options=told_terms(terms),
        seed=seed,
        network=desk.network.hashes.network,
        months=months,
        checks=checks,
        tables=marks_of(tables),
        inputs=dict(inputs or {}),
        cases=cases,
    )
