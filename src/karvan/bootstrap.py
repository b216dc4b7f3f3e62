"""Wiring: the one module that knows every name, and the entry point `karvan`.

Nothing heavy is imported before it is needed, so that `karvan --help` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from karvan.interfaces.wiring import Wiring
from karvan.services.words import ENGLISH, SOURCE

if TYPE_CHECKING:
    from karvan.domain.tariff import TariffBook
    from karvan.interfaces.working import WorkOrder
    from karvan.network.network import Network
    from karvan.network.places import Place
    from karvan.network.situation import Situation
    from karvan.network.trade import TradeTables
    from karvan.services.courses import Course
    from karvan.services.databases import Database, DatabaseState
    from karvan.services.drawing import DrawnMap, MapRequest
    from karvan.services.exchange import Comparison, Exchanged, Format, Period
    from karvan.services.executing import Executor, ExecutorKind
    from karvan.services.exporting import QuoteDocument, QuoteFile, QuoteFormat, QuoteWriter
    from karvan.services.idempotency import AnswersOnce
    from karvan.services.jobs.store import JobStore
    from karvan.services.journal import Head
    from karvan.services.keys import Keys
    from karvan.services.persons import Vault
    from karvan.services.planning.manifest import Manifest
    from karvan.services.planning.projects import ProjectTables
    from karvan.services.planning.reporting import ListReport, Report, TradeReport
    from karvan.services.planning.result_tables import Table
    from karvan.services.planning.scenario import Scenario
    from karvan.services.planning.validation import ObservedTables
    from karvan.services.quoting.bulk import Lane, LaneResult, Render
    from karvan.services.quoting.published import Published
    from karvan.services.quoting.store import OpenedTables, QuoteStore, StoredQuote, TableSet
    from karvan.services.situation.closures import ClosureStore
    from karvan.services.tables import CheckedTables
    from karvan.services.trade.importing import ImportedTrade
    from karvan.services.words import Languages, Words


class ShippedTables:
    """The `Tables` port on files, its adapter imported at the first use."""

    def check(self, folder: Path | None = None) -> CheckedTables:
        """Read and check every table."""
        from karvan.adapters.files.published import FileTables

        return FileTables().check(folder)

    def load(self, folder: Path | None = None) -> Published:
        """Give the published tables; raises `InvalidTables` with every fault."""
        from karvan.adapters.files.published import FileTables

        return FileTables().load(folder)


class FilePackages:
    """The `Exchange` port on files, its adapter imported at the first use."""

    def export(
        self, what: Format, target: Path, period: Period, folder: Path | None = None
    ) -> Exchanged:
        """Write the network in a format."""
        from karvan.adapters.formats.exchange import FileExchange

        return FileExchange().export(what, target, period, folder)

    def read(self, what: Format, source: Path, target: Path) -> Exchanged:
        """Read a package of ours back into a folder of tables."""
        from karvan.adapters.formats.exchange import FileExchange

        return FileExchange().read(what, source, target)

    def compare(self, old: Path | None, new: Path | None) -> Comparison:
        """Tell how two sets of tables differ."""
        from karvan.adapters.formats.exchange import FileExchange

        return FileExchange().compare(old, new)

    def write_templates(self, target: Path) -> tuple[str, ...]:
        """Write empty tables to fill in."""
        from karvan.adapters.formats.exchange import FileExchange

        return FileExchange().write_templates(target)


class Databases:
    """The `Stores` port on SQLite and PostgreSQL, its adapter imported at the first use."""

    def open(self, where: Database, *, create: bool) -> QuoteStore:
        """Open a store of quotes."""
        from karvan.adapters.sql.quotes import SqlStores

        return SqlStores().open(where, create=create)


class AccessKeys:
    """The `KeyStores` port, its adapter imported at the first use."""

    def open(self, where: Database, *, create: bool) -> Keys:
        """Open the keys of a database."""
        from karvan.adapters.sql.keys import SqlKeyStores

        return SqlKeyStores().open(where, create=create)


class KeptAnswers:
    """The `AnswerStores` port, its adapter imported at the first use."""

    def open(self, where: Database, *, create: bool) -> AnswersOnce:
        """Open the answers of a database."""
        from karvan.adapters.sql.answers_once import SqlAnswerStores

        return SqlAnswerStores().open(where, create=create)


class Closures:
    """The `ClosureStores` port, its adapter imported at the first use."""

    def open(self, where: Database, *, create: bool) -> ClosureStore:
        """Open a store of closures."""
        from karvan.adapters.sql.closures import SqlClosureStores

        return SqlClosureStores().open(where, create=create)


class Jobs:
    """The `JobStores` port, its adapter imported at the first use."""

    def open(self, where: Database, *, create: bool) -> JobStore:
        """Open the jobs of a database."""
        from karvan.adapters.sql.jobs import SqlJobStores

        return SqlJobStores().open(where, create=create)


class PersonVaults:
    """The `Vaults` port, its adapter imported at the first use."""

    def open(self, where: Database, master: Path | None, *, create: bool) -> Vault:
        """Open a vault."""
        from karvan.adapters.sql.vault import SqlVaults

        return SqlVaults().open(where, master, create=create)

    def make_master(self, target: Path) -> None:
        """Write a new master key."""
        from karvan.adapters.sql.vault import SqlVaults

        SqlVaults().make_master(target)


class DatabaseCommands:
    """The `DatabaseCare` port, its adapter imported at the first use."""

    def upgrade(self, where: Database) -> tuple[str, str]:
        """Bring the tables to this program's version."""
        from karvan.adapters.sql.care import SqlCare

        return SqlCare().upgrade(where)

    def check(self, where: Database) -> DatabaseState:
        """Look at everything."""
        from karvan.adapters.sql.care import SqlCare

        return SqlCare().check(where)

    def backup(self, where: Database, target: Path) -> Mapping[str, int]:
        """Write everything to one file."""
        from karvan.adapters.sql.care import SqlCare

        return SqlCare().backup(where, target)

    def restore(self, where: Database, source: Path) -> Mapping[str, int]:
        """Fill an empty database from such a file."""
        from karvan.adapters.sql.care import SqlCare

        return SqlCare().restore(where, source)

    def prune(
        self, where: Database, *, before: datetime, now: datetime, actor: str, dry_run: bool
    ) -> Mapping[str, int]:
        """Remove quotes whose prices ended before an instant."""
        from karvan.adapters.sql.care import SqlCare

        return SqlCare().prune(where, before=before, now=now, actor=actor, dry_run=dry_run)


