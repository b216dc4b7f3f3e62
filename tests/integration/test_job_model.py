"""Random workers on a real store against a model of what must hold (invariant I20).

Three workers take jobs, write, fall silent for longer than their lease and come back; people
submit, cancel and try again. The model is written by hand and calls none of the steps.
"""

import shutil
import tempfile
from functools import partial
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from job_cases import later, put
from karvan.adapters.sql.jobs import SqlJobStores
from karvan.domain.errors import JobConflict, LeaseLost
from karvan.services.databases import Database
from karvan.services.jobs import job as steps
from karvan.services.jobs.job import Lease, Policy, Reason, State
from karvan.services.jobs.store import Beside

POLICY = Policy(lease_s=30, most_attempts=3, first_wait_s=5, longest_wait_s=40)
WAITS = {1: 5, 2: 10}
#: Which of the leases that were given out, the latest first; most of them are lost.
LEASES = st.integers(0, 2)
#: Steps are counted here, not what a disk takes to keep up.
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
FINAL = {"done", "dead", "cancelled"}


class Model:
    """One job as a person would keep it on paper."""

    def __init__(self, now):
        self.state, self.due, self.holder = "queued", now, None
        self.attempts, self.parts, self.result = 0, {}, None

    def end(self, state, due=0):
        self.state, self.due, self.holder = state, due, None
        if state in ("done", "cancelled"):
            self.parts = {}


class Jobs(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="karvan-jobs-", dir=MEMORY))
        self.store = SqlJobStores().open(Database.of_file(self.folder / "j"), create=True)
        self.now, self.models, self.leases = 0, {}, []

    def teardown(self):
        self.store.close()
        shutil.rmtree(self.folder)

    @initialize()
    def begin(self):
        self.submit()

    @rule(seconds=st.sampled_from([5, 12, 31]))
    def wait(self, seconds):
        self.now += seconds

    @precondition(lambda self: len(self.models) < 3)
    @rule()
    def submit(self):
        number = len(self.models) + 1
        found = put(self.store, number, at=later(self.now))
        self.models[found.job_id] = Model(self.now)

    @rule()
    def take(self):
        step = partial(
            steps.take, worker=f"w{len(self.leases)}", now=later(self.now), policy=POLICY
        )
        found = self.store.take_due(("count",), later(self.now), step)
        due = {
            name: model.due
            for name, model in self.models.items()
            if model.state not in FINAL and model.due <= self.now
        }
        if found is None:
            assert not due
            return
        assert due[found.job_id] == min(due.values())
        model = self.models[found.job_id]
        if model.state == "cancelling":
            model.end("cancelled")
        elif model.attempts >= POLICY.most_attempts:
            model.end("dead")
        else:
            model.state, model.due = "running", self.now + 30
            model.attempts += 1
            model.holder = len(self.leases)
            self.leases.append(Lease.of(found))

    @rule(times=st.integers(1, 4))
    def fall_silent(self, times):
        """Whoever holds a job says nothing more, and so does who takes it next."""
        for _ in range(times):
            self.now += 31
            self.take()

    def write(self, which, step, beside=None, **given):
        """Let a worker write; gives the model of its job where it had the right to."""
        index = len(self.leases) - 1 - which % len(self.leases)
        lease = self.leases[index]
        model = self.models[lease.job_id]
        may = model.holder == index
        try:
            step = partial(step, lease=lease, now=later(self.now), **given)
            self.store.change(lease.job_id, step, beside or Beside())
        except LeaseLost:
            assert not may
            return None
        assert may, "a worker wrote to a job of another"
        return model

    @precondition(lambda self: self.leases)
    @rule(which=LEASES, number=st.integers(1, 3))
    def advance(self, which, number):
        lease = self.leases[-1 - which % len(self.leases)]
        before = self.store.get(lease.job_id)
        parts = {number: f"{which} {self.now}"}
        there = self.store.get_parts(lease.job_id)
        done = len(there | parts)
        model = self.write(
            which, steps.advance, Beside(parts=parts), policy=POLICY, done=done, total=3
        )
        if model is not None:
            model.parts = parts | model.parts
            model.due = max(model.due, self.now + 30)
            model.attempts = 1 if done > before.done else model.attempts

    @precondition(lambda self: self.leases)
    @rule(which=LEASES)
    def renew(self, which):
        model = self.write(which, steps.renew, policy=POLICY)
        if model is not None:
            model.due = max(model.due, self.now + 30)

    @precondition(lambda self: self.leases)
    @rule(which=LEASES)
    def finish(self, which):
        result = f"{which} {self.now}".encode()
        model = self.write(which, steps.finish, Beside(result=result))
        if model is not None:
            assert model.result is None, "a job is done twice"
            model.result = None if model.state == "cancelling" else result
            model.end("cancelled" if model.state == "cancelling" else "done")

    @precondition(lambda self: self.leases)
    @rule(which=LEASES, final=st.booleans())
    def fail(self, which, final):
        reason = Reason("internal", "broken")
        model = self.write(which, steps.fail, policy=POLICY, reason=reason, final=final)
        if model is None:
            return
        if model.state == "cancelling":
            model.end("cancelled")
        elif final or model.attempts >= POLICY.most_attempts:
            model.end("dead")
        else:
            model.end("queued", self.now + WAITS[model.attempts])

    @precondition(lambda self: self.leases)
    @rule(which=LEASES)
    def release(self, which):
        model = self.write(which, steps.release)
        if model is not None and model.state == "cancelling":
            model.end("cancelled")
        elif model is not None:
            model.end("queued", self.now)
            model.attempts -= 1

    def ask(self, number, step):
        """Let a person ask; gives the model where it was allowed."""
        name = f"J-{number:016X}"
        if name not in self.models:
            return None
        try:
            self.store.change(name, partial(step, now=later(self.now)))
        except JobConflict:
            return None
        return self.models[name]

    @rule(number=st.integers(1, 3))
    def cancel(self, number):
        model = self.ask(number, steps.cancel)
        if model is not None:
            assert model.state not in ("done", "dead")
            if model.state == "running":
                model.state = "cancelling"
            elif model.state == "queued":
                model.end("cancelled")

    @rule(number=st.integers(1, 3))
    def retry(self, number):
        model = self.ask(number, steps.retry)
        if model is not None:
            assert model.state == "dead"
            model.end("queued", self.now)
            model.attempts = 0

    @invariant()
    def the_store_tells_what_the_model_does(self):
        found = {each.job_id: each for each in self.store.list_jobs()}
        assert set(found) == set(self.models)
        for name, model in self.models.items():
            each = found[name]
            assert each.state.value == model.state
            assert each.attempts == model.attempts <= POLICY.most_attempts
            if model.state not in FINAL:
                assert each.due_at == later(model.due)
            assert self.store.get_parts(name) == model.parts
            if model.state == State.DONE:
                assert self.store.get_result(name) == model.result


Jobs.TestCase.settings = settings(max_examples=20, stateful_step_count=40, deadline=None)
TestJobs = Jobs.TestCase
