"""Jobs over HTTP, and the workers beside a server."""

import json
import threading

import pytest
from starlette.testclient import TestClient

from job_cases import LANES, later
from karvan.bootstrap import wire
from karvan.domain.errors import StoreUnavailable
from karvan.interfaces.helpers import AFTER_FAILURE_S, LOOK_S, Helpers, make_helpers
from karvan.interfaces.http.app import create_app
from karvan.interfaces.http.job_schemas import JobPage, JobShown, LaneTable
from karvan.interfaces.http.schemas import ProblemDocument
from karvan.interfaces.settings import Settings, load_settings
from karvan.interfaces.wiring import Wiring
from karvan.interfaces.working import WorkOrder, make_worker
from karvan.services.databases import Database
from karvan.services.jobs.job import State
from karvan.services.keys import Scope, make_key

NOWHERE = LANES[1]
BODY = {"kind": "quotes.run", "parameters": {"lanes": [NOWHERE, NOWHERE]}, "reason": "an offer"}


@pytest.fixture(scope="module")
def where(tmp_path_factory):
    return Database.of_file(tmp_path_factory.mktemp("jobs") / "kept.sqlite")


@pytest.fixture(scope="module")
def wiring(opened, where):
    real = wire()

    class Sets:
        def open(self, folder=None):
            return opened

    return Wiring(
        tables=real.tables,
        clock=lambda: later(0),
        environment={"KARVAN_DATABASE": where.url},
        stores=real.stores,
        table_sets=Sets(),
        keys=real.keys,
        answers=real.answers,
        jobs=real.jobs,
    )


@pytest.fixture(scope="module")
def client(wiring):
    settings = load_settings(wiring.environment, wiring.folder).settings
    with TestClient(create_app(wiring, settings, warm_up=False)) as made:
        yield made


@pytest.fixture(scope="module")
def token(wiring, where):
    made = make_key("ana", [Scope.STUDIES], now=later(0))
    keys = wiring.keys.open(where, create=True)
    keys.add(made.key, actor="test")
    keys.close()
    return made.token


@pytest.fixture
def store(wiring, where):
    opened_store = wiring.jobs.open(where, create=True)
    yield opened_store
    opened_store.close()


def post(client, token, address="/v1/jobs", body=BODY, key=None):
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    headers |= {"idempotency-key": key} if key else {}
    content = body if isinstance(body, bytes) else json.dumps(body)
    return client.post(address, content=content, headers=headers)


def read(client, token, address):
    return client.get(address, headers={"authorization": f"Bearer {token}"})


def problem(response, status):
    assert response.status_code == status, response.text
    return ProblemDocument.model_validate_json(response.content)


def test_a_job_is_submitted_done_and_shown(client, token, wiring, where, store):
    queued = post(client, token)
    assert queued.status_code == 202
    address = queued.headers["location"]
    assert JobShown.model_validate_json(queued.content).state == "queued"
    problem(client.get(f"{address}/result"), 409)

    order = WorkOrder(where, None)
    watch, never = (lambda _: None), (lambda: False)
    assert make_worker(wiring, order, store, stopping=never, watch=watch).drain() == 1

    shown = JobShown.model_validate_json(client.get(address).content)
    assert (shown.state, shown.progress.done, shown.ended) == ("done", 2, True)
    result = client.get(shown.result)
    table = LaneTable.model_validate_json(result.content)
    assert (table.lanes, table.answered, len(table.rows)) == (2, 0, 2)
    assert result.content == store.get_result(shown.job_id)
    problem(post(client, token, f"{address}/cancel", {}), 409)
    problem(post(client, token, f"{address}/retry", {}), 409)


def test_the_same_key_is_one_job_even_when_the_first_answer_never_came(client, token, store):
    before = len(store.list_jobs())
    first = post(client, token, key="offer-of-spring")
    again = post(client, token, key="offer-of-spring")
    assert first.content == again.content
    problem(post(client, token, body=BODY | {"reason": ""}, key="offer-of-spring"), 409)

    # The program died after the job was queued and before the answer was kept.
    answers, client.app.state.answers = client.app.state.answers, None
    lost = post(client, token, key="offer-of-spring")
    client.app.state.answers = answers
    assert lost.json() == first.json()
    assert len(store.list_jobs()) == before + 1
    address = first.headers["location"]
    cancelled = post(client, token, f"{address}/cancel", {"reason": "wrong"}, key="cancel-it")
    assert cancelled.json()["state"] == "cancelled"
    assert post(client, token, f"{address}/cancel", {"reason": "wrong"}).status_code == 200


