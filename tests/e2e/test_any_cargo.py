"""Every kind of cargo is quoted from the command line and over HTTP, with the same answer."""

import json
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from karvan.interfaces.cli import app as cli
from karvan.interfaces.http.app import create_app
from karvan.interfaces.http.schemas import QuoteAnswer
from karvan.interfaces.settings import Settings
from karvan.interfaces.wiring import Wiring

WAY = {"from": "KZ-ALM", "to": "GE-POT", "ready": "2026-12-03", "samples": 50}
KINDS = {
    "boxes of the carrier": {"container": "20DC", "count": 3, "container_owner": "carrier",
                             "mass_kg": "18000", "hs": "851660"},
    "empty box": {"container": "40HC", "laden": False},
    "hoppers": {"wagon": "hopper", "count": 10, "mass_kg": "60000", "hs": "100199"},
    "own tank wagons": {"wagon": "tank_wagon", "count": 20, "mass_kg": "60000", "hs": "270900",
                        "un": "1267", "wagon_owner": "shipper"},
    "truck": {"truck": "16.5", "mass_kg": "20000", "hs": "851660"},
    "bulk": {"to": "IR-AMI", "from": "KZ-AKT", "bulk": "grain", "mass_t": "3600", "hs": "100199"},
    "oil": {"from": "KZ-AKT", "to": "AZ-SAN", "oil": "cpc_blend", "mass_t": "9000"},
    "frozen": {"container": "40RF", "mass_kg": "20000", "hs": "020714", "temperature_c": "-18"},
    "uranium": {"from": "KZ-UKK", "container": "20DC", "mass_kg": "16000", "hs": "284410",
                "un": "2912"},
}  # fmt: skip


@pytest.fixture(scope="module")
def wiring(published):
    class Tables:
        def load(self, folder=None):
            return published

    return Wiring(tables=Tables(), clock=lambda: datetime(2026, 11, 21, 12, tzinfo=UTC))


@pytest.fixture(scope="module")
def ask(wiring):
    with TestClient(create_app(wiring, Settings(), warm_up=False)) as client:
        yield lambda body: client.post("/v1/quotes", json=body)


@pytest.fixture(scope="module")
def answers(ask):
    return {name: ask(WAY | cargo) for name, cargo in KINDS.items()}


def codes(answer):
    return {w["code"] for way in answer.json()["alternatives"] for w in way["warnings"]}


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_is_quoted_in_the_form_that_is_published(answers, name):
    answer = answers[name]

    assert answer.status_code == 200, answer.text
    assert QuoteAnswer.model_validate_json(answer.content).alternatives


@pytest.mark.parametrize("name", ["own tank wagons", "oil", "empty box"])
def test_the_command_line_gives_the_same_bytes(answers, wiring, capsysbinary, name):
    body = dict(WAY | KINDS[name])
    options = ["quote", str(body.pop("from")), str(body.pop("to")), "--json"]
    for field, value in body.items():
        flag = f"--{field.replace('_', '-')}"
        options += ["--empty"] if field == "laden" else [flag, str(value)]

    status = cli.run(options, wiring)

    assert status == 0
    assert capsysbinary.readouterr().out == answers[name].content


def test_what_the_unit_needs_is_told(answers):
    assert "free-days" in codes(answers["boxes of the carrier"])
    assert "temperature" in codes(answers["frozen"])
    assert "phytosanitary" in codes(answers["hoppers"])
    assert "shipper's own" in answers["own tank wagons"].json()["scope"]
    assert "container" not in answers["truck"].json()["scope"]


def test_class_7_has_no_price_of_the_ferry_and_the_permits_of_each_territory(answers):
    ways = answers["uranium"].json()["alternatives"]
    assert any(leg["service"] == "CASP-AKT-ALT-FERRY" for way in ways for leg in way["legs"])
    for way in ways:
        assert not any(leg["service"].startswith("IRAN") for leg in way["legs"])
        documents = {(each["document"], each["where"]) for each in way["documents"]}
        assert ("Export licence for nuclear material", "KZ-UKK") in documents
        if any(leg["service"] == "CASP-AKT-ALT-FERRY" for leg in way["legs"]):
            assert any(line["on_request"] for line in way["price_lines"])
            assert ("Transit permit of Azerbaijan for class 7", "AZ-ALT") in documents
            assert "Transit permit of Georgia for class 7" in {name for name, _ in documents}
    assert "agree-first" in codes(answers["uranium"])


def test_faults_of_any_cargo_come_at_once_with_pointers(ask):
    answer = ask(WAY | {"wagon": "sledge", "mass_kg": "1", "hs": "1", "un": "9999", "pool": "x"})

    assert answer.status_code == 422
    pointers = {each["pointer"] for each in answer.json()["errors"]}
    assert pointers == {"/wagon", "/hs", "/un", "/pool"}


def test_a_goods_code_is_looked_up(wiring, capsys):
    assert cli.run(["goods", "8507.60", "--json"], wiring) == 0
    page = json.loads(capsys.readouterr().out)
    assert [each["un"] for each in page["dangerous"]] == ["3480", "3481"]

    assert cli.run(["goods", "284410"], wiring) == 0
    assert "Transit permit of Georgia for class 7 (GE)" in capsys.readouterr().out

    assert cli.run(["goods", "850799"], wiring) == 2
    assert "850760" in capsys.readouterr().err
