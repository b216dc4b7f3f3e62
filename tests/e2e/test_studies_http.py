"""Studies over HTTP: queued, planned by a worker, and told as the command tells them."""

import io
import json
import zipfile

import httpx2
import pytest
from starlette.testclient import TestClient

from job_cases import later
from karvan.bootstrap import wire
from karvan.client import Client, Wrong
from karvan.interfaces.cli import app as cli
from karvan.interfaces.http.app import create_app
from karvan.interfaces.http.job_schemas import JobShown
from karvan.interfaces.http.schemas import ProblemDocument
from karvan.interfaces.http.study_answers import (
    ComparisonTold,
    ContingencyTold,
    InvestmentTold,
    RecoveriesTold,
    StudyTold,
)
from karvan.interfaces.settings import load_settings
from karvan.interfaces.wiring import Wiring
from karvan.interfaces.working import WorkOrder, make_worker
from karvan.services.databases import Database
from karvan.services.keys import Scope, make_key

EVENT = {
    "id": "X1",
    "asset": "CPC marine terminal",
    "first_day": "2024-03-01",
    "last_day": "2024-03-31",
    "share_lost": 1,
    "cause": "as in the file",
    "source": "a test",
}
SCENARIO = {
    "title": "A month without the terminal",
    "base": "oil-2024",
    "first_month": "2024-02",
    "months": 3,
    "event": [EVENT],
}
FILE = """
title = "A month without the terminal"
base = "oil-2024"
first_month = "2024-02"
months = 3

[[event]]
id = "X1"
asset = "CPC marine terminal"
first_day = 2024-03-01
last_day = 2024-03-31
share_lost = 1
cause = "as in the file"
source = "a test"
"""


@pytest.fixture(scope="module")
def where(tmp_path_factory):
    return Database.of_file(tmp_path_factory.mktemp("studies") / "kept.sqlite")


@pytest.fixture(scope="module")
def wiring(opened, where):
    real = wire()

    class Sets:
        def open(self, folder=None):
            return opened

    class Tables:
        def load(self, folder=None):
            return opened.published

    return Wiring(
        tables=Tables(),
        clock=lambda: later(0),
        environment={"KARVAN_DATABASE": where.url},
        stores=real.stores,
        table_sets=Sets(),
        keys=real.keys,
        answers=real.answers,
        jobs=real.jobs,
        closures=real.closures,
        scenarios=real.scenarios,
        projects=real.projects,
        results=real.results,
        reports=real.reports,
        executors=real.executors,
    )


@pytest.fixture(scope="module")
def post(wiring, where):
    made = {scope: make_key("ana", [scope], now=later(0)) for scope in Scope}
    keys = wiring.keys.open(where, create=True)
    for each in made.values():
        keys.add(each.key, actor="test")
    keys.close()
    settings = load_settings(wiring.environment, wiring.folder).settings
    with TestClient(create_app(wiring, settings, warm_up=False)) as client:

        def send(body, *, scope=Scope.STUDIES, key=None, address="/v1/studies"):
            headers = {"content-type": "application/json"}
            headers |= {"idempotency-key": key} if key else {}
            headers |= {"authorization": f"Bearer {made[scope].token}"} if scope else {}
            return client.post(address, content=json.dumps(body), headers=headers)

        send.get, send.client = client.get, client
        send.key = made[Scope.STUDIES].token
        yield send


def drain(wiring, where):
    store = wiring.jobs.open(where, create=True)
    order = WorkOrder(where, None)
    worker = make_worker(wiring, order, store, stopping=lambda: False, watch=lambda _: None)
    count = worker.drain()
    store.close()
    return count


