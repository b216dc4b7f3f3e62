"""The tables of the store, the same on every database."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.types import TypeEngine

from karvan.adapters.sql.guards import forbid_changes

metadata: Final = MetaData()


def _word(length: int) -> TypeEngine[str]:
    """Short text, sorted by its bytes on every database."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


#: The version of these tables; Alembic's own name and form.
versions: Final = Table(
    "alembic_version",
    metadata,
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)

#: One row a set of tables; `archive` is a zip of its files.
table_sets: Final = Table(
    "table_sets",
    metadata,
    Column("content_hash", _word(64), primary_key=True),
    Column("archive", LargeBinary, nullable=False),
)

#: One row a quote. Instants are UTC text that sorts by time; `answer` is the JSON text in UTF-8,
#: packed by zlib (an answer is 400 KB of text and 25 KB packed), its hash that of the text.
quotes: Final = Table(
    "quotes",
    metadata,
    Column("id", _word(40), primary_key=True),
    Column("created_at", _word(32), nullable=False),
    Column("expires_at", _word(32), nullable=False),
    Column("request", Text, nullable=False),
    Column("seed", BigInteger),
    Column("network_hash", _word(64), nullable=False),
    Column("tariff_version", _word(64), nullable=False),
    Column("timetable_hash", _word(64), nullable=False),
    Column("engine_version", _word(64), nullable=False),
    Column("tables_hash", _word(64), ForeignKey(table_sets.c.content_hash), nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("answer_sha256", _word(64), nullable=False),
    Index("quotes_by_time", "created_at", "id"),
)


#: One row an entry of the journal, chained by their hashes.
journal: Final = Table(
    "journal",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", _word(32), nullable=False),
    Column("actor", _word(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("kind", _word(40), nullable=False),
    Column("subject", _word(200), nullable=False),
    Column("body", Text, nullable=False),
    Column("previous", _word(64), nullable=False),
    Column("hash", _word(64), nullable=False, unique=True),
)

#: One row a key: a hash of its secret, its scopes as words with blanks between.
access_keys: Final = Table(
    "access_keys",
    metadata,
    Column("id", _word(40), primary_key=True),
    Column("name", _word(64), nullable=False),
    Column("scopes", _word(200), nullable=False),
    Column("created_at", _word(32), nullable=False),
    Column("until", _word(32), nullable=False),
    Column("secret_sha256", _word(64), nullable=False),
)

#: One row a key that was revoked.
revoked_keys: Final = Table(
    "revoked_keys",
    metadata,
    Column("key_id", _word(40), ForeignKey(access_keys.c.id), primary_key=True),
    Column("revoked_at", _word(32), nullable=False),
)

#: One row an idempotency key of a caller, for a day; without a status it is claimed and not
#: answered yet. Rows are changed and removed: they are no record of anything.
answers_once: Final = Table(
    "answers_once",
    metadata,
    Column("caller", _word(200), primary_key=True),
    Column("key", _word(64), primary_key=True),
    Column("fingerprint", _word(64), nullable=False),
    Column("claimed_at", _word(32), nullable=False),
    Column("token", _word(64), nullable=False),
    Column("status", BigInteger),
    Column("headers", Text),
    Column("body", LargeBinary),
    Index("answers_once_by_time", "claimed_at"),
)

#: One row a job. `due_at` is from when it may be taken, or until when a worker holds it; the
#: result is packed by zlib, its hash that of what was packed.
jobs: Final = Table(
    "jobs",
    metadata,
    Column("id", _word(40), primary_key=True),
    Column("kind", _word(40), nullable=False),
    Column("state", _word(16), nullable=False),
    Column("created_at", _word(32), nullable=False),
    Column("changed_at", _word(32), nullable=False),
    Column("due_at", _word(32), nullable=False),
    Column("actor", _word(200), nullable=False),
    Column("parameters", Text, nullable=False),
    Column("parameters_sha256", _word(64), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("worker", _word(200), nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("reason_code", _word(40)),
    Column("reason", Text),
    Column("result", LargeBinary),
    Column("result_sha256", _word(64)),
    Index("jobs_by_due", "state", "due_at"),
    Index("jobs_by_time", "created_at", "id"),
)

#: One row a finished part of a job that is not done yet.
job_parts: Final = Table(
    "job_parts",
    metadata,
    Column("job_id", _word(40), ForeignKey(jobs.c.id), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("content", Text, nullable=False),
)

#: One row a version of a closure; `seq` counts the entries of all closures, so the last one is
#: the version of the situation.
closures: Final = Table(
    "closures",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("closure_id", _word(200), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("deed", _word(20), nullable=False),
    Column("recorded_at", _word(32), nullable=False),
    Column("actor", _word(200), nullable=False),
    Column("target", _word(160), nullable=False),
    Column("kind", _word(20), nullable=False),
    Column("cause", _word(40), nullable=False),
    Column("since", _word(32), nullable=False),
    Column("reopens_low", _word(32)),
    Column("reopens_likely", _word(32)),
    Column("reopens_high", _word(32)),
    Column("share_lost_pct", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("source", Text, nullable=False),
    UniqueConstraint("closure_id", "version"),
)

#: One row a person: what is known, sealed under a key of the person's own.
persons: Final = Table(
    "persons",
    metadata,
    Column("id", _word(40), primary_key=True),
    Column("created_at", _word(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

#: One row a key, sealed under the master key. To forget a person its row is removed.
person_keys: Final = Table(
    "person_keys",
    metadata,
    Column("person_id", _word(40), ForeignKey(persons.c.id), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)

#: One row a person who is forgotten.
forgotten_persons: Final = Table(
    "forgotten_persons",
    metadata,
    Column("person_id", _word(40), ForeignKey(persons.c.id), primary_key=True),
    Column("forgotten_at", _word(32), nullable=False),
)

#: One row a list of departures that a carrier gave, whole; the last one's number is the version.
timetables: Final = Table(
    "timetables",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("recorded_at", _word(32), nullable=False),
    Column("actor", _word(200), nullable=False),
    Column("carrier", _word(160), nullable=False),
    Column("content", Text, nullable=False),
)


def _forbid(table: Table, connection: Connection, **_: object) -> None:
    forbid_changes(connection, table.name)


for _table in (
    table_sets,
    quotes,
    journal,
    access_keys,
    revoked_keys,
    closures,
    persons,
    forgotten_persons,
    timetables,
):
    event.listen(_table, "after_create", _forbid)
