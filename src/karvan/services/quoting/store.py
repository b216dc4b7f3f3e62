"""Stored quotes and the tables they were made from, and the ports through which they are kept.

A quote is stored with everything that makes it again: request, clock, versions, and the tables
themselves, once for each set. Nothing stored is ever changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from karvan.domain.errors import InvalidInput, StoreDamaged
from karvan.domain.instants import parse_instant
from karvan.services.databases import Database
from karvan.services.quoting.published import Published

#: The most quotes that `QuoteStore.list_quotes` gives at once.
MOST_LISTED = 1_000


def content_hash_of(files: Mapping[str, bytes]) -> str:
    r"""Name a set of files by the SHA-256 of their paths and contents.

    >>> content_hash_of({"b": b"2", "a": b"1"}) == content_hash_of({"a": b"1", "b": b"2"})
    True
    """
    digest = sha256()
    for path in sorted(files):
        digest.update(f"{path}\0{sha256(files[path]).hexdigest()}\n".encode())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class TableSet:
    """Every table a quote was made from, as files.

    Attributes
    ----------
    content_hash
        Of paths and contents; two sets with one hash are the same set.
    files
        Bytes by path below a data folder, such as `network/links.csv`.
    """

    content_hash: str
    files: Mapping[str, bytes]

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> TableSet:
        """Make a set of files."""
        return cls(content_hash_of(files), files)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredQuote:
    """A quote as it is kept.

    Attributes
    ----------
    created_at, expires_at
        The clock with which it was made, and until when its prices hold; UTC.
    request
        In canonical text, ready to be read again.
    tables_hash
        Name of the `TableSet` it was made from.
    answer
        The JSON text exactly as it was given.
    """

    quote_id: str
    created_at: datetime
    expires_at: datetime
    request: Mapping[str, object]
    network_hash: str
    tariff_version: str
    timetable_hash: str
    engine_version: str
    tables_hash: str
    answer: str

    @classmethod
    def of(cls, answer: str, tables_hash: str) -> StoredQuote:
        """Read what is to be stored out of an answer.

        Raises
        ------
        StoreDamaged
            The text is no answer of ours.
        """
        try:
            body = json.loads(answer)
            versions = {name: _text(body[name]) for name in VERSIONS}
            return cls(
                quote_id=_text(body["quote_id"]),
                created_at=parse_instant(_text(body["created_at"])),
                expires_at=parse_instant(_text(body["expires_at"])),
                request=_mapping(body["request"]),
                tables_hash=tables_hash,
                answer=answer,
                **versions,
            )
        except (ValueError, KeyError, TypeError, RecursionError, InvalidInput) as error:
            raise StoreDamaged("this is no stored quote", reason=type(error).__name__) from None

    @property
    def answer_sha256(self) -> str:
        """Hash of the text of the answer."""
        return sha256(self.answer.encode("utf-8")).hexdigest()

    @property
    def body(self) -> Mapping[str, object]:
        """The answer as JSON."""
        return _mapping(json.loads(self.answer))

    @property
    def request_json(self) -> str:
        """The request as one line of canonical JSON."""
        return json.dumps(self.request, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def holds_at(self, instant: datetime) -> bool:
        """Say whether the prices still hold."""
        return instant <= self.expires_at


#: What a quote was made with, as its answer names it.
VERSIONS = ("network_hash", "tariff_version", "timetable_hash", "engine_version")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise TypeError
    return value


class QuoteStore(Protocol):
    """Where quotes are kept. Nothing is changed or removed; what was put is there for good."""

    def put(self, quotes: Sequence[StoredQuote], tables: TableSet) -> None:
        """Keep quotes and the tables they were made from, all or none.

        When this returns, they are on the disk. A quote that is there already is no fault.

        Raises
        ------
        QuoteConflict
            Another answer is stored under one of the ids.
        StoreUnavailable, StoreDamaged
            Nothing was kept.
        """

    def get(self, quote_id: str) -> StoredQuote:
        """Give a quote.

        Raises
        ------
        UnknownQuote
            With the ids most like it.
        StoreDamaged
            What is stored is not what was put.
        """

    def get_tables(self, content_hash: str) -> TableSet:
        """Give a set of tables; raises `StoreDamaged` when it is not what was put."""

    def list_quotes(self, limit: int = 50, offset: int = 0) -> Sequence[StoredQuote]:
        """Give quotes, the newest first, then by id; those that are damaged are left out."""

    def check(self) -> Sequence[StoreDamaged]:
        """Look at every quote and set of tables; gives what is damaged."""

    def close(self) -> None:
        """Let go of the store."""


class Stores(Protocol):
    """Opens stores."""

    def open(self, where: Database, *, create: bool) -> QuoteStore:
        """Open a store, made when it is not there and `create` says so.

        Raises
        ------
        StoreUnavailable, StoreDamaged
            It is not there, cannot be made, is something else or is damaged.
        """


@dataclass(frozen=True, slots=True)
class OpenedTables:
    """Tables that can be quoted from, and the files they were read from."""

    published: Published
    table_set: TableSet


class TableSets(Protocol):
    """Turns tables into sets and back."""

    def open(self, folder: Path | None = None) -> OpenedTables:
        """Read the shipped tables, or a folder laid over them; raises `InvalidTables`."""

    def load(self, table_set: TableSet) -> Published:
        """Read the tables of a set; raises `InvalidTables` when today's program cannot."""

    def export(self, target: Path, quote: StoredQuote, tables: TableSet) -> None:
        """Write a quote and its tables to one file; raises `InvalidInput`."""

    def read_export(self, source: Path) -> tuple[StoredQuote, TableSet]:
        """Read such a file; raises `InvalidTables` or `StoreDamaged`."""
