"""Keys and idempotency keys from outside: made at the terminal, shown over HTTP."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

import pytest
from fastapi import Depends, Request, Response
from starlette.testclient import TestClient

from karvan.bootstrap import wire
from karvan.interfaces.cli import app as cli
from karvan.interfaces.http.access import writer
from karvan.interfaces.http.app import create_app
from karvan.interfaces.http.once import OnceOf
from karvan.interfaces.http.schemas import ProblemDocument
from karvan.interfaces.settings import load_settings
from karvan.interfaces.wiring import Wiring
from karvan.services.keys import Scope

BODY = {
    "from": "KZ-ALM",
    "to": "GE-POT",
    "container": "40HC",
    "mass_kg": "18000",
    "hs": "851660",
    "ready": "2026-12-03",
    "samples": 100,
}
CREATE = ("key", "create", "aktau-port", "--json", "--scopes")
Actor = Annotated[str, Depends(writer(Scope.CLOSURES))]


@pytest.fixture(params=["file", "server"])
def where(request, tmp_path):
    if request.param == "server":
        return request.getfixturevalue("postgres").new()
    return f"sqlite:///{tmp_path}/kept.sqlite"


@pytest.fixture
def wiring(opened, now, where):
    real = wire()

    class Sets:
        def open(self, folder=None):
            return opened

    return Wiring(
        tables=real.tables,
        clock=lambda: now,
        environment={"KARVAN_DATABASE": where},
        stores=real.stores,
        table_sets=Sets(),
        audit=real.audit,
        keys=real.keys,
        answers=real.answers,
    )


@pytest.fixture
def karvan(wiring, capsys):
    def run(*arguments):
        status = cli.run(arguments, wiring)
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


@pytest.fixture
def client(wiring, quoting):
    """The server, and an address that writes: it counts its effects."""
    settings = load_settings(wiring.environment, wiring.folder).settings
    app = create_app(wiring, settings, warm_up=False)
    app.state.desk._quoting = quoting
    app.state.effects = []
    app.state.gate = threading.Event()
    app.state.gate.set()

    @app.post("/v1/written")
    def write(actor: Actor, once: OnceOf, request: Request) -> Response:
        def make():
            app.state.gate.wait(20)
            app.state.effects.append(once.effect_id(actor))
            if request.query_params.get("fail"):
                raise ZeroDivisionError
            text = json.dumps({"actor": actor, "count": len(app.state.effects)})
            return Response(text, 201, media_type="application/json", headers={"Location": "/x"})

        return once.answer(make, caller=actor)

    with TestClient(app, raise_server_exceptions=False) as made:
        yield made


def write(client, token, body=b"{}", key=None, address="/v1/written"):
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    headers |= {"idempotency-key": key} if key else {}
    return client.post(address, content=body, headers=headers)


def problem(response, status, code):
    assert response.status_code == status, response.text
    told = ProblemDocument.model_validate_json(response.content)
    assert told.code == code
    return response


def test_a_key_is_made_shown_taken_listed_and_revoked(karvan, client):
    status, out, err = karvan("key", "create", "aktau-port", "--scopes", "closures,studies")
    token = out.strip()
    assert status == 0
    assert "only time" in err

    done = write(client, token)
    assert done.status_code == 201
    key_id = done.json()["actor"].removeprefix("key:")
    listed = json.loads(karvan("key", "list", "--json")[1])["items"]
    assert [(each["id"], each["state"]) for each in listed] == [(key_id, "live")]
    assert token.rpartition(".")[2] not in "".join(karvan("key", "list")[1:])

    assert karvan("key", "revoke", key_id.lower(), "--reason", "lost")[0] == 0
    told = problem(write(client, token), 401, "key-refused")
    assert told.headers["www-authenticate"] == 'Bearer realm="karvan", error="invalid_token"'
    assert "revoked" in karvan("key", "list")[1]
    assert karvan("audit", "verify")[0] == 0


def test_without_a_key_or_with_another_the_door_stays_shut(karvan, client):
    studies = json.loads(karvan(*CREATE, "studies")[1])["token"]

    told = problem(
        client.post("/v1/written", content=b"{}", headers={"content-type": "application/json"}),
        401,
        "key-refused",
    )
    assert told.headers["www-authenticate"] == 'Bearer realm="karvan"'
    for wrong in ("", "x", studies[:-1], f"{studies}x", "\tk"):
        problem(write(client, wrong), 401, "key-refused")
    basic = {"content-type": "application/json", "authorization": f"Basic {studies}"}
    problem(client.post("/v1/written", content=b"{}", headers=basic), 401, "key-refused")
    told = problem(write(client, studies), 403, "scope-missing")
    assert told.headers["www-authenticate"].endswith('scope="closures"')
    assert client.app.state.effects == []


@pytest.mark.parametrize(
    ("arguments", "pointers"),
    [
        (("create", "Ana P", "--scopes", "all", "--until", "2026-01-01"), 3),
        (("create", "ana", "--scopes", "studies", "--until", "soon"), 1),
        (("revoke", "K-1"), 1),
    ],
)
def test_what_cannot_be_is_refused_with_status_2(karvan, arguments, pointers):
    status, out, err = karvan("key", *arguments, "--json")
    assert (status, out) == (2, "")
    assert len(json.loads(err)["errors"]) == pointers


def test_the_same_key_and_body_have_one_effect_and_one_answer(karvan, client):
    token = json.loads(karvan(*CREATE, "closures")[1])["token"]
    other = json.loads(karvan(*CREATE, "closures")[1])["token"]

    first = write(client, token, key="order-0001")
    again = write(client, token, key="order-0001")
    assert (again.content, again.status_code) == (first.content, 201)
    assert (again.headers["location"], again.headers["idempotency-replayed"]) == ("/x", "true")
    problem(write(client, token, b'{"a": 1}', key="order-0001"), 409, "idempotency-conflict")
    problem(
        write(client, token, key="order-0001", address="/v1/written?a=1"),
        409,
        "idempotency-conflict",
    )
    assert write(client, other, key="order-0001").json()["count"] == 2
    assert write(client, token, key="order-0002").json()["count"] == 3
    assert len(set(client.app.state.effects)) == 3
    karvan("key", "revoke", json.loads(first.content)["actor"].removeprefix("key:"))
    problem(write(client, token, key="order-0001"), 401, "key-refused")


def test_twins_at_once_have_one_effect(karvan, client):
    token = json.loads(karvan(*CREATE, "closures")[1])["token"]
    client.app.state.gate.clear()
    with ThreadPoolExecutor(6) as pool:
        running = [pool.submit(write, client, token, b"{}", "order-0001") for _ in range(6)]
        client.app.state.gate.set()
        answers = [each.result() for each in running]
    assert {each.content for each in answers} == {answers[0].content}
    assert len(client.app.state.effects) == 1


def test_what_failed_may_be_tried_again_under_the_same_key(karvan, client):
    token = json.loads(karvan(*CREATE, "closures")[1])["token"]
    failing = "/v1/written?fail=1"
    problem(write(client, token, key="order-0001", address=failing), 500, "internal")
    problem(write(client, token, key="order-0001", address=failing), 500, "internal")
    first, second = client.app.state.effects
    assert first == second != ""


@pytest.mark.parametrize("key", ["short", "x" * 65, "with blank", "a,b-12345", "ключ-0001"])
def test_an_idempotency_key_that_cannot_be_is_told(client, key):
    headers = {"content-type": "application/json", "idempotency-key": key.encode()}
    told = problem(
        client.post("/v1/quotes", content=b"{}", headers=headers), 422, "invalid-request"
    )
    assert told.json()["errors"][0]["pointer"] == "header/Idempotency-Key"


def test_a_quote_asked_again_under_its_key_is_the_first_one_a_clock_later(client, now, monkeypatch):
    from datetime import timedelta

    body = json.dumps(BODY)
    headers = {"content-type": "application/json", "idempotency-key": "quote-0001"}
    first = client.post("/v1/quotes", content=body, headers=headers)
    monkeypatch.setattr(client.app.state.desk, "clock", lambda: now + timedelta(hours=1))
    again = client.post("/v1/quotes", content=body, headers=headers)
    anew = client.post("/v1/quotes", content=body, headers={"content-type": "application/json"})
    pdf = client.post("/v1/quotes", content=body, headers=headers | {"accept": "application/pdf"})

    assert first.status_code == anew.status_code == 200
    assert again.content == first.content
    assert anew.json()["quote_id"] != first.json()["quote_id"]
    problem(pdf, 409, "idempotency-conflict")
