"""What a server tells about itself: log lines, counts, whether it is ready. Never a secret."""

import io
import json
import logging
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from karvan.bootstrap import wire
from karvan.interfaces.http import logs
from karvan.interfaces.http.app import create_app
from karvan.interfaces.http.desk import Desk
from karvan.interfaces.http.schemas import Live, ProblemDocument, Ready
from karvan.interfaces.settings import Settings, load_settings
from karvan.interfaces.wiring import Wiring

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "running.md"
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
def wiring(opened):
    real = wire()

    class Sets:
        def open(self, folder=None):
            return opened

        def load(self, folder=None):
            return opened.published

    return Wiring(
        tables=Sets(),
        clock=lambda: datetime(2026, 11, 21, 12, tzinfo=UTC),
        stores=real.stores,
        table_sets=Sets(),
        keys=real.keys,
        answers=real.answers,
    )


@pytest.fixture(scope="module")
def client(wiring, quoting):
    app = create_app(wiring, Settings(), warm_up=False)
    app.state.desk._quoting = quoting
    with TestClient(app, raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def written():
    """What is logged during a test, after which logging is as it was."""
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers[:], logging.getLogger("karvan").level
    form = ["json"]

    def begin(form="json", *, access=True):
        stream.truncate(0)
        logs.configure("info", form, access=access, stream=stream)
        return stream

    begin(*form)
    stream.begin = begin
    yield stream
    root.handlers[:], level = before
    logging.getLogger("karvan").setLevel(level)
    logging.getLogger(logs.ACCESS).setLevel(logging.NOTSET)


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_each_request_is_a_line_of_json_with_its_route_and_no_secret(client, written):
    secret = "karvan.K-7Q2M4XDA." + "s3cr3t" * 7
    headers = JSON | {"authorization": f"Bearer {secret}", "x-request-id": "abc-1"}
    headers |= {"idempotency-key": "my-s3cr3t-key"}
    client.post(
        "/v1/quotes",
        content=json.dumps(BODY | {"customer": "s3cr3t", "mass_kg": "-1"}),
        headers=headers,
    )
    client.get("/v1/places", params={"query": "s3cr3t"})
    client.get("/v1/quotes/Q-5EC8E7")
    client.get("/wp-login/s3cr3t")
    client.request("S3CR3T", "/v1/cargo")

    found = lines(written)
    assert [(each["method"], each["route"], each["status"]) for each in found] == [
        ("POST", "/v1/quotes", 422),
        ("GET", "/v1/places", 200),
        ("GET", "/v1/quotes/{id}", 404),
        ("GET", "none", 404),
        ("other", "/v1/cargo", 405),
    ]
    assert [each["event"] for each in found] == ["http.answered"] * 5
    assert found[0]["request_id"] == "abc-1"
    assert all(each["ms"] >= 0 and each["level"] == "info" for each in found)
    assert not re.search(
        "s3cr3t|5EC8E7|127.0.0|testclient|851660", written.getvalue(), re.IGNORECASE
    )


def test_at_a_terminal_lines_are_for_people_and_can_be_left_out(client, written):
    written.begin("text")
    client.get("/v1/cargo")
    assert re.search(r"http\.answered .*route=/v1/cargo.*status=200", written.getvalue())
    written.begin("json", access=False)
    client.get("/v1/cargo")
    assert written.getvalue() == ""


def test_our_own_fault_is_logged_whole_under_the_id_that_was_answered(client, written, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError("deep inside")

    monkeypatch.setattr(Desk, "quote", fail)
    answer = client.post("/v1/quotes", content=json.dumps(BODY), headers=JSON)
    failed, answered = lines(written)
    assert failed["event"] == "http.failed"
    assert failed["level"] == "error"
    assert "deep inside" in failed["exception"]
    assert failed["request_id"] == answered["request_id"] == answer.headers["x-request-id"]
    assert answered["status"] == 500


def test_lines_of_other_libraries_have_the_same_form(written):
    logging.getLogger("uvicorn.error").warning("Started server process [%d]", 7)
    (line,) = lines(written)
    assert (line["event"], line["level"]) == ("Started server process [7]", "warning")


def samples(client):
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        (each.name, *sorted(each.labels.items())): each.value
        for family in text_string_to_metric_families(answer.text)
        for each in family.samples
    }


def test_requests_and_quotes_are_counted_by_route_and_status(client):
    def count(name, **labels):
        return found.get((name, *sorted(labels.items())), 0)

    found = samples(client)
    asked = {"method": "POST", "route": "/v1/quotes", "status": "200"}
    before = count("karvan_http_requests_total", **asked), count("karvan_quote_seconds_count")
    assert client.post("/v1/quotes", content=json.dumps(BODY), headers=JSON).status_code == 200
    for number in range(3):
        client.get(f"/nothing/{number}")

    found = samples(client)
    after = count("karvan_http_requests_total", **asked), count("karvan_quote_seconds_count")
    assert after == (before[0] + 1, before[1] + 1)
    nowhere = {"method": "GET", "route": "none", "status": "404"}
    assert count("karvan_http_requests_total", **nowhere) >= 3
    assert count("karvan_quotes_running") == count("karvan_quotes_waiting") == 0
    assert not any("nothing" in str(name) for name in found)
    assert count("karvan_http_request_seconds_count", route="/v1/quotes") >= 1


def test_every_name_of_ours_is_documented(client):
    client.get("/v1/cargo")
    families = text_string_to_metric_families(client.get("/metrics").text)
    names = {each.name for each in families if re.match("karvan_(?!.*_created$)", each.name)}
    page = PAGE.read_text("utf-8")
    assert names
    assert {name for name in names if f"`{name}" not in page} == set()
    events = set()
    for file in Path("src/karvan/interfaces/http").glob("*.py"):
        events |= set(re.findall(r'log\.\w+\(\s*"([a-z.-]+)"', file.read_text("utf-8")))
    assert events
    assert {name for name in events if f"`{name}`" not in page} == set()


def test_every_setting_is_documented():
    page = PAGE.read_text("utf-8")
    names = [each.name for each in load_settings({}, Path("/nowhere")).origins]
    assert [name for name in names if f"| `{name}` |" not in page] == []


def test_live_is_always_told_and_ready_when_quotes_and_store_are(wiring, tmp_path):
    from karvan.services.databases import Database

    file = tmp_path / "folder" / "q.sqlite"
    settings = Settings(database=Database.of_file(file))
    (tmp_path / "folder").write_text("in the way")
    with TestClient(create_app(wiring, settings, warm_up=False)) as client:
        assert Live.model_validate_json(client.get("/health/live").content)
        cold = client.get("/health/ready")
        client.app.state.desk._status = "ready"
        cut_off = client.get("/health/ready")
        (tmp_path / "folder").unlink()
        ready = client.get("/health/ready")
        assert client.get("/health/live").status_code == 200

    for answer, quotes, store in (
        (cold, "warming-up", "store-unavailable"),
        (cut_off, "ready", "store-unavailable"),
    ):
        assert answer.status_code == 503
        told = ProblemDocument.model_validate_json(answer.content)
        assert (told.code, told.quotes, told.store) == ("not-ready", quotes, store)
        assert str(tmp_path) not in answer.text
    assert Ready.model_validate_json(ready.content).store == "ready"


def test_tables_of_a_newer_program_are_told_as_not_ready(wiring, tmp_path):
    import sqlite3

    from karvan.services.databases import Database

    file = tmp_path / "q.sqlite"
    settings = Settings(database=Database.of_file(file))
    wiring.stores.open(settings.database, create=True).close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with TestClient(create_app(wiring, settings, warm_up=False)) as client:
        assert client.get("/health/ready").json()["store"] == "store-version"
