"""The HTTP interface from outside."""

import json
import socket

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from karvan.domain.errors import EngineError, InvalidInput, LimitReached
from karvan.interfaces.cli import app as cli
from karvan.interfaces.cli.serve import listen
from karvan.interfaces.http.app import create_app
from karvan.interfaces.http.desk import Desk
from karvan.interfaces.http.schemas import Health, PlacePage, ProblemDocument, QuoteAnswer
from karvan.interfaces.settings import Settings
from karvan.interfaces.wiring import Wiring

NOW = "2026-11-21T12:00:00Z"
GOOD = {
    "from": "KZ-ALM",
    "to": "GE-POT",
    "container": "40HC",
    "mass_kg": "18000",
    "hs": "851660",
    "ready": "2026-12-03",
    "samples": 100,
}
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def wiring(published):
    from datetime import UTC, datetime

    class Tables:
        def load(self, folder=None):
            return published

    return Wiring(tables=Tables(), clock=lambda: datetime(2026, 11, 21, 12, tzinfo=UTC))


@pytest.fixture(scope="module")
def client(wiring):
    app = create_app(wiring, Settings(), warm_up=False)
    with TestClient(app, raise_server_exceptions=False) as made:
        yield made


def ask(client, body, **headers):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post("/v1/quotes", content=content, headers=JSON | headers)


def problem(response, status):
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    told = ProblemDocument.model_validate_json(response.content)
    assert told.status == status
    assert told.request_id == response.headers["x-request-id"]
    return response.json()


def test_a_quote_is_the_object_that_the_command_line_prints(client, wiring, capsysbinary):
    options = ["--container", "40HC", "--mass-kg", "18000", "--hs", "851660", "--ready"]
    options += ["2026-12-03", "--samples", "100", "--now", NOW, "--json"]

    status = cli.run(["quote", "KZ-ALM", "GE-POT", *options], wiring)
    response = ask(client, GOOD)

    assert (status, response.status_code) == (0, 200)
    assert response.content == capsysbinary.readouterr().out
    assert response.headers["content-type"] == "application/json"
    assert QuoteAnswer.model_validate_json(response.content).alternatives


def test_a_quote_asked_twice_is_the_same(client):
    assert ask(client, GOOD).content == ask(client, GOOD).content


WRONG = {
    "unknown place": ({"from": "CN-XIN"}, "/from", "unknown-place"),
    "wrong check digit": (
        {"container_number": "CSQU3054384"},
        "/container_number",
        "invalid-container-number",
    ),
    "too heavy": ({"mass_kg": "27000"}, "/mass_kg", "over-payload"),
    "in the past": ({"ready": "2026-11-20"}, "/ready", "ready-in-the-past"),
    "another type": ({"mass_kg": 18000.5}, "/mass_kg", "wrong-type"),
    "missing": ({"hs": None}, "/hs", "missing"),
    "no such field": ({"colour": "red"}, "/colour", "unknown-field"),
    "no such change": ({"changes": ["close:KZ-AKT", "close:NOWHERE"]}, "/changes/1", "not-found"),
    "too long": ({"from": "x" * 300}, "/from", "too-long"),
    "samples as text": ({"samples": "100"}, "/samples", "out-of-range"),
}


@pytest.mark.parametrize(("changes", "pointer", "code"), WRONG.values(), ids=WRONG.keys())
def test_a_fault_is_told_with_pointer_and_code(client, changes, pointer, code):
    told = problem(ask(client, GOOD | changes), 422)

    assert told["code"] == "invalid-request"
    assert [(each["pointer"], each["code"]) for each in told["errors"]] == [(pointer, code)]


def test_all_faults_are_told_at_once_with_suggestions(client):
    wrong = {"from": "Aktua", "mass_kg": "99999", "ready": "2026-01-01", "container_number": "X"}

    told = problem(ask(client, GOOD | wrong), 422)

    errors = {each["pointer"]: each for each in told["errors"]}
    assert set(errors) == {"/from", "/mass_kg", "/ready", "/container_number"}
    assert any("KZ-AKT" in each for each in errors["/from"]["suggestions"])
    assert errors["/mass_kg"]["fix"] == "at most 26580 kg in one 45G1"


def test_no_route_is_404(client):
    told = problem(ask(client, GOOD | {"changes": ["close:KZ-ALM"]}), 404)
    assert told["code"] in ("no-rate", "no-route")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"a":1,"a":2}', b'{"a":NaN}', rb'{"from":"\ud800"}', b"\xff"]
)
def test_malformed_json_is_400(client, body):
    assert problem(ask(client, body), 400)["code"] == "malformed-json"


def test_a_body_over_the_limit_is_413_announced_or_not(client):
    body = b" " * (64 * 1024 + 1)

    def chunks():
        yield body[:1000]
        yield body[1000:]

    assert problem(ask(client, body), 413)["limit_bytes"] == 65536
    assert problem(client.post("/v1/quotes", content=chunks(), headers=JSON), 413)
    assert ask(client, b" " * (64 * 1024)).status_code == 400


