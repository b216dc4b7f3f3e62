"""Projects: what can be built on the corridor, what it costs, and which limits it widens.

Costs are millions of a currency in the money of a year, and nothing is added for later prices:
the tables have no index of prices. Amounts are in the unit in which the capacity is published.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol

from karvan.domain.errors import TableFault
from karvan.domain.money import MINOR_DIGITS
from karvan.network.entries import Entry


class Kind(StrEnum):
    """What a project widens."""

    LINK = "link"
    WAY = "way"
    TERMINAL = "terminal"
    FLEET = "fleet"
    CAP = "cap"


class AddedUnit(StrEnum):
    """Unit of what a project adds."""

    MT_PER_Y = "mt_per_y"
    TEU_PER_Y = "teu_per_y"
    TRAIN_PAIRS_PER_DAY = "train_pairs_per_day"
    SHIPS = "ships"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What one unit of a project adds to a limit."""

    id: str
    project: str
    kind: Kind
    asset: str
    amount: float
    unit: AddedUnit
    low: float | None
    high: float | None
    fact: tuple[str, ...]
    source: tuple[str, ...]
    estimate: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What can be built.

    Attributes
    ----------
    cost_m, low_m, high_m, running_m_y
        Millions of `currency` in the money of `price_year`.
    ready_since
        First whole year in which the capacities of the network hold it; None when they do not.
    one_of
        Projects that share this word exclude each other.
    """

    id: str
    name: str
    currency: str
    cost_m: float
    low_m: float | None
    high_m: float | None
    price_year: int
    running_m_y: float
    build_y: int
    earliest: int
    ready_since: int | None
    life_y: int
    most: int
    one_of: str
    needs: tuple[str, ...]
    fact: tuple[str, ...]
    source: tuple[str, ...]
    estimate: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectTables:
    """All projects, and what they add."""

    projects: tuple[Project, ...]
    additions: tuple[Addition, ...]
    hash: str

    def of(self, project: str) -> tuple[Addition, ...]:
        """What a project adds."""
        return tuple(each for each in self.additions if each.project == project)


class ProjectFiles(Protocol):
    """Where projects are read from."""

    def read(self, folder: Path | None = None) -> ProjectTables:
        """Read the shipped tables, with a folder laid over; raises `InvalidTables`."""
        ...


_YEARS: Final = range(1990, 2101)
_LONGEST: Final = 100
#: Units a kind of asset may have.
_UNITS: Final = {
    Kind.LINK: {AddedUnit.MT_PER_Y, AddedUnit.TEU_PER_Y, AddedUnit.TRAIN_PAIRS_PER_DAY},
    Kind.WAY: {AddedUnit.MT_PER_Y},
    Kind.TERMINAL: {AddedUnit.MT_PER_Y, AddedUnit.TEU_PER_Y},
    Kind.FLEET: {AddedUnit.SHIPS},
    Kind.CAP: {AddedUnit.MT_PER_Y},
}


def faults_of(
    projects: Sequence[Entry[Project]],
    additions: Sequence[Entry[Addition]],
    *,
    named: Collection[str],
    adding: Collection[str],
    links: Collection[str],
    sources: Collection[str],
) -> Iterator[TableFault]:
    """Tell what is wrong with the two tables, all of it.

    Parameters
    ----------
    named, adding
        Ids in the first table and projects in the second, those of rows that could not be read
        among them, so that one fault is told once.
    links, sources
        Ids of links of the network, and keys of `sources.toml`.
    """
    yield from _twice(projects)
    yield from _twice(additions)
    for entry in projects:
        yield from _costs(entry)
        yield from _years(entry)
        yield from _relations(entry, named)
        yield from _sources(entry, entry.value.source, sources)
        if entry.value.id not in adding:
            yield entry.fault("id", "adds-nothing", "no row says what the project adds")
    for row in additions:
        yield from _addition(row, named, links)
        yield from _sources(row, row.value.source, sources)


def _twice(entries: Iterable[Entry[Project] | Entry[Addition]]) -> Iterator[TableFault]:
    seen: set[str] = set()
    for entry in entries:
        if entry.value.id in seen:
            yield entry.fault("id", "duplicate-id", f"{entry.value.id} stands above already")
        seen.add(entry.value.id)


def _costs(entry: Entry[Project]) -> Iterator[TableFault]:
    project = entry.value
    for column in ("cost_m", "low_m", "high_m", "running_m_y"):
        value = getattr(project, column)
        if value is not None and value < 0:
            yield entry.fault(column, "negative", "a cost from 0 on is expected")
    span = (project.cost_m, project.low_m, project.high_m)
    yield from _range(entry, *span, estimate=project.estimate, suffix="_m")
    if project.currency not in MINOR_DIGITS and project.currency != "RUB":
        yield entry.fault("currency", "unknown-currency", "no such currency")


def _range(
    entry: Entry[Project] | Entry[Addition],
    value: float,
    low: float | None,
    high: float | None,
    estimate: bool,
    suffix: str = "",
) -> Iterator[TableFault]:
    for column, end in ((f"low{suffix}", low), (f"high{suffix}", high)):
        if estimate and end is None:
            yield entry.fault(column, "missing", "an estimate has low and high")
    if low is not None and low > value:
        yield entry.fault(f"low{suffix}", "out-of-order", "low is above the figure")
    if high is not None and high < value:
        yield entry.fault(f"high{suffix}", "out-of-order", "high is below the figure")


def _years(entry: Entry[Project]) -> Iterator[TableFault]:
    project = entry.value
    for column in ("price_year", "earliest", "ready_since"):
        year = getattr(project, column)
        if year is not None and year not in _YEARS:
            yield entry.fault(column, "out-of-range", "a year from 1990 to 2100 is expected")
    for column, least in (("build_y", 0), ("life_y", 1), ("most", 1)):
        if not least <= getattr(project, column) <= _LONGEST:
            message = f"a whole number from {least} to {_LONGEST} is expected"
            yield entry.fault(column, "out-of-range", message)


def _relations(entry: Entry[Project], known: Collection[str]) -> Iterator[TableFault]:
    project = entry.value
    if project.one_of and project.most > 1:
        yield entry.fault("one_of", "several-units", "what excludes others has one unit")
    for needed in project.needs:
        if needed not in known or needed == project.id:
            yield entry.fault("needs", "unknown-project", f"no other project has this id: {needed}")


def _sources(
    entry: Entry[Project] | Entry[Addition], named: Sequence[str], known: Collection[str]
) -> Iterator[TableFault]:
    for key in named:
        if key not in known:
            yield entry.fault("source", "unknown-source", f"no such key: {key}")


def _addition(
    entry: Entry[Addition], projects: Collection[str], links: Collection[str]
) -> Iterator[TableFault]:
    row = entry.value
    if row.project not in projects:
        yield entry.fault("project", "unknown-project", f"no project has this id: {row.project}")
    if row.kind is Kind.LINK and row.asset not in links:
        yield entry.fault("asset", "unknown-asset", "no link has this id")
    if row.unit not in _UNITS[row.kind]:
        yield entry.fault("unit", "unit-mismatch", f"a {row.kind} is not widened in this unit")
    if not row.amount > 0:
        yield entry.fault("amount", "out-of-range", "a number above 0 is expected")
    yield from _range(entry, row.amount, row.low, row.high, estimate=row.estimate)
