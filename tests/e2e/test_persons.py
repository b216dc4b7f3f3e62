"""Persons at the terminal: kept, shown, entered by their id, and forgotten."""

import json

import pytest

from karvan.bootstrap import wire
from karvan.interfaces.cli import app as cli
from karvan.interfaces.wiring import Wiring


@pytest.fixture
def karvan(tmp_path, now, published, capsys):
    class Tables:
        def load(self, folder=None):
            return published

    real = wire()
    environment = {"HOME": str(tmp_path), "KARVAN_VAULT_KEY": str(tmp_path / "master.key")}

    def run(*arguments, person=""):
        wiring = Wiring(
            tables=Tables(),
            clock=lambda: now,
            environment={**environment, "KARVAN_PERSON": person},
            folder=tmp_path,
            vaults=real.vaults,
            closures=real.closures,
            audit=real.audit,
        )
        status = cli.run(arguments, wiring)
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def test_a_person_is_kept_works_and_is_forgotten(karvan, tmp_path):
    status, _, err = karvan("person", "add", "--name", "Ana")
    assert (status, "holds no key" in err) == (2, True)
    assert karvan("person", "master-key", str(tmp_path / "master.key"))[0] == 0
    _, out, _ = karvan("person", "add", "--name", "Ana", "--email", "ana@port.example")
    person = out.strip()
    assert "ana@port.example" in karvan("person", "show", person)[1]

    # What Ana does is entered under the id alone.
    added = karvan("closure", "add", "KZ-AKT", "--until", "2026-11-25", "--json", person=person)
    assert json.loads(added[1])["closure"]["actor"] == person
    journal = tmp_path / "journal.jsonl"
    karvan("audit", "export", str(journal))
    entry = json.loads(journal.read_text("utf-8").splitlines()[-1])
    assert (entry["kind"], entry["actor"]) == ("closure-closed", person)
    assert "Ana" not in journal.read_text("utf-8")

    status, out, err = karvan("person", "forget", person)
    assert status == 0
    assert "the key is destroyed" in out
    assert "backups made before still hold the key" in err
    status, out, _ = karvan("person", "show", person)
    assert status == 0
    assert "Ana" not in out
    assert "nothing can be read" in out
    assert json.loads(karvan("person", "list", "--json")[1])["items"][0]["forgotten_at"]
    assert karvan("audit", "verify")[0] == 0


def test_faults_are_told_in_words_of_the_command_line(karvan):
    assert karvan("person", "forget", "Ana")[0] == 2
    assert "one of request" in karvan("person", "forget", "P-0000000000000000", "--why", "x")[2]
    assert karvan("person", "forget", "P-0000000000000000")[0] == 2
    status, _, err = karvan("closure", "list", person="Ana")
    assert status == 2
    assert "not the id of a person" in err