@pytest.mark.parametrize(
    "kind",
    ["", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1"],
)
def test_another_content_type_is_415(client, kind):
    response = client.post("/v1/quotes", content=json.dumps(GOOD), headers={"content-type": kind})
    assert problem(response, 415)["code"] == "unsupported-media-type"


def test_json_in_utf_8_by_name_is_taken(client):
    kind = {"content-type": "Application/JSON; charset=UTF-8"}
    response = client.post("/v1/quotes", content=json.dumps({}), headers=kind)
    assert response.status_code == 422


def test_what_is_not_there_is_404_and_another_method_405(client):
    assert problem(client.get("/v1/nothing"), 404)["code"] == "not-found"
    told = client.get("/v1/quotes")
    assert problem(told, 405)["code"] == "method-not-allowed"
    assert told.headers["allow"] == "OPTIONS, POST"


def test_our_own_fault_is_500_without_internals(client, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(Desk, "quote", fail)
    response = ask(client, GOOD)
    assert problem(response, 500)["code"] == "internal"
    assert "secret" not in response.text
    assert "ZeroDivision" not in response.text


@pytest.mark.parametrize(
    ("error", "status"), [(LimitReached("too many labels"), 503), (EngineError("secret"), 500)]
)
def test_an_engine_without_an_answer_is_ours_or_a_limit(client, monkeypatch, error, status):
    def fail(*_):
        raise error

    monkeypatch.setattr(Desk, "quote", fail)
    response = ask(client, GOOD)
    problem(response, status)
    assert "secret" not in response.text


def test_a_sound_request_id_is_echoed_and_another_replaced(client):
    assert client.get("/", headers={"X-Request-Id": "abc-1"}).headers["x-request-id"] == "abc-1"
    made = client.get("/", headers={"X-Request-Id": "a b\tc"}).headers["x-request-id"]
    assert len(made) == 32
    assert made != client.get("/").headers["x-request-id"]


def test_places_are_found_by_any_name_a_page_at_a_time(client):
    for query in ("KZ-AKT", "aktau", "Ақтау", "KZAAU"):
        page = PlacePage.model_validate_json(
            client.get("/v1/places", params={"query": query}).content
        )
        assert page.items[0].id == "KZ-AKT", query
    first = client.get("/v1/places", params={"limit": 2}).json()
    second = client.get(first["next"]).json()
    assert first["total"] > 100
    assert not {each["id"] for each in first["items"]} & {each["id"] for each in second["items"]}
    last = client.get("/v1/places", params={"limit": 500, "offset": first["total"] - 1}).json()
    assert (len(last["items"]), last["next"]) == (1, None)


def test_a_place_is_shown_by_id_and_an_unknown_one_is_404(client):
    assert client.get("/v1/places/TR-IST").json()["members"]
    told = problem(client.get("/v1/places/Aktua"), 404)
    assert any("KZ-AKT" in each for each in told["suggestions"])


@pytest.mark.parametrize(
    "address", ["/v1/places?limit=0", "/v1/places?limit=x", "/v1/places?offset=-1"]
)
def test_a_parameter_that_cannot_be_right_is_422(client, address):
    told = problem(client.get(address), 422)
    assert told["errors"][0]["code"] == "invalid-parameter"


def test_health_tells_when_quotes_are_answered_at_once(wiring):
    app = create_app(wiring, Settings(), warm_up=False)
    with TestClient(app) as client:
        before = Health.model_validate_json(client.get("/v1/health").content)
        app.state.desk.warm_up()
        after = Health.model_validate_json(client.get("/v1/health").content)
    assert (before.status, after.status) == ("warming-up", "ready")


def test_the_server_warms_up_in_the_background(wiring, monkeypatch):
    import threading

    done = threading.Event()
    monkeypatch.setattr(Desk, "warm_up", lambda _: done.set())
    with TestClient(create_app(wiring, Settings())):
        assert done.wait(10)


def test_the_index_leads_everywhere_and_no_page_loads_scripts(client):
    links = client.get("/").json()["links"]
    # To be sent; with a key; not before the first quote.
    other = {"quotes": [405], "comparisons": [405], "jobs": [403], "ready": [200, 503]}
    for name, address in links.items():
        assert client.get(address).status_code in other.get(name, [200])
    assert client.get("/docs").status_code == 404
    assert client.get("/redoc").status_code == 404


def test_a_taken_port_leads_to_the_next_free_one():
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with listen("127.0.0.1", port) as following:
            assert following.getsockname()[1] > port


def test_a_host_of_another_machine_is_wrong_input():
    with pytest.raises(InvalidInput) as caught:
        listen("192.0.2.1", 8000)
    assert caught.value.facts["reason"]


def test_loopback_is_the_default():
    assert socket.inet_aton(Settings().host)[0] == 127


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
things = st.recursive(
    scalars | st.sampled_from(["CN-XIA", "TR-IST", "40HC", "851660", "2026-12-03", "18000"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
bodies = st.dictionaries(st.sampled_from([*GOOD, "currency", "changes", "seed", "x"]), things)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bodies)
def test_no_body_breaks_the_server(client, changes):
    """Good fields replaced by anything: 4xx or an answer, never our fault."""
    body = {**GOOD, "mass_kg": "-1", **changes}
    response = ask(client, json.dumps(body).encode("utf-8", "surrogatepass"))
    assert response.status_code < 500, response.text
    if response.status_code >= 400:
        problem(response, response.status_code)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_no_bytes_break_the_server(client, body):
    assert 400 <= ask(client, body).status_code < 500


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_no_query_breaks_the_server(client, query):
    text = query.encode("utf-8", "replace").decode("utf-8")
    assert client.get("/v1/places", params={"query": text}).status_code in (200, 422)
