"""What is done does not depend on where it is done."""

import os
import sys
from contextlib import suppress
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from types import SimpleNamespace

import pytest

import executor_tasks
from karvan.adapters.executors import on_ray
from karvan.adapters.executors.opening import LocalExecutors
from karvan.adapters.files.scenarios import FileScenarios
from karvan.domain.errors import InvalidInput, InvalidTables, LimitReached
from karvan.services.executing import ExecutorKind
from karvan.services.planning.sampling import sample
from postgres import require

TASKS = tuple(range(7))
ALONE = [executor_tasks.drawn(5, task) for task in TASKS]


def answers(kind, function, shared, tasks, workers=2):
    return list(LocalExecutors().open(kind, workers).map(function, shared, tasks))


@pytest.mark.parametrize("kind", [ExecutorKind.INLINE, ExecutorKind.PROCESSES])
def test_answers_depend_on_the_task_and_not_on_where_and_when_it_was_done(kind):
    assert answers(kind, executor_tasks.drawn, 5, TASKS) == ALONE
    assert answers(kind, executor_tasks.drawn, 5, TASKS[::-1], workers=1) == ALONE[::-1]
    assert answers(kind, executor_tasks.drawn, 5, ()) == []


def test_a_ctrl_c_reaches_no_process_at_work_and_this_one_still():
    assert answers(ExecutorKind.PROCESSES, executor_tasks.hears_an_interrupt, 0, TASKS) == [
        False
    ] * len(TASKS)
    assert executor_tasks.hears_an_interrupt(0, 0)


def test_two_workers_of_ray_plan_as_one_process_and_nobody_outside_reaches_them(published):
    if find_spec("ray") is None:
        require("ray", "pip install 'karvan[ray]'")
    path = os.environ.get("PYTHONPATH")
    heard = set()

    def watch(told, total):
        for each in told:
            heard.update(listened_to_by_children())
            yield each

    runs = sampled(published, ExecutorKind.RAY, watch)

    assert runs == sampled(published, ExecutorKind.INLINE, lambda told, total: iter(told))
    assert heard
    assert all(address.is_loopback for address in heard)
    assert os.environ.get("PYTHONPATH") == path


class Unwilling:
    """Ray on a machine that gives it no time, or gives it some at the second start."""

    exceptions = SimpleNamespace(WorkerCrashedError=OSError)

    def __init__(self, wrong):
        self.wrong, self.started, self.ended = wrong, 0, 0

    def init(self, **_):
        self.started += 1
        if self.started <= self.wrong:
            raise RuntimeError("The current node timed out\nduring startup.")

    def shutdown(self):
        self.ended += 1

    def remote(self, **_):
        return lambda function: SimpleNamespace(remote=function)

    def put(self, value):
        return value

    def get(self, value):
        return value


def test_ray_that_does_not_start_is_told_as_a_limit_and_what_to_do(monkeypatch):
    path = os.environ.get("PYTHONPATH")
    ray = Unwilling(wrong=9)
    monkeypatch.setattr(on_ray, "_import_ray", lambda: ray)

    with pytest.raises(LimitReached, match="--executor processes") as raised:
        list(LocalExecutors().open(ExecutorKind.RAY, 2).map(max, 1, [1]))

    assert raised.value.facts["reason"] == "The current node timed out during startup."
    assert (ray.started, ray.ended) == (2, 3)
    assert os.environ.get("PYTHONPATH") == path


def test_ray_that_starts_at_the_second_time_does_the_work(monkeypatch):
    ray = Unwilling(wrong=1)
    monkeypatch.setattr(on_ray, "_import_ray", lambda: ray)

    assert list(LocalExecutors().open(ExecutorKind.RAY, 2).map(max, 1, [0, 5])) == [1, 5]


def sampled(published, kind, watch):
    """The bytes of every figure of three runs."""
    (found,) = sample(
        LocalExecutors().open(kind, 2),
        published.network,
        [FileScenarios().read("cpc-moorings-2025")],
        runs=3,
        seed=2,
        watch=watch,
    ).of
    return {name: draws.tobytes() for name, draws in (found.by_month | found.totals).items()}


def listened_to_by_children():
    """Addresses at which processes below this one listen. Source: proc(5), /proc/net/tcp."""
    sockets = set()
    for process in descendants(os.getpid()):
        for link in Path(f"/proc/{process}/fd").glob("*"):
            with suppress(OSError):
                sockets.add(str(link.readlink()))
    rows = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    return {
        address_of(row[1]) for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in sockets
    }


def descendants(process):
    for thread in Path(f"/proc/{process}/task").glob("*/children"):
        for child in thread.read_text().split():
            yield int(child)
            yield from descendants(int(child))


def address_of(text):
    """Groups of four bytes, each in the order of the machine."""
    raw = bytes.fromhex(text.partition(":")[0])
    found = ip_address(b"".join(raw[at : at + 4][::-1] for at in range(0, len(raw), 4)))
    return getattr(found, "ipv4_mapped", None) or found


@pytest.mark.parametrize("workers", [1, 2])
def test_the_first_failing_task_ends_the_work_with_its_own_error(workers):
    found = LocalExecutors().open(ExecutorKind.PROCESSES, workers)
    told = []

    with pytest.raises(InvalidTables) as caught:
        told.extend(found.map(executor_tasks.failing, {3, 5}, TASKS))

    (fault,) = caught.value.faults
    assert (fault.row, fault.column) == (3, "column")
    assert caught.value.message == str(caught.value)


def test_a_worker_that_is_killed_ends_the_work_with_status_3():
    with pytest.raises(LimitReached) as caught:
        answers(ExecutorKind.PROCESSES, executor_tasks.killed, 5, TASKS)

    assert caught.value.exit_status == 3


def test_who_stops_asking_has_the_answers_of_the_first_tasks():
    asked = LocalExecutors().open(ExecutorKind.PROCESSES, 2).map(executor_tasks.drawn, 5, TASKS)

    first = [next(asked), next(asked)]
    asked.close()

    assert first == ALONE[:2]


def test_ray_that_is_not_installed_is_asked_for_by_name(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)

    with pytest.raises(InvalidInput) as caught:
        LocalExecutors().open(ExecutorKind.RAY, 2)

    assert "karvan[ray]" in str(caught.value.facts["install"])
