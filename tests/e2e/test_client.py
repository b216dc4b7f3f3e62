"""The Python client against a server on a socket: stories, problems, patience."""

import json
import socket
import threading
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import httpx2
import pytest
import uvicorn

from karvan.bootstrap import wire
from karvan.client import Busy, Client, NoAnswer, NotAllowed, NotFound, Wrong
from karvan.client.client import LONGEST_WAIT_S
from karvan.interfaces.http.app import create_app
from karvan.interfaces.settings import Settings
from karvan.services.databases import Database

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
REQUEST = {
    "from": "KZ-ALM",
    "to": "GE-POT",
    "container": "40HC",
    "mass_kg": "18000",
    "hs": "851660",
    "ready": "2026-12-03",
    "samples": 100,
}


@pytest.fixture(scope="module")
def address(opened, quoting, tmp_path_factory):
    """A server as `karvan serve` runs it, in a thread."""

    class Sets:
        def open(self, _=None):
            return opened

        def load(self, _=None):
            return opened.published

    wiring = replace(wire(), clock=lambda: NOW, tables=Sets(), table_sets=Sets(), environment={})
    where = Database.of_file(tmp_path_factory.mktemp("kept") / "q.sqlite")
    app = create_app(wiring, Settings(database=where), warm_up=False)
    app.state.desk._quoting = quoting
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, log_config=None, access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)


@pytest.fixture
def karvan(address):
    with Client(address) as made:
        yield made


def test_a_forwarder_asks_looks_closer_and_comes_back(karvan):
    """A quote; its cheapest way; the rate behind a line; the same quote by its id; its map."""
    quote = karvan.quote(REQUEST)
    cheapest = quote.labelled("cheapest")

    quoted = [line.amount_quoted for line in cheapest.price_lines if line.amount_quoted is not None]
    assert sum(quoted) == cheapest.price.amount
    assert cheapest.price.low <= cheapest.price.amount <= cheapest.price.high
    assert isinstance(cheapest.price.amount, Decimal)
    assert cheapest.legs[0].departs_at.tzinfo is not None
    row = karvan.tariff(cheapest.price_lines[0].rule.partition(" ")[0])
    assert row.figure is not None
    assert karvan.get_quote(quote.quote_id) == quote
    assert karvan.make_again(quote.quote_id)["verdict"] == "same"
    drawn = karvan.itinerary(quote.quote_id, cheapest.rank)
    legs = [f for f in drawn["features"] if f["properties"]["feature"] == "leg"]
    assert len(legs) == len(cheapest.legs)
    assert karvan.quote_file(REQUEST).startswith(b"%PDF-")
    with pytest.raises(KeyError):
        quote.labelled("greenest")


def test_lists_are_read_page_after_page_and_only_as_far_as_needed(karvan, opened):
    network = opened.published.network
    places = list(karvan.places(limit=50))
    assert len({each.id for each in places}) == len(places) > 100
    assert next(karvan.places("Ақтау")).id == "KZ-AKT"
    assert {each.id for each in karvan.services()} == set(network.services)
    assert all(each.country == "GE" for each in karvan.places(country="GE"))
    rows = list(karvan.tariffs(carrier="KTZ", limit=10))
    assert {row.carrier for row in rows} == {"KTZ"}
    assert next(karvan.departures("KZ-AKT", days=7)).departs_at > NOW


def test_dates_are_compared(karvan):
    compared = karvan.compare(REQUEST, weeks=1)
    assert [row.ready for row in compared.rows] == ["2026-12-03", "2026-12-10"]
    assert compared.rows[0].quote_id == karvan.quote(REQUEST).quote_id


def test_a_lost_answer_is_asked_for_again_and_nothing_is_done_twice(karvan):
    first = karvan.quote(REQUEST, idempotency_key="order-4711")
    assert karvan.quote(REQUEST, idempotency_key="order-4711") == first
    with pytest.raises(Wrong) as caught:
        karvan.quote({**REQUEST, "mass_kg": "17000"}, idempotency_key="order-4711")
    assert caught.value.code == "idempotency-conflict"


