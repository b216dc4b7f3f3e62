"""The command line from outside: what it prints, where, and with which exit status."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from karvan.bootstrap import wire
from karvan.domain.errors import LimitReached
from karvan.interfaces.cli import app
from karvan.interfaces.http.schemas import QuoteAnswer
from karvan.interfaces.wiring import Wiring

ROOT = Path(__file__).parents[2]
NOW = "2026-11-21T12:00:00Z"
CARGO = ("--container", "40HC", "--mass-kg", "18000", "--hs", "851660")
FLAGSHIP = ("quote", "CN-XIA", "TR-IST", *CARGO, "--ready", "2026-12-03", "--now", NOW)
SHORT = ("quote", "KZ-ALM", "GE-POT", *CARGO, "--ready", "2026-12-03", "--now", NOW)
SHORT = (*SHORT, "--samples", "100")


@dataclass(frozen=True)
class Result:
    status: int
    out: str
    err: str


@pytest.fixture
def karvan(published, capsys, tmp_path, now):
    """Runs a command in this process, the tables read once."""

    @dataclass
    class Tables:
        def load(self, folder=None):
            return published if folder is None else wire().tables.load(folder)

        def check(self, folder=None):
            return wire().tables.check(folder)

    def run(*arguments, environment=None):
        wiring = Wiring(
            tables=Tables(), clock=lambda: now, environment=environment or {}, folder=tmp_path
        )
        status = app.run(arguments, wiring)
        told = capsys.readouterr()
        return Result(status, told.out, told.err)

    return run


def outside(*arguments, seed="0", stdout=subprocess.PIPE):
    """Runs a command in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    environment |= {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(
        [sys.executable, "-c", "from karvan.bootstrap import main; main()", *arguments],
        stdout=stdout,
        stderr=subprocess.PIPE,
        env=environment,
        timeout=240,
        check=False,
    )


def of_its_own(program: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        timeout=60,
        check=False,
    )


def test_help_imports_nothing_heavy():
    heavy = ["numpy", "numba", "scipy", "sqlalchemy", "fastapi", "pydantic", "uvicorn", "starlette"]
    heavy += ["duckdb", "highspy"]
    heavy += ["babel"]
    program = (
        "import sys\n"
        "from karvan.bootstrap import main\n"
        "try:\n    main(['--help'])\n"
        "except SystemExit as end:\n    assert end.code == 0, end.code\n"
        f"found = [name for name in {heavy!r} if name in sys.modules]\n"
        "assert not found, found\n"
    )
    done = of_its_own(program)
    assert done.returncode == 0, done.stderr
    assert b"karvan [OPTIONS] COMMAND" in done.stdout


def test_the_server_starts_without_compilers_and_solvers():
    later = ["numba", "scipy", "highspy", "duckdb", "ray", "matplotlib", "weasyprint"]
    program = (
        "import sys\n"
        "import karvan.interfaces.http.app\n"
        f"found = [name for name in {later!r} if name in sys.modules]\n"
        "assert not found, found\n"
    )
    done = of_its_own(program)
    assert done.returncode == 0, done.stderr


def test_the_flagship_quote_has_exactly_the_promised_fields(karvan):
    done = karvan(*FLAGSHIP, "--json")

    assert (done.status, done.err) == (0, "")
    assert done.out.endswith("}\n")
    answer = QuoteAnswer.model_validate_json(done.out)
    assert len(answer.alternatives) >= 3
    for way in answer.alternatives:
        lines = [Decimal(line.amount_quoted) for line in way.price_lines]
        assert sum(lines) == Decimal(way.price.amount)
        hours = way.transit_time_h
        assert hours.p10 <= hours.p50 <= hours.p80 <= hours.p90 <= hours.p95
        assert way.legs


def test_without_json_the_answer_stands_in_the_first_lines(karvan):
    done = karvan(*FLAGSHIP, "--latest-arrival", "2027-01-20")

    head = done.out.splitlines()[:8]
    assert done.status == 0
    assert head[0] == "Xi'an International Port - Istanbul"
    assert any("Best balance" in line and "USD" in line and "days" in line for line in head)
    assert any("in time" in line for line in head)
    assert "\x1b" not in done.out
    assert max(map(len, done.out.splitlines())) <= 100


def test_all_shows_every_way_and_detail_another_one(karvan):
    some, every = karvan(*SHORT), karvan(*SHORT, "--all")
    ways = len(json.loads(karvan(*SHORT, "--json").out)["alternatives"])

    assert f"{ways} ways" in some.out
    assert f"\n{ways:>2}  " in every.out
    assert "Way 2: " in karvan(*SHORT, "--detail", "2").out
    assert karvan(*SHORT, "--detail", "99").status == 2


def test_two_processes_give_the_same_bytes():
    first, second = (outside(*SHORT, "--json", seed=seed) for seed in ("1", "2"))

    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    assert first.stdout.decode("utf-8")


def test_ready_may_be_told_in_days(karvan):
    told = json.loads(karvan(*SHORT[:-5], "+12", "--now", NOW, "--samples", "50", "--json").out)
    assert told["request"]["ready"] == "2026-12-02T19:00:00Z"


WRONG = {
    "unknown place": ({"FROM": "CN-XIN"}, "FROM", "CN-XIA"),
    "wrong check digit": (
        {"--container-number": "CSQU3054384"},
        "--container-number",
        "check digit should be 3",
    ),
    "too heavy": ({"--mass-kg": "27000"}, "--mass-kg", "at most 26580 kg in one 45G1"),
    "in the past": ({"--ready": "2026-11-20"}, "--ready", "2026-11-21 or later"),
    "too far ahead": ({"--ready": "2027-11-20"}, "--ready", "within"),
    "not a date": ({"--ready": "3.12.2026"}, "--ready", "expected"),
    "no such box": ({"--container": "99X9"}, "--container", "not a container type"),
    "no such goods": ({"--hs": "851669"}, "--hs", "no such subheading"),
    "no such currency": ({"--currency": "XXX"}, "--currency", "one of"),
    "no such change": ({"--change": "shut:KZ-AKT"}, "--change 1", "close:ID"),
    "no such service": ({"--change": "open:KZ-AKT"}, "--change 1", "no scheduled service"),
    "too few samples": ({"--samples": "few"}, "--samples", "whole number"),
    "negative seed": ({"--seed": "-1"}, "--seed", "whole number"),
    "no clock": ({"--now": "today"}, "--now", "expected an instant"),
}


def arguments(changes):
    given = {
        "FROM": "CN-XIA",
        "TO": "TR-IST",
        "--container": "40HC",
        "--mass-kg": "18000",
        "--hs": "851660",
        "--ready": "2026-12-03",
        "--now": NOW,
    } | changes
    options = [part for name, value in given.items() if name[0] == "-" for part in (name, value)]
    return ["quote", given["FROM"], given["TO"], *options]


@pytest.mark.parametrize(("changes", "field", "right"), WRONG.values(), ids=WRONG.keys())
def test_wrong_input_is_told_with_what_would_be_right(karvan, changes, field, right):
    done = karvan(*arguments(changes))

    assert (done.status, done.out) == (2, "")
    assert "There is 1 problem" in done.err
    assert f"  {field}: " in done.err
    assert right in done.err
    assert "Traceback" not in done.err


def test_all_faults_are_told_at_once(karvan):
    wrong = {"FROM": "Xiann", "TO": "Nowhere", "--mass-kg": "99999", "--ready": "2026-01-01"}

    done = karvan(*arguments({**wrong, "--container-number": "CSQU3054384"}))

    assert done.status == 2
    assert "There are 5 problems" in done.err


def test_missing_options_are_told_together(karvan):
    done = karvan("quote", "CN-XIA", "TR-IST", "--now", NOW)

    assert done.status == 2
    assert "There are 4 problems" in done.err
    assert all(f"{name}: is required" in done.err for name in ("--container", "--hs", "--ready"))


def test_with_json_errors_are_a_problem_on_stderr_and_stdout_stays_empty(karvan):
    done = karvan(*arguments({"FROM": "Aktua", "--mass-kg": "x"}), "--json")

    problem = json.loads(done.err)
    assert (done.status, done.out) == (2, "")
    assert problem["code"] == "invalid-request"
    assert problem["exit_status"] == 2
    assert [fault["pointer"] for fault in problem["errors"]] == ["/from", "/mass_kg"]


def test_no_route_is_nothing_found(karvan):
    closed = ("--change", "close:CN-XIA")

    done = karvan(*FLAGSHIP, *closed)

    assert (done.status, done.out) == (2, "")
    assert "CN-XIA is closed" in done.err or "no chain" in done.err


def test_a_limit_has_its_own_exit_status(karvan, monkeypatch):
    def stop(*_):
        raise LimitReached("too many labels", labels=1)

    monkeypatch.setattr("karvan.services.quoting.quote.Quoting.quote", stop)
    done = karvan(*SHORT)
    assert (done.status, done.out) == (3, "")
    assert "too many labels\n  labels = 1" in done.err


def test_our_own_fault_is_told_without_internals(karvan, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("karvan.services.quoting.quote.Quoting.quote", fail)
    done = karvan(*SHORT)
    assert (done.status, done.out) == (1, "")
    assert "our fault" in done.err
    assert "secret" not in done.err


def test_ctrl_c_leaves_quietly(karvan, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("karvan.services.quoting.quote.Quoting.quote", interrupt)
    done = karvan(*SHORT)
    assert (done.status, done.out, done.err) == (130, "", "")


@pytest.mark.skipif(os.name != "posix", reason="pipes close otherwise elsewhere")
def test_ctrl_c_while_the_program_is_read_leaves_quietly():
    """The interrupt comes with the first import behind the entry point."""
    program = (
        "import sys\n"
        "class Interrupted:\n"
        "    def find_spec(self, name, *rest):\n"
        "        if name == 'karvan.interfaces.cli.app':\n"
        "            raise KeyboardInterrupt\n"
        "from karvan.bootstrap import main\n"
        "sys.meta_path.insert(0, Interrupted())\n"
        "main(['version'])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (130, b"")


def test_a_reader_who_leaves_is_not_an_error():
    reading, writing = os.pipe()
    os.close(reading)

    done = outside("network", "list", "links", stdout=writing)

    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_behind_the_answer_is_told_in_words():
    with Path("/dev/full").open("wb") as full:
        done = outside("network", "list", "links", stdout=full)

    assert done.returncode == 2
    assert b"the answer cannot be written" in done.stderr
    assert b"No space left" in done.stderr


@pytest.mark.parametrize(
    "typed", [["quotes"], ["quote", "--no-such"], ["quote", "CN-XIA"], ["network"]]
)
def test_what_was_not_typed_as_it_must_be_has_status_2(karvan, typed):
    done = karvan(*typed)
    assert (done.status, done.out) == (2, "")
    assert done.err


def test_version(karvan):
    from karvan import __version__

    assert karvan("version").out == karvan("--version").out == f"karvan {__version__}\n"


def test_config_show_names_the_origin_of_each_value(karvan, tmp_path):
    (tmp_path / "karvan.toml").write_text("port = 9000\n")

    done = karvan("config", "show", "--json", environment={"KARVAN_HOST": "::1"})

    told = json.loads(done.out)
    assert told["host"] == {"value": "::1", "origin": "KARVAN_HOST"}
    assert told["port"] == {"value": "9000", "origin": str(tmp_path / "karvan.toml")}
    assert told["log_level"]["origin"] == "default"
    assert karvan("config", "show", environment={"KARVAN_PROT": "1"}).status == 2


def test_network_check_of_the_shipped_tables_finds_no_fault(karvan):
    done = karvan("network", "check", "--json")

    told = json.loads(done.out)
    assert (done.status, told["faults"]) == (0, [])
    assert told["rows"]["network/places.csv"] > 100
    assert "0 faults" in karvan("network", "check").out


def test_network_check_names_file_row_and_column_of_a_fault(karvan, tmp_path):
    import shutil

    data = tmp_path / "data"
    shutil.copytree(ROOT / "src" / "karvan" / "data", data)
    places = data / "network" / "places.csv"
    rows = places.read_text(encoding="utf-8").splitlines(keepends=True)
    column = rows[0].split(",").index("lat_deg")
    cells = rows[1].split(",")
    cells[column] = "north"
    places.write_text("".join([rows[0], ",".join(cells), *rows[2:]]), encoding="utf-8")

    done = karvan("network", "check", "--data", str(data))
    refused = karvan(*SHORT, "--data", str(data))

    assert done.status == 2
    assert "places.csv, row 2, lat_deg" in done.out
    assert refused.status == 2
    assert "places.csv, row 2, lat_deg" in refused.err


def test_a_data_folder_that_is_not_there_is_wrong_input(karvan, tmp_path):
    assert karvan("network", "list", "--data", str(tmp_path / "none")).status == 2


def test_network_show_finds_a_place_by_any_name(karvan):
    shown = [
        json.loads(karvan("network", "show", name, "--json").out) for name in ("KZ-AKT", "Ақтау")
    ]

    assert shown[0] == shown[1]
    assert {"KZAAU"} <= {code["code"] for code in shown[0]["codes"]}
    assert {"feeder", "rail_ferry"} <= {link["mode"] for link in shown[0]["links"]}
    assert shown[0]["services"]
    assert all(row["source"] for row in shown[0]["activities"])


def test_network_show_of_a_city_shows_its_members(karvan):
    done = karvan("network", "show", "TR-IST")
    assert done.status == 0
    assert "Ambarli port  TR-AMB" in done.out


def test_an_unknown_place_is_told_with_suggestions(karvan):
    done = karvan("network", "show", "Aktua")
    assert (done.status, done.out) == (2, "")
    assert "KZ-AKT Aktau port" in done.err


@pytest.mark.parametrize("kind", ["places", "links", "services", "carriers"])
def test_network_list_filters_by_country_and_mode(karvan, kind):
    every = json.loads(karvan("network", "list", kind, "--json").out)[kind]
    some = json.loads(karvan("network", "list", kind, "--country", "kz", "--json").out)[kind]
    rail = json.loads(karvan("network", "list", kind, "--mode", "rail", "--json").out)[kind]

    assert 0 < len(some) < len(every)
    assert 0 < len(rail) < len(every)
    assert every[0]["id"] in karvan("network", "list", kind).out
    assert karvan("network", "list", kind, "--country", "XX").status == 2


def test_network_departures_are_dated_in_order_and_marked_nominal(karvan):
    done = karvan("network", "departures", "KZ-AKT", "--days", "7", "--now", NOW, "--json")

    rows = json.loads(done.out)["departures"]
    assert rows
    assert [row["departs_at"] for row in rows] == sorted(row["departs_at"] for row in rows)
    assert all("2026-11-21T12" <= row["departs_at"] < "2026-11-28T12" for row in rows)
    assert all(row["from"] == "KZ-AKT" for row in rows)
    text = karvan("network", "departures", "KZ-AKT", "--days", "7", "--now", NOW).out
    assert "~22 Nov" in text
    assert karvan("network", "departures", "KZ-AKT", "--days", "0").status == 2