def test_a_study_is_queued_planned_and_told_as_the_command_tells_it(
    post, wiring, where, tmp_path, capsysbinary
):
    asked = {"scenario": SCENARIO, "failures": False, "reason": "what if"}
    queued = post(asked, key="march-of-2024")
    again = post(asked, key="march-of-2024")
    assert (queued.status_code, queued.content) == (202, again.content), queued.text
    limited = post({"scenario": "base-2024", "time_limit_s": 0})
    wrong = post({"scenario": SCENARIO})
    address = wrong.headers["location"]
    assert post({}, address=f"{address}/cancel").json()["state"] == "cancelled"

    assert drain(wiring, where) == 2

    job = JobShown.model_validate_json(post.get(queued.headers["location"]).content)
    assert (job.kind, job.state) == ("plan", "done")
    assert job.progress.done == job.progress.total > 3
    result = post.get(job.result)
    told = StudyTold.model_validate_json(result.content)
    assert told.event_from == "2024-03"
    assert told.extra_cost_kusd > 0
    (tmp_path / "scenario.toml").write_text(FILE)
    assert cli.run(["plan", str(tmp_path / "scenario.toml"), "--json"], wiring) == 0
    assert capsysbinary.readouterr().out == result.content

    dead = JobShown.model_validate_json(post.get(limited.headers["location"]).content)
    assert (dead.state, dead.attempts, dead.reason.code) == ("dead", 1, "limit-reached")
    assert post.get(dead.result).status_code == 409


def test_what_is_closed_is_seen_by_the_next_study_as_an_event_of_the_same_share(
    post, wiring, where, tmp_path, capsysbinary
):
    closed = {"cause": "war", "from": "2026-11-01", "until": "2026-12-31", "note": "a test"}
    places = {"RU-CPCMT": "1", "KZ-AKT": "0.6"}
    entered = [
        post(
            closed | {"target": target, "share": share},
            scope=Scope.CLOSURES,
            address="/v1/closures",
        )
        for target, share in {**places, "CN-XIA": "1"}.items()
    ]
    assert [each.status_code for each in entered] == [200] * 3
    ids = [each.json()["closure"]["id"] for each in entered]
    months = SCENARIO | {"first_month": "2026-10", "event": []}
    seen = post({"scenario": months, "situation": True, "failures": False})
    oil = {"CPC marine terminal": 1, "Aktau oil berths": 0.6, "Aktau tank farm": 0.6}
    days = {"first_day": "2026-11-01", "last_day": "2026-12-31"}
    events = [EVENT | days | {"asset": asset, "share_lost": share} for asset, share in oil.items()]
    by_file = post({"scenario": months | {"event": events}, "failures": False})

    assert drain(wiring, where) == 2

    told, wanted = (
        post.get(each.headers["location"] + "/result").json() for each in (seen, by_file)
    )
    assert told["situation"]["without_effect"] == ids[2:]
    assert {each["asset"]: each["share_lost"] for each in told["situation"]["events"]} == oil
    assert {each["closure"] for each in told["situation"]["events"]} == set(ids[:2])
    assert {each["last_day"] for each in told["situation"]["events"]} == {"2026-12-31"}
    assert "situation" not in wanted
    assert wanted["with_event"] != wanted["without_event"]
    assert told["with_event"] == wanted["with_event"]
    text = FILE.split("[[event]]", maxsplit=1)[0].replace("2024-02", "2026-10")
    (tmp_path / "scenario.toml").write_text(text)
    assert cli.run(["plan", str(tmp_path / "scenario.toml"), "--json", "--situation"], wiring) == 0
    assert json.loads(capsysbinary.readouterr().out) == told


