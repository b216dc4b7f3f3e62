"""Closures from outside: entered by command, seen over HTTP, corrected and lifted."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from karvan.bootstrap import (
    AccessKeys,
    Closures,
    Databases,
    KeptAnswers,
    ShippedTableSets,
)
from karvan.interfaces.cli import app as cli
from karvan.interfaces.cli.keeping import read_situation
from karvan.interfaces.cli.options import Session
from karvan.interfaces.http.app import create_app
from karvan.interfaces.http.schemas import ProblemDocument, QuoteAnswer
from karvan.interfaces.http.situation_schemas import (
    ClosurePage,
    ClosureVersions,
    EnteredShown,
    SituationShown,
)
from karvan.interfaces.settings import load_settings
from karvan.interfaces.wiring import Wiring
from karvan.network.situation import NORMAL

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
STORM = ("--until-low", "2026-11-24", "--until-high", "2026-11-26", "--cause", "storm")


class Clock:
    now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def wiring(opened, tmp_path):
    class Tables:
        def load(self, folder=None):
            return opened.published

    class Sets(ShippedTableSets):
        def open(self, folder=None):
            return opened

    return Wiring(
        tables=Tables(),
        clock=Clock(),
        environment={"HOME": str(tmp_path / "home")},
        folder=tmp_path,
        stores=Databases(),
        closures=Closures(),
        keys=AccessKeys(),
        answers=KeptAnswers(),
        table_sets=Sets(),
    )


@pytest.fixture
def karvan(wiring, capsys):
    def run(*arguments):
        status = cli.run(arguments, wiring)
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


@pytest.fixture
def entered(karvan):
    def run(*arguments):
        status, out, err = karvan("closure", *arguments, "--json")
        assert status == 0, err
        return json.loads(out)

    return run


@pytest.fixture
def client(wiring):
    settings = load_settings(wiring.environment, wiring.folder).settings
    with TestClient(create_app(wiring, settings, warm_up=False)) as made:
        yield made


def state_of(client):
    found = client.get("/v1/situation").json()
    SituationShown.model_validate(found)
    return found


def test_a_running_server_sees_a_closure_that_another_process_enters(client, entered):
    before = state_of(client)
    assert (before["version"], before["items"], before["hash"]) == (0, [], "")

    entered("add", "Aktau", *STORM, "--reason", "wind 25 m/s")
    found = state_of(client)
    (state,) = found["items"]
    assert (state["id"], state["kind"], state["name"]) == ("KZ-AKT", "place", "Aktau port")
    assert (state["state"], state["cause"], state["since"]) == (
        "closed",
        "storm",
        "2026-11-22T08:00:00Z",
    )
    # A day stands for its end on Aktau's clock, five hours before that of UTC.
    assert state["reopen"] == {
        "low": "2026-11-24T19:00:00Z",
        "likely": "2026-11-25T19:00:00Z",
        "high": "2026-11-26T19:00:00Z",
    }
    assert state["means"]["wait_h"] == {"low": 59, "likely": 83, "high": 107}
    assert state["estimate"] is True
    assert "KZ-AKT--AZ-ALT:rail_ferry" in state["links"]
    assert round(state["lat_deg"]) == 44
    assert found["version"] == 1
    assert len(found["hash"]) == 64


def test_the_answer_is_kept_until_something_changes(client, entered, wiring):
    first = client.get("/v1/situation").headers["etag"]
    same = client.get("/v1/situation", headers={"if-none-match": first})
    assert (same.status_code, same.headers["etag"]) == (304, first)
    entered("add", "KZ-AKT", *STORM)
    second = client.get("/v1/situation", headers={"if-none-match": first})
    assert second.status_code == 200
    wiring.clock.now = NOW + timedelta(seconds=20)
    etag = second.headers["etag"]
    assert client.get("/v1/situation", headers={"if-none-match": etag}).status_code == 304


def test_versions_stay_and_the_last_one_counts(client, entered, karvan):
    added = entered("add", "KZ-AKT", *STORM)["closure"]
    entered("correct", added["id"], "--until-high", "2026-11-30", "--reason", "still blowing")
    entered("lift", added["id"], "--now", "2026-11-23T06:00:00Z")
    shown = client.get(f"/v1/closures/{added['id']}").json()
    ClosureVersions.model_validate(shown)
    assert [each["deed"] for each in shown["items"]] == ["closed", "corrected", "lifted"]
    assert shown["items"][1]["reopen"]["high"] == "2026-11-30T19:00:00Z"
    assert shown["items"][1]["cause"] == "storm"
    assert shown["items"][2]["reopen"]["low"] == "2026-11-23T06:00:00Z"
    status, out, _ = karvan("closure", "show", added["id"])
    assert status == 0
    assert "2. corrected" in out
    assert "still blowing" in out


def test_what_is_lifted_is_listed_only_when_asked_for(client, entered, karvan):
    added = entered("add", "KZ-AKT", *STORM)["closure"]
    entered("lift", added["id"])
    for query, wanted in (("", 0), ("?all=true", 1)):
        found = client.get(f"/v1/closures{query}").json()
        ClosurePage.model_validate(found)
        assert found["total"] == wanted
    assert state_of(client)["items"] == []
    status, out, _ = karvan("closure", "list")
    assert status == 0
    assert "Nothing is closed" in out
    status, _, err = karvan("closure", "lift", added["id"])
    assert status == 2
    assert "lifted before" in err


def test_a_trial_enters_nothing_and_says_what_it_would_touch(client, entered):
    trial = entered("add", "AZ-ALT", *STORM, "--dry-run")
    assert trial["entered"] is False
    touches = trial["touches"]
    assert touches["places"] == ["AZ-ALT"]
    assert "KZ-AKT--AZ-ALT:rail_ferry" in touches["links"]
    assert "CASP-AKT-ALT-FERRY" in touches["services"]
    first = touches["departures"]["first"]
    assert touches["departures"]["count"] == len(first) > 0
    assert any(each.startswith("CASP-AKT-ALT-FERRY@2026-11-2") for each in first)
    assert state_of(client)["version"] == 0
    entered("add", "AZ-ALT", *STORM)
    again = entered("add", "CASP-AKT-ALT-FERRY", "--until", "2026-11-25", "--dry-run")
    assert again["touches"]["overlaps"] == []
    again = entered("add", "AZ-ALT", "--until", "2026-11-25", "--share", "0.5", "--dry-run")
    assert again["touches"]["overlaps"] == ["AZ-ALT@2026-11-22.1"]
    assert again["closure"]["id"] == "AZ-ALT@2026-11-22.2"


def test_every_fault_is_told_at_once_with_what_would_be_right(karvan):
    given = ("--until", "2026-11-01", "--until-low", "x", "--cause", "strom", "--share", "3")
    status, _, err = karvan("closure", "add", "KZ-AKTA", *given, "--from", "2026-11-20")
    assert status == 2
    assert "There are 5 problems" in err
    assert "did you mean: KZ-AKT Aktau" in err
    assert "would be right: later than 2026-11-20T00:00:00Z" in err
    assert "berth-out" in err
    for words in ("TARGET: no place", "--until-low: has no place", "--share: must be a number"):
        assert words in err


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("KZ-AKT", "--until-low", "2026-11-25"), "beside the other end"),
        (("KZ-AKT", "--until-low", "2026-11-26", "--until-high", "2026-11-25"), "before until_low"),
        (("KZ-AKT", "--until", "2026-11-21"), "lies before the begin"),
        (("KZ-AKT", "--from", "2026-11-01", "--until", "2026-11-03"), "over already"),
        (("KZ-AKT", "--until", "2046-11-03"), "further notice"),
        (("Baku", "--until", "2026-11-25"), "close its places one by one"),
    ],
)
def test_a_closure_that_cannot_be_right_is_refused(karvan, given, words):
    status, _, err = karvan("closure", "add", *given)
    assert status == 2
    assert words in err
    assert "Nothing is closed" in karvan("closure", "list")[1]


def test_unknown_closures_are_told_with_those_like_them(client, entered, karvan):
    entered("add", "KZ-AKT", *STORM)
    answer = client.get("/v1/closures/KZ-AKT")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-closure")
    assert answer.json()["suggestions"] == ["KZ-AKT@2026-11-22.1"]
    assert karvan("closure", "show", "nothing")[0] == 2


def test_links_services_and_carriers_are_closed_by_their_ids(client, entered):
    for target in ("KZ-AKT--AZ-ALT:rail_ferry", "CASP-AKT-ALT-FERRY", "ASCO"):
        entered("add", target, "--cause", "strike")
    states = {each["id"]: each for each in state_of(client)["items"]}
    assert {each["kind"] for each in states.values()} == {"link", "service", "carrier"}
    link = states["KZ-AKT--AZ-ALT:rail_ferry"]
    assert (link["from"], link["to"], link["reopen"]) == ("KZ-AKT", "AZ-ALT", None)
    assert link["links"] == ["AZ-ALT--KZ-AKT:rail_ferry", "KZ-AKT--AZ-ALT:rail_ferry"]
    assert "until further notice" in link["means"]["text"]


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("Storm, waves of 5 m", "storm"),
        ("a berth-out at the ramp", "berth-out"),
        ("storm after the strike", "other"),
        ("stormy talks, in order to save power", "other"),
    ],
)
def test_a_reason_that_names_one_cause_gives_it(entered, reason, cause):
    closure = entered("add", "KZ-AKT", "--reason", reason)["closure"]
    assert (closure["cause"], closure["note"]) == (cause, reason)


REQUEST = {
    "from": "KZ-ALM",
    "to": "GE-POT",
    "container": "40HC",
    "mass_kg": "18000",
    "hs": "851660",
    "ready": "2026-12-03",
    "samples": 50,
}
QUOTE = ("quote", "KZ-ALM", "GE-POT", "--container", "40HC", "--mass-kg", "18000")
QUOTE = (*QUOTE, "--hs", "851660", "--ready", "2026-12-03", "--samples", "50")


def passes(way, place):
    return any(place in (leg["from"], *leg["via"], leg["to"]) for leg in way["legs"])


def test_the_next_quote_sees_a_closure_and_the_one_after_its_end_is_that_of_before(
    client, entered, karvan
):
    def ask():
        answer = client.post("/v1/quotes", json=REQUEST)
        assert answer.status_code == 200, answer.text
        QuoteAnswer.model_validate(answer.json())
        return answer

    usual = ask()
    assert any(passes(way, "KZ-AKT") for way in usual.json()["alternatives"])

    added = entered("add", "KZ-AKT", "--cause", "embargo", "--reason", "no cars taken")["closure"]
    closed = ask()
    found = closed.json()
    assert not any(passes(way, "KZ-AKT") for way in found["alternatives"])
    assert found["quote_id"] != usual.json()["quote_id"]
    assert found["network_hash"] == usual.json()["network_hash"]
    (seen,) = found["situation"]["closures"]
    assert (seen["id"], seen["cause"], seen["reopen"]) == (added["id"], "embargo", None)
    assert found["situation"]["hash"] == state_of(client)["hash"]
    (refused,) = [each for each in found["refused"] if each["rule"] == "closed"]
    assert refused["closure"] == added["id"]
    assert refused["since"] == "2026-11-22T08:00:00Z"

    # The command line reads the same store and gives the same bytes.
    status, out, err = karvan(*QUOTE, "--json")
    assert (status, out) == (0, closed.text), err

    touched = entered("lift", added["id"], "--dry-run")["touches"]
    assert found["quote_id"] not in touched["quotes"]
    entered("lift", added["id"])
    assert ask().text == usual.text
    # Made again with what was closed when it was given, though nothing is closed any more.
    again = client.get(f"/v1/quotes/{found['quote_id']}/again").json()
    assert again["verdict"] == "same"


def test_a_trial_names_the_stored_quotes_that_hold_and_use_it(client, entered):
    kept = client.post("/v1/quotes", json=REQUEST).json()["quote_id"]
    trial = entered("add", "KZ-AKT", "--until", "2026-12-24", "--dry-run")
    assert trial["touches"]["quotes"] == [kept]
    late = ("--dry-run", "--now", "2026-12-01T00:00:00Z")
    assert entered("add", "KZ-AKT", "--until", "2026-12-24", *late)["touches"]["quotes"] == []
    assert entered("add", "TR-MER", "--dry-run")["touches"]["quotes"] == []


def test_a_key_is_needed_to_close_over_http_and_its_holder_is_the_actor(client, karvan, wiring):
    body = {"target": "Aktau", "until_low": "2026-11-24", "until_high": "2026-11-26"}
    refused = client.post("/v1/closures", json=body)
    assert refused.status_code == 401
    ProblemDocument.model_validate(refused.json())
    for scope, status in (("studies", 403), ("closures", 200)):
        _, out, _ = karvan("key", "create", f"port-{scope}", "--scopes", scope, "--json")
        made = json.loads(out)
        headers = {"authorization": f"Bearer {made['token']}", "idempotency-key": f"{scope}-000001"}
        answer = client.post("/v1/closures", json=body, headers=headers)
        assert answer.status_code == status, answer.text
    entry = answer.json()
    EnteredShown.model_validate(entry)
    assert entry["entered"] is True
    assert entry["closure"]["actor"] == f"key:{made['id']}"
    again = client.post("/v1/closures", json=body, headers=headers)
    assert again.json() == entry
    assert state_of(client)["version"] == 1

    closure, key = entry["closure"]["id"], {"authorization": headers["authorization"]}
    trial = client.post(f"/v1/closures/{closure}/lift", json={"dry_run": True}, headers=key)
    assert (trial.status_code, trial.json()["entered"]) == (200, False)
    wrong = {"until_high": "2026-11-01", "shares": 1, "dry_run": False}
    told = client.post(f"/v1/closures/{closure}/correct", json=wrong, headers=key)
    assert told.status_code == 422
    assert {each["pointer"] for each in told.json()["errors"]} == {"/until_high", "/shares"}
    done = client.post(f"/v1/closures/{closure}/lift", json={"note": "calm"}, headers=key)
    assert done.json()["closure"]["deed"] == "lifted"
    assert state_of(client)["items"] == []
    assert client.post("/v1/closures/none/lift", json={}, headers=key).status_code == 404
    assert client.post("/v1/closures", json={"dry_run": "x"}, headers=key).status_code == 422


def test_a_store_that_cannot_be_read_is_told(wiring, opened, tmp_path, capsys):
    (tmp_path / "broken.sqlite").write_text("no store")
    for name, known, words in (("broken", None, "what is closed is not known"), ("no", NORMAL, "")):
        given = {"store": tmp_path / f"{name}.sqlite"}
        work = Session(wiring, load_settings(wiring.environment, tmp_path, given))
        assert read_situation(work, opened.published.network, NOW, as_json=False) == known
        assert words in capsys.readouterr().err