def test_pages_follow_each_other_to_the_end(client, token):
    for _ in range(3):
        post(client, token)
    seen, address = [], "/v1/jobs?limit=2"
    while address:
        page = JobPage.model_validate_json(read(client, token, address).content)
        seen += [each.job_id for each in page.items]
        address = page.next
    assert len(seen) == len(set(seen)) >= 3
    assert read(client, token, "/v1/jobs?state=dead").json() == {"items": [], "next": None}
    for wrong in ("state=lost", "after=yesterday", "limit=0"):
        problem(read(client, token, f"/v1/jobs?{wrong}"), 422)


def test_without_a_key_nothing_is_written_or_listed(client, token):
    address = post(client, token).headers["location"]
    for wrong in ("", "karvan.K-00000000.x"):
        problem(read(client, wrong, "/v1/jobs"), 401)
        for path in ("/v1/jobs", f"{address}/cancel", f"{address}/retry"):
            problem(post(client, wrong, path), 401)
    assert client.get(address).json()["state"] == "queued"


WRONG = {
    "no kind": ({"parameters": {"lanes": [{}]}}, {"/kind"}),
    "all at once": (
        {"kind": "dance", "colour": 1, "parameters": {"lanes": [7], "x": 1}, "reason": 7},
        {"/kind", "/colour", "/parameters/x", "/parameters/lanes/0", "/reason"},
    ),
    "no lanes": ({"kind": "quotes.run", "parameters": {"lanes": []}}, {"/parameters/lanes"}),
    "a list": ({"kind": "quotes.run", "parameters": []}, {"/parameters"}),
    "long reason": (BODY | {"reason": "x" * 501}, {"/reason"}),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_all_faults_of_a_submission_are_told(client, token, wrong):
    body, pointers = WRONG[wrong]
    told = post(client, token, body=body)
    problem(told, 422)
    assert {each["pointer"] for each in told.json()["errors"]} == pointers


def test_jobs_that_are_not_there_are_told(client, token, published):
    problem(client.get("/v1/jobs/J-0000000000000000"), 404)
    problem(client.get("/v1/jobs/7"), 422)
    problem(post(client, token, "/v1/jobs/J-0000000000000000/cancel", {}), 404)
    problem(post(client, token, body=b"[]"), 400)

    class Tables:
        def load(self, folder=None):
            return published

    bare = create_app(Wiring(tables=Tables(), clock=lambda: later(0)), Settings(), warm_up=False)
    with TestClient(bare) as nothing:
        problem(nothing.get("/v1/jobs/J-0000000000000000"), 404)
        problem(post(nothing, token), 403)


class Fake:
    """A process that ends when the test says so."""

    def __init__(self):
        self.exitcode, self.asked = None, []

    def terminate(self):
        self.asked.append("terminate")

    def kill(self):
        self.asked.append("kill")
        self.exitcode = -9

    def join(self, timeout=None):
        self.asked.append("join")


def test_helpers_are_started_while_jobs_are_due_and_ended_with_the_server():
    due, started, closed = [True], [], []

    def start():
        started.append(Fake())
        return started[-1]

    def is_due():
        if due[0] is None:
            raise StoreUnavailable("it is gone")
        return due[0]

    helpers = Helpers(2, is_due, start, lambda: closed.append(1))
    assert [helpers.look() for _ in range(3)] == [LOOK_S] * 3
    assert len(started) == 2
    started[0].exitcode = 0
    assert (helpers.look(), len(started)) == (LOOK_S, 3)
    started[1].exitcode = 1
    assert (helpers.look(), len(started)) == (AFTER_FAILURE_S, 3)
    due[0] = None
    assert (helpers.look(), len(started)) == (AFTER_FAILURE_S, 3)
    helpers.end()
    assert (started[2].asked, closed) == (["terminate", "join", "kill", "join"], [1])


def test_a_real_process_beside_the_server_does_the_job_and_ends_in_good_order(
    tmp_path, opened, capfd
):
    from karvan.services.jobs import desk
    from karvan.services.jobs.lanes import KIND, lanes_of, prepare

    real = wire()
    order = WorkOrder(Database.of_file(tmp_path / "kept.sqlite"), None)
    quotes = real.stores.open(order.where, create=True)
    text = prepare(quotes, opened.table_set, lanes_of([NOWHERE]), later(0))
    quotes.close()
    store = real.jobs.open(order.where, create=True)
    job = desk.submit(
        store,
        job_id=desk.new_job_id(),
        kind=KIND,
        parameters=text,
        actor="ana",
        reason="",
        now=later(0),
    )
    assert make_helpers(real, order, 0) is None
    helpers = make_helpers(real, order, 1)

    helpers.look()
    (process,) = helpers._running
    look = threading.Event()
    for _ in range(600):
        if store.get(job.job_id).state is State.DONE or process.exitcode is not None:
            break
        look.wait(0.1)
    helpers.end()

    assert store.get(job.job_id).state is State.DONE, capfd.readouterr().err
    assert process.exitcode == 0
    store.close()