class Journals:
    """The `Audit` port, its adapter imported at the first use."""

    def verify(self, where: Database, expected: str = "") -> Head:
        """Follow the chain and compare it with what is kept."""
        from karvan.adapters.sql.audit import SqlAudit

        return SqlAudit().verify(where, expected)

    def export(self, where: Database, target: Path) -> Head:
        """Write the entries to a new file."""
        from karvan.adapters.sql.audit import SqlAudit

        return SqlAudit().export(where, target)


class LaneTables:
    """The `LaneFiles` port, its adapter imported at the first use."""

    def read(self, source: Path) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        """Give header and rows of a table of lanes."""
        from karvan.adapters.formats.lanes import FileLanes

        return FileLanes().read(source)

    def write(
        self,
        target: Path,
        header: Sequence[str],
        rows: Sequence[Sequence[str]],
        numeric: frozenset[str],
    ) -> None:
        """Write a table of results."""
        from karvan.adapters.formats.lanes import FileLanes

        FileLanes().write(target, header, rows, numeric)


class Processes:
    """The `LaneRunner` port, its adapter imported at the first use."""

    def run(
        self,
        opened: OpenedTables,
        lanes: Sequence[Lane],
        now: datetime,
        *,
        workers: int,
        render: Render,
        situation: Situation | None = None,
    ) -> Iterator[LaneResult]:
        """Answer lanes on several processes."""
        from karvan.adapters.executors.lanes import ProcessLanes

        return ProcessLanes().run(
            opened, lanes, now, workers=workers, render=render, situation=situation
        )


class ShippedTableSets:
    """The `TableSets` port on files, its adapter imported at the first use."""

    def open(self, folder: Path | None = None) -> OpenedTables:
        """Read the tables and the set of files they are."""
        from karvan.adapters.files.table_sets import FileTableSets

        return FileTableSets().open(folder)

    def load(self, table_set: TableSet) -> Published:
        """Read the tables of a set."""
        from karvan.adapters.files.table_sets import FileTableSets

        return FileTableSets().load(table_set)

    def export(self, target: Path, quote: StoredQuote, tables: TableSet) -> None:
        """Write a quote and its tables to one file."""
        from karvan.adapters.files.table_sets import FileTableSets

        FileTableSets().export(target, quote, tables)

    def read_export(self, source: Path) -> tuple[StoredQuote, TableSet]:
        """Read such a file."""
        from karvan.adapters.files.table_sets import FileTableSets

        return FileTableSets().read_export(source)