CALM = {name: value for name, value in SCENARIO.items() if name != "event"} | {"months": 2}
SHORT = SCENARIO | {"months": 2}
KINDS = {
    "contingency": (
        ContingencyTold,
        {"scenario": CALM, "by_year": True, "order": 2},
        ("calm.toml", "--by-year", "--order", "2"),
    ),
    "resilience": (
        RecoveriesTold,
        {"scenario": SHORT, "tolerance": 0.05},
        ("short.toml", "--tolerance", "0.05"),
    ),
    "invest": (
        InvestmentTold,
        {"scenario": CALM, "first_year": 2026, "last_year": 2026, "budget_eur": 4e7},
        ("calm.toml", "--from", "2026", "--until", "2026", "--budget-eur", "40e6"),
    ),
    "compare": (ComparisonTold, {"a": CALM, "b": SHORT}, ("calm.toml", "short.toml")),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_told_as_its_command_tells_it_and_made_again_from_its_folder(
    post, wiring, where, tmp_path, capsysbinary, kind
):
    told, body, words = KINDS[kind]
    begin = FILE.replace("months = 3", "months = 2")
    for name, text in {"short": begin, "calm": begin.split("[[event]]", maxsplit=1)[0]}.items():
        (tmp_path / f"{name}.toml").write_text(text)
    queued = post({"kind": kind, **body})
    assert queued.status_code == 202, queued.text
    address = queued.headers["location"]

    assert drain(wiring, where) == 1

    job = JobShown.model_validate_json(post.get(address).content)
    assert (job.kind, job.state) == (kind, "done")
    assert job.progress.done == job.progress.total
    result = post.get(f"{address}/result")
    told.model_validate_json(result.content)
    given = [str(tmp_path / word) if word.endswith(".toml") else word for word in words]
    assert cli.run([kind, *given, "--json"], wiring) == 0
    shown = json.loads(capsysbinary.readouterr().out)
    assert _unnamed(result.json()) == _unnamed(shown)

    packed = post.get(f"{address}/folder")
    assert packed.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        assert archive.testzip() is None
        assert {"manifest.json", "report.html", "result.json"} < set(archive.namelist())
        archive.extractall(tmp_path / "folder")
    assert cli.run([kind, "--again", str(tmp_path / "folder"), "--json"], wiring) == 0
    again = json.loads(capsysbinary.readouterr().out)
    assert (again["same"], again["changed"]) == (True, [])

    page = post.get(f"{address}/report")
    assert page.headers["content-type"].startswith("text/html")
    assert "sandbox" in page.headers["content-security-policy"]
    assert f"karvan {kind} scenario.toml" in page.text
    assert ("If one more thing fails" in page.text) is (kind in {"contingency", "compare"})


#: How many lengths a job has been told to have by then.
STAGES = {"planning": 1, "if one more thing fails": 2}


def _unnamed(told):
    """What is told, but for the names of files: what is sent has none of its own."""
    if isinstance(told, dict):
        return {key: _unnamed(value) for key, value in told.items() if key != "scenario"}
    return [_unnamed(each) for each in told] if isinstance(told, list) else told


@pytest.mark.parametrize("stage", ["planning", "if one more thing fails"])
def test_a_study_that_is_cancelled_ends_with_its_next_part(post, wiring, where, stage):
    address = post({"scenario": SCENARIO}).headers["location"]
    store = wiring.jobs.open(where, create=True)
    seen, totals = [], set()

    def watch(job):
        if job.done:
            totals.add(job.total)
        if job.done >= 2 and len(totals) == STAGES[stage] and not seen:
            seen.append(job)
            assert post({}, address=f"{address}/cancel").json()["state"] == "cancelling"

    order = WorkOrder(where, None)
    worker = make_worker(wiring, order, store, stopping=lambda: False, watch=watch)
    worker.drain()
    store.close()

    job = JobShown.model_validate_json(post.get(address).content)
    assert job.state == "cancelled"
    assert job.progress.done == seen[0].done + 1 <= job.progress.total
    for part in ("result", "folder", "report"):
        assert post.get(f"{address}/{part}").status_code == 409


WRONG = {
    "a kind": ({"kind": "dream", "scenario": "base-2024"}, {"/kind"}),
    "terms of another kind": (
        {"kind": "resilience", "scenario": "base-2024", "order": 2, "days": 0, "tolerance": "1"},
        {"/order", "/days", "/tolerance"},
    ),
    "days beyond the scenario": (
        {"kind": "resilience", "scenario": "base-2024", "days": 20, "first_day": "2024-12-20"},
        {"/first_day"},
    ),
    "a day that is none": (
        {"kind": "resilience", "scenario": "base-2024", "first_day": "2024-02-30"},
        {"/first_day"},
    ),
    "order and a flag": (
        {"kind": "contingency", "scenario": "nowhere", "order": 3, "by_year": 1},
        {"/scenario", "/order", "/by_year"},
    ),
    "terms of money": (
        {
            "kind": "invest",
            "scenario": "base-2024",
            "rate_percent": 100.5,
            "every": 0,
            "costs": "cheap",
            "budget_eur": -1,
            "frontier": "yes",
        },
        {"/rate_percent", "/every", "/costs", "/budget_eur", "/frontier"},
    ),
    "years that end before they begin": (
        {"kind": "invest", "scenario": "base-2024", "first_year": 2030, "last_year": 2029},
        {"/last_year"},
    ),
    "one scenario to compare": (
        {"kind": "compare", "a": "base-2024", "scenario": "base-2024", "runs": 10_001, "seed": -1},
        {"/b", "/scenario", "/runs", "/seed"},
    ),
    "nothing": ({}, {"/scenario"}),
    "a file": ({"scenario": "/etc/scenario.toml"}, {"/scenario"}),
    "an oil year": ({"scenario": "oil-2024"}, {"/scenario"}),
    "the request": (
        {
            "scenario": 7,
            "time_limit_s": True,
            "reason": 1,
            "colour": 1,
            "situation": 1,
            "failures": "no",
        },
        {"/situation", "/failures", "/scenario", "/time_limit_s", "/reason", "/colour"},
    ),
    "no page of a plan": (
        {"kind": "invest", "scenario": "base-2024", "failures": False},
        {"/failures"},
    ),
    "a base beside the folder": (
        {"scenario": SCENARIO | {"base": "../scenarios/oil-2024"}},
        {"/scenario/base"},
    ),
    "keys and values": (
        {
            "scenario": SCENARIO
            | {
                "months": True,
                "first_month": "9999-12",
                "colour": 1,
                "event": [EVENT, EVENT | {"share_lost": 2, "last_day": "soon"}],
            },
            "time_limit_s": 1201,
        },
        {
            "/scenario/months",
            "/scenario/first_month",
            "/scenario/colour",
            "/scenario/event/1/share_lost",
            "/scenario/event/1/last_day",
            "/time_limit_s",
        },
    ),
    "names": (
        {"scenario": SCENARIO | {"event": [EVENT | {"asset": "a"}, EVENT, EVENT | {"asset": "b"}]}},
        {"/scenario/event/0/asset", "/scenario/event/2/asset"},
    ),
    "form and names": (
        {
            "scenario": SCENARIO
            | {
                "months": "three",
                "event": [EVENT, EVENT | {"asset": "CPC marine", "share_lost": 2}],
                "change": [{"fleet": "Caspian tanker", "what": "ad", "source": "x"}],
            },
        },
        {
            "/scenario/months",
            "/scenario/event/1/share_lost",
            "/scenario/event/1/asset",
            "/scenario/change/0/what",
            "/scenario/change/0/fleet",
        },
    ),
    "a number too long": (
        {"scenario": SCENARIO | {"event": [EVENT | {"share_lost": 10**400}]}},
        {"/scenario/event/0/share_lost"},
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_all_faults_of_a_study_are_told(post, wrong):
    body, pointers = WRONG[wrong]
    told = post(body)
    assert told.status_code == 422, told.text
    ProblemDocument.model_validate_json(told.content)
    assert {each["pointer"] for each in told.json()["errors"]} == pointers


def test_a_program_starts_a_study_waits_for_it_and_has_all_of_it(post, wiring, where):
    def answer(request):
        given = post.client.request(
            request.method,
            request.url.raw_path.decode(),
            content=request.content,
            headers=dict(request.headers),
        )
        return httpx2.Response(given.status_code, content=given.content)

    seen = []

    def work(_seconds):
        drain(wiring, where)

    transport = httpx2.MockTransport(answer)
    with Client("http://k", key=post.key, transport=transport, sleep=work) as karvan:
        asked = {"kind": "plan", "scenario": CALM, "failures": False}
        job = karvan.study(asked | {"reason": "for the client"})
        ended = karvan.wait(job.job_id, watch=seen.append)
        assert (job.state, ended.state) == ("queued", "done")
        assert ended.progress.done == ended.progress.total > 0
        assert [each.ended for each in seen] == [False, True]
        assert karvan.result(job.job_id)["months"] == ["2024-02", "2024-03"]
        assert karvan.study_folder(job.job_id)[:2] == b"PK"
        assert karvan.study_report(job.job_id).startswith("<!doctype html>")
        with pytest.raises(Wrong):
            karvan.cancel_job(job.job_id)


def test_a_study_needs_a_key_for_studies(post):
    assert post({"scenario": "base-2024"}, scope=None).status_code == 401
    assert post({"scenario": "base-2024"}, scope=Scope.CLOSURES).status_code == 403
