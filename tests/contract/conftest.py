"""Databases for the contracts: each test runs on SQLite and on PostgreSQL."""

import sqlite3

import pytest

from karvan.adapters.sql.quotes import SqlStores
from karvan.services.databases import Database

GUARDED = (
    "quotes",
    "table_sets",
    "journal",
    "access_keys",
    "revoked_keys",
    "closures",
    "persons",
    "forgotten_persons",
    "timetables",
)


class SqliteKit:
    """A store on a file of its own."""

    refusal = sqlite3.IntegrityError

    def __init__(self, file):
        self.file = file
        self.url = Database.of_file(file).url

    def open(self):
        return SqlStores().open(Database(self.url), create=True)

    def execute(self, statement, *values):
        """Reach behind the store, past its guards."""
        connection = sqlite3.connect(self.file)
        for table in GUARDED:
            for verb in ("update", "delete"):
                connection.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(statement, values)
        connection.commit()
        connection.close()

    def rows(self, statement):
        connection = sqlite3.connect(self.file)
        found = connection.execute(statement).fetchall()
        connection.close()
        return found

    def try_change(self, statement):
        connection = sqlite3.connect(self.file)
        try:
            connection.execute(statement)
        finally:
            connection.close()


class PostgresKit:
    """A store in a database of its own."""

    file = None

    def __init__(self, url):
        import psycopg

        self.url = url
        self.refusal = psycopg.IntegrityError
        self._connect = lambda: psycopg.connect(url)

    def open(self):
        return SqlStores().open(Database(self.url), create=True)

    def execute(self, statement, *values):
        with self._connect() as connection:
            for table in GUARDED:
                connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            connection.execute(statement.replace("?", "%s"), values)

    def rows(self, statement):
        with self._connect() as connection:
            return connection.execute(statement).fetchall()

    def try_change(self, statement):
        with self._connect() as connection:
            connection.execute(statement)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request):
    return request.param


@pytest.fixture
def make_kit(request, tmp_path):
    """Give a kit on a database that is empty, of the engine named."""
    count = 0

    def make(wanted):
        nonlocal count
        count += 1
        if wanted == "sqlite":
            return SqliteKit(tmp_path / f"a b%#?ä{count}.sqlite")
        return PostgresKit(request.getfixturevalue("postgres").new())

    return make
