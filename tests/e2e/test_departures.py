"""Carriers' departures: imported whole, seen by quotes and lists, exported again."""

import json
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from karvan.bootstrap import wire
from karvan.interfaces.cli import app as cli
from karvan.interfaces.http.app import create_app
from karvan.interfaces.http.schemas import QuoteAnswer
from karvan.interfaces.settings import load_settings
from karvan.interfaces.wiring import Wiring

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
FERRY = "CASP-AKT-ALT-FERRY"
REQUEST = {
    "from": "KZ-ALM", "to": "GE-POT", "container": "40HC", "mass_kg": "18000", "hs": "851660",
    "ready": "2026-12-03", "samples": 50, "avoid": ["KZ-KUR", "TM-TKM", "CASP-AKT-ALT-FEEDER"],
}  # fmt: skip
ROWS = (
    "service,departs_at,arrives_at,cutoff_at,capacity,status",
    f"{FERRY},2026-12-01T09:00:00+05:00,,,54,",
    f"{FERRY},2026-12-13T09:00:00+05:00,2026-12-14T12:00:00+05:00,,54,scheduled",
    f"{FERRY},2026-12-15T09:00:00+05:00,,,54,cancelled",
    f"{FERRY},2026-12-28T09:00:00+05:00,,,,",
)


@pytest.fixture
def wiring(opened, tmp_path):
    real = wire()

    class Tables:
        def load(self, folder=None):
            return opened.published

    class Sets(type(real.table_sets)):
        def open(self, folder=None):
            return opened

    return Wiring(
        tables=Tables(),
        clock=lambda: NOW,
        environment={"HOME": str(tmp_path)},
        folder=tmp_path,
        stores=real.stores,
        closures=real.closures,
        table_sets=Sets(),
        audit=real.audit,
    )


@pytest.fixture
def karvan(wiring, capsys):
    def run(*arguments):
        status = cli.run(arguments, wiring)
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


@pytest.fixture
def file(tmp_path):
    def write(*rows):
        path = tmp_path / "list.csv"
        path.write_text("\n".join(rows) + "\n", "utf-8")
        return str(path)

    return write


@pytest.fixture
def carrier(opened):
    return opened.published.network.services[FERRY].operator


def test_a_published_list_replaces_the_pattern_for_its_days(
    karvan, file, carrier, wiring, tmp_path
):
    settings = load_settings(wiring.environment, wiring.folder).settings
    with TestClient(create_app(wiring, settings, warm_up=False)) as client:

        def leaving():
            found = client.get("/v1/places/KZ-AKT/departures?days=45&limit=500").json()["items"]
            return [each for each in found if each["service"] == FERRY]

        before = leaving()
        assert all(each["nominal"] for each in before)
        imported = karvan("departures", "import", file(*ROWS), "--carrier", carrier, "--json")
        assert imported[0] == 0, imported[2]
        assert json.loads(imported[1])["cancelled"] == 1

        after = leaving()
        published = [each for each in after if not each["nominal"]]
        assert [each["departs_at"][:10] for each in published] == [
            "2026-12-01",
            "2026-12-13",
            "2026-12-28",
        ]
        window = ("2026-11-30T19:00:00Z", "2026-12-28T19:00:00Z")
        outside = [each for each in before if not window[0] <= each["departs_at"] < window[1]]
        assert [each for each in after if each["nominal"]] == outside

        answer = client.post("/v1/quotes", json=REQUEST)
        found = answer.json()
        QuoteAnswer.model_validate(found)
        legs = [leg for way in found["alternatives"] for leg in way["legs"]]
        (sailed,) = {
            (leg["departure_id"], leg["arrives_at"]) for leg in legs if leg["service"] == FERRY
        }
        assert sailed == (f"{FERRY}@2026-12-13.1", "2026-12-14T07:00:00Z")
        assert not any(leg["nominal"] for leg in legs if leg["service"] == FERRY)
        (times,) = found["situation"]["timetable"]
        assert len(times["departures"]) == 3
        again = client.get(f"/v1/quotes/{found['quote_id']}/again").json()
        assert again["verdict"] == "same"

    # A later list counts on its days, and what counts can be written and read again.
    later = (ROWS[0], f"{FERRY},2026-12-13T15:00:00+05:00,,,54,")
    assert karvan("departures", "import", file(*later), "--carrier", carrier)[0] == 0
    out = tmp_path / "out.csv"
    assert karvan("departures", "export", str(out))[0] == 0
    rows = out.read_text("utf-8").splitlines()
    assert [row.split(",")[1] for row in rows[1:]] == [
        "2026-12-01T04:00:00Z",
        "2026-12-13T10:00:00Z",
        "2026-12-15T04:00:00Z",
        "2026-12-28T04:00:00Z",
    ]
    assert karvan("departures", "import", str(out), "--carrier", carrier, "--dry-run")[0] == 0
    assert karvan("audit", "verify")[0] == 0


def test_a_list_with_wrong_rows_is_refused_whole_with_every_fault(karvan, file, carrier, tmp_path):
    wrong = (
        ROWS[0],
        ROWS[1],
        ROWS[1],
        "NO-SUCH,2026-12-01T09:00:00Z,,,,",
        f"{FERRY},2026-12-01,,,x,gone",
        f"{FERRY},2026-12-02T09:00:00Z,2026-12-01T09:00:00Z,,,",
        f"{FERRY},2030-12-02T09:00:00Z,,,,",
    )
    status, _, err = karvan("departures", "import", file(*wrong), "--carrier", carrier)
    assert status == 2
    for words in (
        "row 3, departs_at: stands in row 2 already",
        "row 4, service: no scheduled service",
        "row 5, departs_at: expected an instant",
        "row 5, capacity: must be a whole number",
        "row 5, status: must be scheduled or cancelled",
        "row 6, arrives_at: must be later",
        "row 7, departs_at: must lie within",
    ):
        assert words in err
    status, _, err = karvan("departures", "import", file(*ROWS), "--carrier", "KTZ")
    assert "another carrier runs this service" in err
    assert karvan("departures", "import", file("service,colour"), "--carrier", carrier)[0] == 2
    assert karvan("departures", "export", str(tmp_path / "out.csv"))[0] == 2
