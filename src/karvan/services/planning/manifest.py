"""What a result was made from, so that it can be made again: the manifest beside its tables.

It holds the text of the scenario itself, so that a changed file does not change what is run again,
and hashes of everything else: network, tables, and the scenario as it was understood.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol

from karvan.domain.errors import InvalidInput
from karvan.services.planning.result_tables import Table
from karvan.services.planning.results import Checks
from karvan.services.planning.scenario import Event, Scenario
from karvan.services.planning.typed import read_as

FORMAT: Final = 1
#: Name of the file in the folder.
MANIFEST: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class ScenarioText:
    """A scenario as it was written: name of its file, and the text."""

    file: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMark:
    """How a table is known again."""

    rows: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a result was made from.

    Attributes
    ----------
    command
        The command of `karvan` that made it.
    scenario, scenario_hash
        The text, and the SHA-256 of what it was understood as, its base included.
    laid
        Events that were laid over it: what was closed.
    options
        What else was asked for.
    network
        Content hash of the network.
    months, checks, tables
        Of the result.
    inputs
        SHA-256 of what else it was made from, by name.
    cases
        Of a comparison: what each of its cases was made from.
    """

    command: str
    version: str
    scenario: ScenarioText
    scenario_hash: str
    laid: tuple[Event, ...]
    options: Mapping[str, float | int | str | bool]
    seed: int
    network: str
    months: tuple[str, ...]
    checks: Checks
    tables: Mapping[str, TableMark]
    inputs: Mapping[str, str] = field(default_factory=dict)
    cases: tuple[Manifest, ...] = ()

    def to_text(self) -> str:
        """As JSON, for people too."""
        told = {"format": FORMAT, **asdict(self)}
        return json.dumps(told, indent=2, ensure_ascii=False, default=_plain) + "\n"

    @classmethod
    def parse(cls, text: str) -> Manifest:
        """Read a manifest.

        Raises
        ------
        InvalidInput
            It is none, or one of a later format.
        """
        try:
            told = json.loads(text)
            form = told.pop("format")
        except (ValueError, RecursionError, AttributeError, KeyError, TypeError):
            raise InvalidInput("this is no manifest of a study") from None
        if form != FORMAT:
            raise InvalidInput("the manifest is of another format", format=form, known=FORMAT)
        faults: list[str] = []
        try:
            found = read_as(cls, told, faults)
        except RecursionError:
            raise InvalidInput("this is no manifest of a study") from None
        faults += [
            f"laid {number}: {words}"
            for number, event in enumerate(found.laid if found else (), 1)
            for words in _wrong(event)
        ]
        if faults:
            raise InvalidInput("the manifest is damaged", faults=faults)
        assert isinstance(found, Manifest)
        return found


class ResultFolders(Protocol):
    """Where results are kept: a folder with a manifest and the tables, CSV and Parquet."""

    def write(
        self,
        folder: Path,
        tables: Sequence[Table],
        manifest: Manifest | None,
        texts: Mapping[str, str],
    ) -> None:
        """Write whole or not at all to a new or empty folder; raises `InvalidInput`.

        Parameters
        ----------
        manifest
            None where several cases have their own, among the texts.
        texts
            Other files by their names.
        """
        ...

    def files(
        self, tables: Sequence[Table], manifest: Manifest | None, texts: Mapping[str, str]
    ) -> Mapping[str, bytes]:
        """Give what `write` would write, by name."""
        ...

    def require_new(self, folder: Path) -> None:
        """Refuse a folder that `write` would refuse; raises `InvalidInput`."""
        ...

    def manifest(self, given: Path) -> Manifest:
        """Read the manifest of a folder, or a manifest itself; raises `InvalidInput`."""
        ...

    def tables(self, folder: Path) -> Mapping[str, Table]:
        """Read the tables of a folder back; raises `InvalidInput` where one was changed."""
        ...


def hash_of(scenario: Scenario) -> str:
    """SHA-256 of a scenario as it was understood, 64 hexadecimal digits; names of files apart."""
    told = {
        each.name: _canonical(getattr(scenario, each.name))
        for each in fields(scenario)
        if each.compare and each.name not in {"file", "base_file", "name"}
    }
    text = json.dumps(told, sort_keys=True)
    return sha256(text.encode("utf-8")).hexdigest()


def _canonical(value: object) -> object:
    """A value as JSON can hold it, in one order whatever it is kept in."""
    if is_dataclass(value):
        return {each.name: _canonical(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return sorted([repr(_canonical(key)), _canonical(each)] for key, each in value.items())
    if isinstance(value, (set, frozenset)):
        return sorted((_canonical(each) for each in value), key=repr)
    if isinstance(value, (list, tuple)):
        return [_canonical(each) for each in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return _plain(value)


def marks_of(tables: Sequence[Table]) -> Mapping[str, TableMark]:
    """How tables are known again, by name."""
    return {table.name: TableMark(rows=len(table.rows), hash=table.hash) for table in tables}


def _wrong(event: Event) -> Iterator[str]:
    """What no event can say."""
    if not 0 <= event.share_lost <= 1:
        yield "a share from 0 to 1 is expected"
    if event.last_day < event.first_day:
        yield "it ends before it begins"


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else str(value)
