"""`karvan jobs` and `karvan work` from outside."""

import csv
import json
from pathlib import Path

import pytest

from job_cases import LANES, later
from karvan.bootstrap import Closures, Databases, Jobs, LaneTables, Processes, ShippedTableSets
from karvan.interfaces.cli import app as cli
from karvan.interfaces.wiring import Wiring

HEADER = list(LANES[0])


@pytest.fixture
def karvan(opened, quoting, tmp_path, capsys, monkeypatch):
    class Sets(ShippedTableSets):
        def open(self, folder=None):
            return opened

    class Tables:
        def load(self, folder=None):
            return opened.published

    class Clock:
        now = later(0)

        def __call__(self):
            return self.now

    clock = Clock()
    wiring = Wiring(
        tables=Tables(),
        clock=clock,
        folder=tmp_path,
        stores=Databases(),
        jobs=Jobs(),
        closures=Closures(),
        table_sets=Sets(),
        lane_files=LaneTables(),
        lane_runner=Processes(),
    )
    monkeypatch.chdir(tmp_path)
    # What is compiled for one test serves the others.
    monkeypatch.setattr("karvan.services.quoting.quote.Quoting", lambda _: quoting)
    monkeypatch.setenv("KARVAN_STORE", str(tmp_path / "kept.sqlite"))
    monkeypatch.setattr("getpass.getuser", lambda: "ana")

    def run(*arguments):

        status = cli.run(arguments, wiring)
        told = capsys.readouterr()
        return status, told.out, told.err

    run.clock = clock
    return run


def lanes(rows=LANES, name="lanes.csv"):
    with Path(name).open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, HEADER)
        writer.writeheader()
        writer.writerows(rows)
    return name


def test_lanes_as_a_job_give_the_table_that_quotes_run_gives(karvan):
    closed = ("--until", "2027-06-01", "--cause", "strike", "--reason", "a strike")
    assert karvan("closure", "add", "KZ-AKT", *closed)[0] == 0
    status, out, _ = karvan("quotes", "run", lanes(LANES[:2]), "--out", "run.csv")
    assert status == 2
    queued = json.loads(karvan("jobs", "submit", "lanes.csv", "--json")[1])
    assert (queued["state"], queued["kind"]) == ("queued", "quotes.run")
    job_id = queued["job_id"]
    assert karvan("jobs", "result", job_id, "--json")[0] == 2

    # What is closed later is not seen: clock and closures are those of the submission.
    karvan.clock.now = later(3 * 24 * 3600)
    assert karvan("closure", "add", "GE-POT", *closed)[0] == 0
    status, out, _ = karvan("work", "--once", "--json")
    assert (status, json.loads(out)["ended"]) == (0, {"cancelled": 0, "dead": 0, "done": 1})
    status, out, _ = karvan("jobs", "show", job_id.lower(), "--wait", "--json")
    told = json.loads(out)
    assert (status, told["progress"], told["ended"]) == (0, {"done": 2, "total": 2}, True)
    assert told["actor"] == "terminal"  # Never the name of a login.

    status, out, _ = karvan("jobs", "result", job_id, "--out", "job.csv")
    assert (status, out) == (0, "1 of 2 lanes answered, in job.csv\n")
    assert Path("job.csv").read_bytes() == Path("run.csv").read_bytes()
    assert "there is such a file" in karvan("jobs", "result", job_id, "--out", "job.csv")[2]


def test_jobs_are_listed_page_by_page_cancelled_and_never_both(karvan):
    ids = []
    for seconds in range(3):
        karvan.clock.now = later(seconds)
        ids.insert(0, json.loads(karvan("jobs", "submit", lanes(), "--json")[1])["job_id"])

    first = json.loads(karvan("jobs", "list", "--limit", "2", "--json")[1])
    assert [each["job_id"] for each in first["items"]] == ids[:2]
    rest = json.loads(karvan("jobs", "list", "--after", first["next"], "--json")[1])
    assert ([each["job_id"] for each in rest["items"]], rest["next"]) == (ids[2:], None)
    assert ids[0] in karvan("jobs", "list")[1]

    status, out, _ = karvan("jobs", "cancel", ids[0], "--reason", "wrong file")
    assert (status, out) == (0, f"{ids[0]} is cancelled\n")
    assert karvan("jobs", "show", ids[0])[0] == 2
    only = json.loads(karvan("jobs", "list", "--state", "cancelled", "--json")[1])
    assert [each["job_id"] for each in only["items"]] == ids[:1]
    status, _, err = karvan("jobs", "retry", ids[0], "--json")
    assert (status, json.loads(err)["code"]) == (2, "job-conflict")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("show", "7"), "invalid-request"),
        (("show", "J-0000000000000000"), "unknown-job"),
        (("list", "--state", "lost"), "invalid-request"),
        (("list", "--after", "yesterday"), "invalid-request"),
        (("cancel", "J-0000000000000000", "--reason", "x" * 501), "invalid-request"),
        (("submit", "none.csv"), "invalid-tables"),
    ],
)
def test_what_cannot_be_is_told(karvan, arguments, code):
    assert karvan("work", "--once")[:2] == (0, "Jobs: none was due\n")
    status, out, err = karvan("jobs", *arguments, "--json")
    assert (status, out, json.loads(err)["code"]) == (2, "", code)
