"""Trade over HTTP tells what the command tells."""

import json
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from karvan.bootstrap import Trades
from karvan.interfaces.cli import app as cli
from karvan.interfaces.http.app import create_app
from karvan.interfaces.http.schemas import ProblemDocument
from karvan.interfaces.http.trade import TradeTold
from karvan.interfaces.settings import Settings
from karvan.interfaces.wiring import Wiring


@pytest.fixture(scope="module")
def wiring(published):
    class Tables:
        def load(self, folder=None):
            return published

    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    return Wiring(tables=Tables(), clock=lambda: now, trade=Trades())


@pytest.fixture(scope="module")
def client(wiring):
    with TestClient(create_app(wiring, Settings(), warm_up=False)) as made:
        yield made


@pytest.mark.parametrize("year", [None, 2023])
def test_the_figures_are_those_of_the_command(client, wiring, capsysbinary, year):
    words = [] if year is None else ["--year", str(year)]
    assert cli.run(["trade", "KZ", "AZ", *words, "--json"], wiring) == 0
    shown = json.loads(capsysbinary.readouterr().out)

    asked = {"first": "kz", "second": "az"} | ({} if year is None else {"year": year})
    told = client.get("/v1/trade", params=asked)

    assert told.status_code == 200, told.text
    TradeTold.model_validate_json(told.content)
    assert told.json() == shown
    again = client.get("/v1/trade", params=asked, headers={"If-None-Match": told.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"first": "KZ", "second": "XX"}, 404),
        ({"first": "KZ", "second": "AZ", "year": 1950}, 404),
        ({"first": "KZ"}, 422),
        ({"first": "KZ", "second": "AZ", "year": "soon"}, 422),
        ({"first": "KZ", "second": "AZ", "month": 1}, 422),
    ],
)
def test_what_is_not_known_is_a_problem(client, asked, status):
    told = client.get("/v1/trade", params=asked)
    assert told.status_code == status, told.text
    ProblemDocument.model_validate_json(told.content)