class TariffFiles:
    """The `RateSheets` port on files, its adapter imported at the first use."""

    def book(self, source: Path | None) -> TariffBook:
        """Give the book of a folder or workbook laid over the shipped tables."""
        from karvan.adapters.formats.rate_sheets import FileRateSheets

        return FileRateSheets().book(source)

    def export(self, target: Path, folder: Path | None = None) -> Exchanged:
        """Write the tables of the book to a workbook or folder."""
        from karvan.adapters.formats.rate_sheets import FileRateSheets

        return FileRateSheets().export(target, folder)

    def read(self, source: Path, target: Path, *, add: bool) -> Exchanged:
        """Read a workbook or folder into a new folder of tables."""
        from karvan.adapters.formats.rate_sheets import FileRateSheets

        return FileRateSheets().read(source, target, add=add)


class ShippedProjects:
    """The `ProjectFiles` port on tables, its adapter imported at the first use."""

    def read(self, folder: Path | None = None) -> ProjectTables:
        """Read the projects."""
        from karvan.adapters.files.projects import FileProjects

        return FileProjects().read(folder)


class ShippedScenarios:
    """The `Scenarios` port on files, its adapter imported at the first use."""

    def known(self) -> tuple[str, ...]:
        """Names of the shipped scenarios."""
        from karvan.adapters.files.scenarios import FileScenarios

        return FileScenarios().known()

    def titles(self) -> tuple[tuple[str, str], ...]:
        """Names and titles of the shipped scenarios."""
        from karvan.adapters.files.scenarios import FileScenarios

        return FileScenarios().titles()

    def read(self, given: str) -> Scenario:
        """Read a scenario."""
        from karvan.adapters.files.scenarios import FileScenarios

        return FileScenarios().read(given)

    def parse(self, given: Mapping[str, object]) -> Scenario:
        """Read a scenario sent as an object."""
        from karvan.adapters.files.scenarios import FileScenarios

        return FileScenarios().parse(given)

    def naming(self, given: str | Mapping[str, object]) -> Scenario | None:
        """What a scenario with faults names."""
        from karvan.adapters.files.scenarios import FileScenarios

        return FileScenarios().naming(given)

    def text(self, given: str) -> tuple[str, str]:
        """Name and text of a scenario's file."""
        from karvan.adapters.files.scenarios import FileScenarios

        return FileScenarios().text(given)

    def text_of(self, given: Mapping[str, object]) -> tuple[str, str]:
        """Name and text of a scenario that was sent."""
        from karvan.adapters.files.scenarios import FileScenarios

        return FileScenarios().text_of(given)

    def read_text(self, file: str, text: str) -> Scenario:
        """Read the text of a scenario file kept elsewhere."""
        from karvan.adapters.files.scenarios import FileScenarios

        return FileScenarios().read_text(file, text)


class ShippedObserved:
    """The `ObservedSource` port on files, its adapter imported at the first use."""

    def load(self) -> ObservedTables:
        """Read what was observed, and what answers it."""
        from karvan.adapters.files.observed import FileObserved

        return FileObserved().load()


class StudyFolders:
    """The `ResultFolders` port, its adapter imported at the first use."""

    def write(
        self,
        folder: Path,
        tables: Sequence[Table],
        manifest: Manifest | None,
        texts: Mapping[str, str],
    ) -> None:
        """Write a folder whole or not at all."""
        from karvan.adapters.formats.result_folders import FileResults

        FileResults().write(folder, tables, manifest, texts)

    def files(
        self, tables: Sequence[Table], manifest: Manifest | None, texts: Mapping[str, str]
    ) -> Mapping[str, bytes]:
        """What a folder would hold."""
        from karvan.adapters.formats.result_folders import FileResults

        return FileResults().files(tables, manifest, texts)

    def require_new(self, folder: Path) -> None:
        """Refuse a folder that holds something or cannot be made."""
        from karvan.adapters.formats.result_folders import FileResults

        FileResults().require_new(folder)

    def manifest(self, given: Path) -> Manifest:
        """Read the manifest of a folder."""
        from karvan.adapters.formats.result_folders import FileResults

        return FileResults().manifest(given)

    def tables(self, folder: Path) -> Mapping[str, Table]:
        """Read the tables of a folder back."""
        from karvan.adapters.formats.result_folders import FileResults

        return FileResults().tables(folder)


class Trades:
    """The `TradeSource` port on files, its adapters imported at the first use."""

    def load(self, folder: Path | None = None) -> TradeTables:
        """Read the tables of trade."""
        from karvan.adapters.files.trade_tables import read_trade

        return read_trade(folder)

    def read(self, file: Path) -> ImportedTrade:
        """Read a file of UN Comtrade."""
        from karvan.adapters.formats.comtrade import read_comtrade

        return read_comtrade(file)


