"""The limits of a server from outside: rate, time, quotes at once; and ready dates compared."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from fastapi import Response
from starlette.testclient import TestClient

from karvan.interfaces.cli import app as cli
from karvan.interfaces.http.app import create_app
from karvan.interfaces.http.desk import MOST_WAITING
from karvan.interfaces.http.schemas import ComparisonAnswer, ProblemDocument
from karvan.interfaces.settings import Settings
from karvan.interfaces.wiring import Wiring

JSON = {"content-type": "application/json"}
BODY = {
    "from": "KZ-ALM",
    "to": "GE-POT",
    "container": "40HC",
    "mass_kg": "18000",
    "hs": "851660",
    "ready": "2026-12-03",
    "samples": 100,
}


@pytest.fixture(scope="module")
def wiring(published):
    class Tables:
        def load(self, folder=None):
            return published

    return Wiring(tables=Tables(), clock=lambda: datetime(2026, 11, 21, 12, tzinfo=UTC))


@pytest.fixture
def serve(wiring):
    def made(**settings):
        app = create_app(wiring, Settings(**settings), warm_up=False)
        return TestClient(app, raise_server_exceptions=False)

    return made


@pytest.fixture(scope="module")
def client(wiring, quoting):
    """A server that answers two quotes at once."""
    app = create_app(wiring, Settings(quotes_at_once=2), warm_up=False)
    app.state.desk._quoting = quoting
    with TestClient(app, raise_server_exceptions=False) as made:
        yield made


def ask(client, address="/v1/quotes", **changes):
    return client.post(address, content=json.dumps(BODY | changes), headers=JSON)


def problem(response, status, code):
    assert response.status_code == status, response.text
    told = ProblemDocument.model_validate_json(response.content)
    assert told.code == code
    assert told.request_id == response.headers["x-request-id"]
    return response


def test_who_asks_too_often_is_told_when_to_come_again_and_others_are_let_in(serve):
    with serve(requests_per_minute=3) as client:
        left = [client.get("/v1/cargo").headers["ratelimit"] for _ in range(3)]
        refused = client.get("/v1/cargo")
        post = ask(client)
        beside = [client.get(each).status_code for each in ("/", "/v1/health", "/openapi.json")]
    assert [each.partition(";")[0] for each in left] == ['"requests"'] * 3
    assert [each.split(";")[1] for each in left] == ["r=2", "r=1", "r=0"]
    problem(refused, 429, "too-many-requests")
    assert 1 <= int(refused.headers["retry-after"]) <= 20
    assert refused.json()["per_minute"] == 3
    problem(post, 429, "too-many-requests")
    assert beside == [200, 200, 200]


def test_what_takes_too_long_is_told(serve):
    leave = threading.Event()
    with serve(request_limit_s=1) as client:

        @client.app.get("/v1/slow")
        def slow() -> Response:
            leave.wait(20)
            return Response("late")

        refused = client.get("/v1/slow")
        leave.set()
    told = problem(refused, 503, "too-slow").json()
    assert told["limit_s"] == 1
    assert refused.headers["retry-after"]


def test_a_body_that_never_ends_is_told_too(serve):
    async def receive():
        import anyio

        await anyio.sleep(20)

    sent = []

    async def send(message):
        sent.append(message)

    with serve(request_limit_s=1) as client:
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/v1/quotes",
            "query_string": b"",
            "headers": [(b"content-type", b"application/json")],
            "client": ("192.0.2.1", 1),
            "asgi": {"version": "3.0"},
            "scheme": "http",
            "server": ("test", 80),
        }
        client.portal.call(client.app, scope, receive, send)
    assert sent[0]["status"] == 503


def test_parallel_answers_are_those_of_one_after_the_other(client):
    lanes = [("KZ-ALM", "GE-POT"), ("CN-XIA", "TR-IST")]
    asked = [{"from": start, "to": end} for start, end in lanes]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda each: ask(client, **each), asked * 2))
    alone = [ask(client, **each) for each in asked]
    assert {each.status_code for each in together} == {200}
    assert [each.content for each in together] == [each.content for each in alone] * 2


def test_several_quotes_are_answered_at_once_and_too_many_are_sent_away(client, monkeypatch):
    """Two are inside at the same time; the next wait; one more is asked to come again."""
    desk = client.app.state.desk
    expected = ask(client).content
    inside, leave = threading.Semaphore(0), threading.Event()
    real = desk._quoting.quote

    def hold(*given):
        inside.release()
        leave.wait(30)
        return real(*given)

    monkeypatch.setattr(desk._quoting, "quote", hold)
    with ThreadPoolExecutor(2 + MOST_WAITING) as pool:
        running = [pool.submit(ask, client) for _ in range(2 + MOST_WAITING)]
        for _ in range(2):
            assert inside.acquire(timeout=30)
        while desk.turns.waiting < MOST_WAITING:
            assert not any(each.done() for each in running)
        refused = ask(client)
        reading = client.get("/v1/cargo")
        leave.set()
        answers = {each.result().content for each in running}
    told = problem(refused, 503, "busy")
    assert told.headers["retry-after"] == "5"
    assert told.json()["at_once"] == 2
    assert reading.status_code == 200
    assert answers == {expected}


def test_dates_compared_are_those_of_the_command_and_each_is_a_quote_of_its_own(
    client, wiring, capsys
):
    options = ["--container", "40HC", "--mass-kg", "18000", "--hs", "851660", "--ready"]
    options += ["2026-12-03", "--samples", "100", "--now", "2026-11-21T12:00:00Z", "--json"]
    compared = ask(client, "/v1/comparisons", weeks=1)
    alone = ask(client, ready="2026-12-10").json()
    cli.run(["quote", "KZ-ALM", "GE-POT", *options, "--compare-weeks", "1"], wiring)

    assert compared.status_code == 200
    assert compared.text == capsys.readouterr().out
    rows = ComparisonAnswer.model_validate_json(compared.content).rows
    assert [row.ready for row in rows] == ["2026-12-03", "2026-12-10"]
    assert rows[1].quote_id == alone["quote_id"]


@pytest.mark.parametrize("weeks", [0, 11, "2", 1.0, True, []])
def test_faults_of_weeks_and_of_the_request_are_told_together(client, weeks):
    told = problem(
        ask(client, "/v1/comparisons", weeks=weeks, mass_kg="-1"), 422, "invalid-request"
    )
    missing = problem(ask(client, "/v1/comparisons", ready=None), 422, "invalid-request")
    assert {each["pointer"] for each in told.json()["errors"]} == {"/mass_kg", "/weeks"}
    assert [each["pointer"] for each in missing.json()["errors"]] == ["/ready"]
