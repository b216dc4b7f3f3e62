"""Many quotes at once, from outside."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from karvan.adapters.formats.lanes import FileLanes
from karvan.bootstrap import Databases, LaneTables, Processes, ShippedTableSets
from karvan.domain.errors import InvalidTables
from karvan.interfaces.cli import app as cli
from karvan.interfaces.cli.lanes import field_kinds
from karvan.interfaces.wiring import Wiring
from karvan.services.quoting.bulk import COLUMNS, read_lanes
from karvan.services.quoting.request import OPTIONAL, REQUIRED

ROOT = Path(__file__).parents[2]
NOW = "2026-11-21T12:00:00Z"
HEADER = "lane,from,to,container,mass_kg,hs,ready,samples,changes"
GOOD = [
    "=1+1,KZ-ALM,GE-POT,40HC,18000,851660,+12,50,",
    "b,KZ-ALM,AZ-BAK,20DC,18000,851660,2026-12-05,50,close:GE-POT;close:GE-BUS",
    "c,CN-XIA,KZ-ALM,40HC,18000,851660,2026-12-03,50,",
    "d,KZ-ALM,TR-IST,40HC,9000,851660,2026-12-03,50,",
]
BAD = [
    "e,KZ-XXX,GE-POT,40HC,99000,851660,2026-12-03,50,",
    "f,KZ-ALM,KZ-ALM,40HC,18000,851660,2026-12-03,many,",
]


@pytest.fixture
def karvan(opened, tmp_path, now, capsys, monkeypatch):
    class Sets(ShippedTableSets):
        def open(self, folder=None):
            return opened

    wiring = Wiring(
        tables=None,
        clock=lambda: now,
        folder=tmp_path,
        stores=Databases(),
        table_sets=Sets(),
        lane_files=LaneTables(),
        lane_runner=Processes(),
    )
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        status = cli.run(arguments, wiring)
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def lanes(rows, name="lanes.csv", header=HEADER):
    Path(name).write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return name


def table(name):
    with Path(name).open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_each_lane_is_answered_as_if_it_were_alone(karvan):
    status, out, err = karvan("quotes", "run", lanes([*GOOD, *BAD]), "--out", "o.csv", "--json")
    assert (status, err) == (2, "")
    rows = table("o.csv")

    assert [row["row"] for row in rows] == ["2", "3", "4", "5", "6", "7"]
    for row in rows[:4]:
        alone = json.loads(karvan("quotes", "show", row["quote_id"], "--json")[1])
        best = alone["alternatives"][0]
        assert (row["price"], row["currency"]) == (best["price"]["amount"], "USD")
        assert row["p50_days"] == f"{best['transit_time_h']['p50'] / 24:.1f}"
        assert (row["corridor"], row["departs"]) == (best["corridor"], best["departs_at"])
        assert float(row["cheapest"]) == min(
            float(way["price"]["amount"]) for way in alone["alternatives"]
        )
        assert row["error"] == ""
    cargo = ("--container", "40HC", "--mass-kg", "18000", "--hs", "851660", "--samples", "50")
    single = json.loads(karvan("quote", "KZ-ALM", "GE-POT", *cargo, "--ready", "+12", "--json")[1])
    assert rows[0]["quote_id"] == single["quote_id"]
    assert "no place has this name" in rows[4]["error"]
    assert rows[5]["error"].startswith("to: origin and destination are the same; samples: ")
    told = json.loads(out)
    assert (told["lanes"], told["answered"], told["stored"]) == (6, 4, True)
    assert [(each["row"], each["pointer"]) for each in told["errors"]] == [
        (6, "/from"),
        (6, "/mass_kg"),
        (7, "/to"),
        (7, "/samples"),
    ]


def test_workers_and_order_change_nothing(karvan):
    rows = [line for _ in range(2) for line in GOOD]
    one = ("quotes", "run", lanes(rows), "--out", "one.csv", "--workers", "1", "--store", "none")
    two = ("quotes", "run", lanes(rows), "--out", "two.csv", "--workers", "2", "--store", "none")
    turned = lanes(rows[::-1], "turned.csv")
    three = ("quotes", "run", turned, "--out", "three.csv", "--workers", "1", "--store", "none")

    assert [karvan(*each)[0] for each in (one, two, three)] == [0, 0, 0]

    assert Path("one.csv").read_bytes() == Path("two.csv").read_bytes()
    ids = [[row["quote_id"] for row in table(name)] for name in ("one.csv", "three.csv")]
    assert ids[0] == ids[1][::-1]


def test_no_cell_is_a_formula_in_csv_or_spreadsheet(karvan):
    row = GOOD[0]
    assert karvan("quotes", "run", lanes([row]), "--out", "o.csv", "--store", "none")[0] == 0
    assert karvan("quotes", "run", "lanes.csv", "--out", "o.xlsx", "--store", "none")[0] == 0

    assert table("o.csv")[0]["lane"] == "'=1+1"
    # The reader of spreadsheets refuses every formula.
    header, rows = FileLanes().read(Path("o.xlsx"))
    assert tuple(header) == COLUMNS
    assert rows[0][header.index("lane")] == "=1+1"
    assert rows[0][header.index("price")] == table("o.csv")[0]["price"].removesuffix("0")


@pytest.mark.parametrize(
    ("header", "rows", "told"),
    [
        ("from,to,ready,colour,size", ["a,b,c,d,e"], {"colour", "size"}),
        ("from,hs", ["a,b"], {"to", "ready"}),
        ("from,to,ready", [], {""}),
        ("from,to,ready,from", ["a,b,c,d"], {"from"}),
        ("from,to,ready", ["a,b", "a,b,c,d"], {""}),
    ],
)
def test_a_table_that_cannot_be_read_is_told_whole(karvan, header, rows, told):
    name = lanes(rows, header=header)
    status, out, err = karvan("quotes", "run", name, "--out", "o.csv", "--json")
    faults = json.loads(err)["errors"]
    assert (status, out) == (2, "")
    assert {fault["column"] for fault in faults} == told
    assert not Path("o.csv").exists()


@pytest.mark.parametrize("out", ["o.txt", "none/o.csv", "lanes.csv"])
def test_a_result_that_has_no_place_is_refused_before_the_work(karvan, out):
    status, _, err = karvan("quotes", "run", lanes(GOOD), "--out", out, "--json")
    assert status == 2
    assert [each["pointer"] for each in json.loads(err)["errors"]] == ["/out"]
    assert Path("lanes.csv").read_text(encoding="utf-8").startswith(HEADER)


def test_every_field_of_a_request_may_be_a_column():
    kinds = field_kinds()
    assert {*REQUIRED, *OPTIONAL} <= set(kinds)
    assert (kinds["samples"], kinds["changes"], kinds["hs"]) == ("whole", "list", "text")
    (lane,) = read_lanes("x", ["from", "to", "ready", "seed"], [["A", "B", "C", "7"]], kinds)
    assert lane.body == {"from": "A", "to": "B", "ready": "C", "seed": 7}
    with pytest.raises(InvalidTables):
        read_lanes("x", ["from", "to", "ready"], [["A", "B", "C"]] * 10_001, kinds)


def test_an_interrupt_leaves_no_half_result(tmp_path):
    """The interrupt comes when the first lane of a worker is answered.

    What a shell starts in the background ignores it, so the program begins to heed it again.
    """
    program = (
        "import signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from karvan.adapters.executors import lanes\n"
        "given = lanes._gather\n"
        "def gather(futures):\n"
        "    for result in given(futures):\n"
        "        import os\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "        yield result\n"
        "lanes._gather = gather\n"
        "from karvan.bootstrap import main\n"
        "main(sys.argv[1:])\n"
    )
    rows = [line for _ in range(5) for line in BAD]
    (tmp_path / "lanes.csv").write_text("\n".join([HEADER, *rows]) + "\n")
    command = ["quotes", "run", "lanes.csv", "--out", "o.csv", "--workers", "2"]
    command += ["--now", NOW, "--store", "none"]
    done = subprocess.run(
        [sys.executable, "-c", program, *command],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 130, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["lanes.csv"]