class HtmlPages:
    """The `ReportWriter` port, its adapter imported at the first use."""

    def write(self, report: Report | ListReport | TradeReport) -> str:
        """One page in HTML."""
        from karvan.adapters.reports.page import HtmlReports

        return HtmlReports().write(report)

    def require_target(self, target: Path) -> None:
        """Refuse a file that could not be written."""
        from karvan.adapters.formats.writing import require_file

        require_file(target)

    def save(self, report: Report | ListReport | TradeReport, target: Path) -> None:
        """Write it to a file."""
        from karvan.adapters.reports.page import HtmlReports

        HtmlReports().save(report, target)


class LocalExecutors:
    """The `Executors` port on this machine, its adapter imported at the first use."""

    def open(self, kind: ExecutorKind, workers: int) -> Executor:
        """Give an executor."""
        from karvan.adapters.executors.opening import LocalExecutors as Local

        return Local().open(kind, workers)


class SvgMaps:
    """The `MapDrawer` port, its adapter imported at the first use."""

    def draw(self, network: Network, request: MapRequest) -> DrawnMap:
        """Draw a map as SVG."""
        from karvan.adapters.drawing.map_svg import SvgDrawer

        return SvgDrawer().draw(network, request)

    def to_png(self, svg: str) -> bytes:
        """Turn an SVG into a PNG of its own size."""
        from karvan.adapters.drawing.map_svg import SvgDrawer

        return SvgDrawer().to_png(svg)


class Lines:
    """The `Courses` port, its adapter imported at the first use."""

    def course(self, start: Place, end: Place, *, afloat: bool) -> Course:
        """Give the line between two places."""
        from karvan.adapters.drawing.courses import GlobeCourses

        return GlobeCourses().course(start, end, afloat=afloat)


class ShippedLanguages:
    """The `Languages` port on the shipped catalogues, Babel imported at the first foreign word."""

    def __init__(self, *folders: Path) -> None:
        self._folders = folders
        self._catalogues: Languages | None = None

    def offered(self) -> tuple[str, ...]:
        """Tags of the languages there are."""
        return self._opened().offered()

    def words(self, language: str) -> Words:
        """One of them."""
        return ENGLISH if language == SOURCE else self._opened().words(language)

    def _opened(self) -> Languages:
        if self._catalogues is None:
            from karvan.adapters.languages.shelf import Catalogues

            self._catalogues = Catalogues(*self._folders)
        return self._catalogues


class QuoteFiles:
    """The `QuoteWriter` port, its adapter imported and kept at the first use."""

    def __init__(self) -> None:
        self._writer: QuoteWriter | None = None

    def write(self, what: QuoteFormat, document: QuoteDocument) -> QuoteFile:
        """Write a quote as a file."""
        from karvan.adapters.documents.writing import DocumentQuotes

        if self._writer is None:
            self._writer = DocumentQuotes()
        return self._writer.write(what, document)


def clock() -> datetime:
    """The present instant, to the second, in UTC."""
    return datetime.now(UTC).replace(microsecond=0)


def wire() -> Wiring:
    """Put the program together as it runs from a terminal."""
    return Wiring(
        tables=ShippedTables(),
        exchange=FilePackages(),
        rate_sheets=TariffFiles(),
        drawer=SvgMaps(),
        courses=Lines(),
        quote_writer=QuoteFiles(),
        lane_files=LaneTables(),
        lane_runner=Processes(),
        stores=Databases(),
        closures=Closures(),
        vaults=PersonVaults(),
        audit=Journals(),
        databases=DatabaseCommands(),
        keys=AccessKeys(),
        answers=KeptAnswers(),
        jobs=Jobs(),
        work_beside=work_beside,
        table_sets=ShippedTableSets(),
        scenarios=ShippedScenarios(),
        observed=ShippedObserved(),
        projects=ShippedProjects(),
        executors=LocalExecutors(),
        trade=Trades(),
        results=StudyFolders(),
        reports=HtmlPages(),
        languages=ShippedLanguages(),
        clock=clock,
        environment=dict(os.environ),
        folder=Path.cwd(),
    )


def work_beside(order: WorkOrder) -> None:
    """Do jobs in a process that a server started."""
    from karvan.interfaces.working import work_beside as work

    work(wire(), order)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit status."""
    try:
        from karvan.interfaces.cli.app import run

        status = run(sys.argv[1:] if arguments is None else arguments, wire())
    except KeyboardInterrupt:
        # Before the command could begin.
        status = 130
    raise SystemExit(status)
