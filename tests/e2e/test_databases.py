"""`karvan db` and `--database` from outside."""

import json

import pytest

from karvan.adapters.sql.quotes import SqlStores
from karvan.bootstrap import wire
from karvan.interfaces.cli import app as cli
from karvan.services.databases import Database
from stored_answers import TABLES, stored


@pytest.fixture
def karvan(capsys):
    def run(*arguments):
        status = cli.run(arguments, wire())
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


@pytest.fixture(params=["file", "server"])
def url(request, tmp_path):
    if request.param == "server":
        return request.getfixturevalue("postgres").new()
    return Database.of_file(tmp_path / "kept.sqlite").url


def keep(url, *numbers):
    store = SqlStores().open(Database(url), create=True)
    store.put([stored(number) for number in numbers], TABLES)
    store.close()


def test_quotes_move_from_a_file_or_a_server_to_a_file_by_backup(karvan, url, tmp_path):
    keep(url, 1, 2)
    backup = str(tmp_path / "b.zip")

    assert karvan("db", "backup", backup, "--database", url)[0] == 0
    status, out, _ = karvan("db", "restore", backup, "--store", str(tmp_path / "n.sqlite"))
    assert status == 0
    assert "quotes" in out

    listing = ("quotes", "list", "--json", "--now", "2026-11-21T12:00:00Z")
    before = json.loads(karvan(*listing, "--database", url)[1])
    after = json.loads(karvan(*listing, "--store", str(tmp_path / "n.sqlite"))[1])
    assert after == before
    assert len(after["items"]) == 2


def test_upgrade_and_check_tell_the_version(karvan, url):
    status, out, _ = karvan("db", "upgrade", "--json", "--database", url)
    made = json.loads(out)
    assert (status, made["before"]) == (0, "")
    keep(url, 1)

    status, out, _ = karvan("db", "check", "--json", "--database", url)
    told = json.loads(out)
    assert status == 0
    assert told["version"] == told["newest"] == made["after"]
    assert told["rows"]["quotes"] == 1
    assert told["damaged"] == []
    assert "Everything is what was stored." in karvan("db", "check", "--database", url)[1]


def test_a_database_that_is_not_there_is_told(karvan, tmp_path):
    for arguments in (("check",), ("backup", str(tmp_path / "b.zip"))):
        file = str(tmp_path / "none.sqlite")
        status, _, err = karvan("db", *arguments, "--store", file)
        assert status == 2
        assert "there is no store there yet" in err
    assert list(tmp_path.iterdir()) == []


def test_without_a_database_nothing_is_looked_after(karvan):
    status, _, err = karvan("db", "check", "--database", "none")
    assert status == 2
    assert "--database URL" in err