def test_problems_are_exceptions_with_every_fault(karvan):
    with pytest.raises(Wrong) as caught:
        karvan.quote({**REQUEST, "from": "Aktua", "mass_kg": "99999"})
    problem = caught.value
    assert (problem.status, problem.code) == (422, "invalid-request")
    assert problem.request_id
    assert {each.pointer for each in problem.faults} == {"/from", "/mass_kg"}
    by_pointer = {each.pointer: each for each in problem.faults}
    assert by_pointer["/mass_kg"].fix
    assert by_pointer["/from"].facts["suggestions"]
    assert "/mass_kg" in str(problem)
    with pytest.raises(NotFound):
        karvan.get_quote("Q-0000000000000000")
    with pytest.raises(NotFound):
        karvan.get("/v1/nowhere")
    with pytest.raises(Wrong):
        list(karvan.tariffs(carier="KTZ"))


def answering(*answers):
    """A server that gives these answers in turn, and what was asked of it and waited for."""
    asked, waited, left = [], [], list(answers)

    def answer(request):
        asked.append(request)
        found = left.pop(0)
        if isinstance(found, Exception):
            raise found
        status, body, headers = found
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return httpx2.Response(status, content=content, headers=headers)

    transport = httpx2.MockTransport(answer)
    made = Client("http://karvan.test", transport=transport, sleep=waited.append, key="karvan.K")
    return made, asked, waited


def told(status, code, **headers):
    return status, {"code": code, "title": code, "status": status}, headers


GOOD = (200, {"ok": True}, {})


def test_a_busy_server_is_asked_again_when_it_says_under_the_same_key():
    client, asked, waited = answering(
        told(429, "too-many-requests", **{"retry-after": "7"}),
        httpx2.ConnectError("no route"),
        told(503, "busy", **{"retry-after": "9999"}),
        GOOD,
    )
    assert client.post("/v1/quotes", {}) == {"ok": True}
    assert waited == [7.0, 1.0, LONGEST_WAIT_S]
    assert len({each.headers["idempotency-key"] for each in asked}) == 1
    assert {each.headers["authorization"] for each in asked} == {"Bearer karvan.K"}


def test_a_twin_that_is_still_under_way_is_waited_for():
    client, _, waited = answering(told(409, "still-under-way", **{"retry-after": "1"}), GOOD)
    assert client.post("/v1/quotes", {}) == {"ok": True}
    assert waited == [1.0]


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (told(401, "key-refused"), NotAllowed, "key-refused"),
        (told(403, "scope-missing"), NotAllowed, "scope-missing"),
        (told(409, "conflict"), Wrong, "conflict"),
        ((502, b"<html>Bad gateway", {}), NoAnswer, "no-answer"),
        ((200, b"<html>Hotel portal", {}), NoAnswer, "no-answer"),
        ((404, b"[]", {}), NoAnswer, "no-answer"),
    ],
)
def test_what_cannot_help_is_told_at_once(answer, kind, code):
    client, asked, waited = answering(answer)
    with pytest.raises(kind) as caught:
        client.get("/v1/cargo")
    assert (caught.value.code, len(asked), waited) == (code, 1, [])


def test_patience_has_an_end():
    client, _, waited = answering(*[told(503, "busy")] * 4)
    with pytest.raises(Busy):
        client.get("/v1/cargo")
    assert waited == [0.5, 1.0, 2.0]
    client, _, _ = answering(*[httpx2.ReadTimeout("late")] * 4)
    with pytest.raises(NoAnswer) as caught:
        client.get("/v1/cargo")
    assert caught.value.status == 0


@pytest.mark.parametrize("answer", [[], {}, {"quote_id": 7}, None])
def test_an_answer_of_something_else_is_told(answer):
    client, _, _ = answering((200, answer, {}))
    with pytest.raises(NoAnswer) as caught:
        client.get_quote("Q-0000000000000000")
    assert "Quote" in caught.value.facts["reason"]


def test_an_id_cannot_lead_to_another_address():
    client, asked, _ = answering(told(404, "not-found"))
    with pytest.raises(NotFound):
        client.get_quote("../health?x=1")
    assert asked[0].url.raw_path == b"/v1/quotes/..%2Fhealth%3Fx%3D1"


def test_the_client_does_without_the_server_s_libraries():
    import subprocess
    import sys

    words = "import sys, karvan.client; print(sorted({m.partition('.')[0] for m in sys.modules}))"
    found = subprocess.run(
        [sys.executable, "-c", words], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    for name in ("numpy", "numba", "sqlalchemy", "fastapi", "starlette", "pydantic"):
        assert f"'{name}'" not in found
