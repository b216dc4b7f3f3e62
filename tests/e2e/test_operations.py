"""Running it: the drill of backup and restore, an upgrade under a server, retention by command."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from karvan.adapters.sql.database import SqlDatabase
from karvan.bootstrap import wire
from karvan.interfaces.cli import app as cli
from karvan.interfaces.http.app import create_app
from karvan.interfaces.settings import load_settings
from karvan.services.databases import Database
from karvan.services.keys import Scope

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BODY = {
    "from": "KZ-ALM",
    "to": "GE-POT",
    "container": "40HC",
    "mass_kg": "18000",
    "hs": "851660",
    "ready": "2026-12-03",
    "samples": 100,
}


@pytest.fixture
def wiring(opened):
    class Sets:
        def open(self, _=None):
            return opened

        def load(self, _=None):
            return opened.published

    return replace(wire(), clock=lambda: NOW, tables=Sets(), table_sets=Sets(), environment={})


@pytest.fixture
def karvan(wiring, capsys):
    def run(*arguments):
        status = cli.run([*arguments, "--json"], wiring)
        told = capsys.readouterr()
        return status, json.loads(told.out or told.err)

    return run


@pytest.fixture
def serve(wiring, quoting):
    def made(url):
        settings = load_settings({"KARVAN_DATABASE": url}, Path("/nowhere")).settings
        app = create_app(wiring, settings, warm_up=False)
        app.state.desk._quoting = quoting
        return TestClient(app, raise_server_exceptions=False)

    return made


@pytest.fixture(params=["file", "server"])
def url(request, tmp_path):
    if request.param == "server":
        return request.getfixturevalue("postgres").new()
    return Database.of_file(tmp_path / "kept.sqlite").url


def test_the_drill_what_was_answered_is_there_after_a_restore(karvan, serve, url, tmp_path):
    """Serve, make a key, back up while serving; lose everything; restore; serve: all is there."""
    backup, restored = str(tmp_path / "monday.zip"), Database.of_file(tmp_path / "new.sqlite").url
    with serve(url) as client:
        quote = client.post("/v1/quotes", json=BODY)
        token = karvan("key", "create", "port", "--scopes", "closures", "--database", url)[1]
        assert karvan("db", "backup", backup, "--database", url)[0] == 0
        head = karvan("audit", "verify", "--database", url)[1]["hash"]

    assert karvan("db", "restore", backup, "--database", restored)[0] == 0
    assert karvan("db", "check", "--database", restored)[1]["damaged"] == []
    assert karvan("audit", "verify", "--head", head, "--database", restored)[0] == 0
    with serve(restored) as client:
        assert client.get("/health/ready").status_code == 503, "it is not warm yet"
        assert client.get(f"/v1/quotes/{quote.json()['quote_id']}").content == quote.content
        door = client.app.state.door
        assert door.admit(token["token"], Scope.CLOSURES) == f"key:{token['id']}"
        again = client.get(f"/v1/quotes/{quote.json()['quote_id']}/again").json()
    assert again["verdict"] == "same"


def test_a_running_server_goes_on_while_the_tables_are_expanded(serve, url):
    """A newer program adds a column and a table: who runs already neither fails nor loses."""
    with serve(url) as client:
        first = client.post("/v1/quotes", json=BODY).json()
        database = SqlDatabase(Database(url), create=False)
        with database.transaction(writes=True) as connection:
            connection.exec_driver_sql("ALTER TABLE quotes ADD COLUMN note TEXT")
            connection.exec_driver_sql("CREATE TABLE bookings_of_next_year (id TEXT)")
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        database.close()

        later = client.post("/v1/quotes", json={**BODY, "seed": 7})
        assert later.status_code == 200
        assert client.get(f"/v1/quotes/{first['quote_id']}").json() == first
        assert client.get(f"/v1/quotes/{later.json()['quote_id']}").status_code == 200
        assert client.get("/health/ready").json()["store"] == "ready"
    with serve(url) as client:
        told = client.get("/health/ready").json()
    assert told["store"] == "store-version", "a program that begins now must know the tables"


def test_what_ended_long_ago_is_removed_by_command(karvan, serve, url):
    with serve(url) as client:
        quote = client.post("/v1/quotes", json=BODY).json()
    prune = ("db", "prune", "--older-than", "90", "--database", url)

    assert karvan(*prune, "--now", "2027-02-01T00:00:00Z")[1]["removed"]["quotes"] == 0
    late = ("--now", "2027-03-01T00:00:00Z")
    assert karvan(*prune, *late, "--dry-run")[1]["removed"]["quotes"] == 1
    assert karvan(*prune, *late)[1]["removed"]["quotes"] == 1
    assert karvan("audit", "verify", "--database", url)[0] == 0
    assert karvan("quotes", "show", quote["quote_id"], "--database", url)[0] == 2
    assert karvan("db", "prune", "--older-than", "-1", "--database", url)[0] == 2


def test_the_unit_and_the_page_name_only_what_there_is():
    """The service file: commands and settings that exist; the page shows it as it is."""
    unit = (ROOT / "deploy" / "karvan.service").read_text("utf-8")
    page = (ROOT / "docs" / "how-to" / "run-in-production.md").read_text("utf-8")
    variables = dict(re.findall(r"^Environment=(KARVAN_\w+)=(.*)$", unit, re.MULTILINE))
    assert variables
    load_settings(variables, Path("/nowhere"))
    (command,) = re.findall(r"^ExecStart=\S+/karvan (.*)$", unit, re.MULTILINE)
    assert command == "serve"
    assert unit in page
    assert (ROOT / "deploy" / "Caddyfile").read_text("utf-8") in page
