"""What the interfaces are given, so that they need not know where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from karvan.services.words import Languages, OnlyEnglish

if TYPE_CHECKING:
    from karvan.interfaces.working import WorkOrder
    from karvan.services.courses import Courses
    from karvan.services.databases import DatabaseCare
    from karvan.services.drawing import MapDrawer
    from karvan.services.exchange import Exchange
    from karvan.services.executing import Executors
    from karvan.services.exporting import QuoteWriter
    from karvan.services.idempotency import AnswerStores
    from karvan.services.jobs.store import JobStores
    from karvan.services.journal import Audit
    from karvan.services.keys import KeyStores
    from karvan.services.persons import Vaults
    from karvan.services.planning.manifest import ResultFolders
    from karvan.services.planning.projects import ProjectFiles
    from karvan.services.planning.reporting import ReportWriter
    from karvan.services.planning.scenario import Scenarios
    from karvan.services.planning.validation import ObservedSource
    from karvan.services.quoting.bulk import LaneFiles, LaneRunner
    from karvan.services.quoting.store import Stores, TableSets
    from karvan.services.rate_sheets import RateSheets
    from karvan.services.situation.closures import ClosureStores
    from karvan.services.tables import Tables
    from karvan.services.trade.importing import TradeSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """The outside world, as values.

    Attributes
    ----------
    clock
        Gives the present instant in UTC.
    environment
        Environment variables; settings read those that begin with `KARVAN_`.
    folder
        Working directory, in which `karvan.toml` is looked for.
    exchange
        Other formats of the tables; commands that need none do without.
    rate_sheets
        The tariff book in files; commands that need none do without.
    drawer
        Draws maps; commands that need none do without.
    courses
        Lays lines over the globe; without it they are drawn straight.
    quote_writer
        Writes quotes as PDF and XLSX; commands that need none do without.
    lane_files, lane_runner
        Tables of many requests, and the processes that answer them.
    audit
        Shows journals; commands that need none do without.
    languages
        The languages people are told in; English alone where none are given.
    databases
        Looks after databases; commands that need none do without.
    keys, answers
        Who may write, and what was answered under an idempotency key; without a database in
        which things are kept neither counts.
    closures
        Where closures are kept; without it, or where nothing is kept, everything is as usual.
    jobs, work_beside
        Where jobs are kept, and what a process beside the server runs to do them; a function of
        a module, so that it can be named to another process.
    vaults
        Where personal data is kept; commands that need none do without.
    scenarios, observed
        Scenarios to plan, and what was observed; commands that need none do without.
    projects
        What can be built; commands that need none do without.
    trade
        Tables of trade by value, and files of others; commands that need none do without.
    executors
        Where work of many tasks is done; commands that have none do without.
    results
        Where results of studies are written, and read again; commands that need none do without.
    reports
        Writes studies as pages; commands that need none do without.
    stores, table_sets
        Where quotes are kept, and the tables with them; without both nothing is kept.
    """

    tables: Tables
    clock: Callable[[], datetime]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path = field(default_factory=Path)
    exchange: Exchange | None = None
    rate_sheets: RateSheets | None = None
    drawer: MapDrawer | None = None
    courses: Courses | None = None
    quote_writer: QuoteWriter | None = None
    lane_files: LaneFiles | None = None
    lane_runner: LaneRunner | None = None
    audit: Audit | None = None
    databases: DatabaseCare | None = None
    keys: KeyStores | None = None
    answers: AnswerStores | None = None
    closures: ClosureStores | None = None
    vaults: Vaults | None = None
    jobs: JobStores | None = None
    work_beside: Callable[[WorkOrder], None] | None = None
    stores: Stores | None = None
    table_sets: TableSets | None = None
    scenarios: Scenarios | None = None
    observed: ObservedSource | None = None
    projects: ProjectFiles | None = None
    executors: Executors | None = None
    trade: TradeSource | None = None
    results: ResultFolders | None = None
    reports: ReportWriter | None = None
    languages: Languages = field(default_factory=OnlyEnglish)
