"""The steps of a job, against the table of states written by hand."""

import csv
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from job_cases import NOON, job, later
from karvan.domain.errors import KarvanError, LeaseLost
from karvan.services.jobs import job as steps
from karvan.services.jobs.job import FINAL, Lease, Policy, Reason, State

POLICY = Policy(lease_s=30, most_attempts=3)
REASON = Reason("internal", "something broke")
TABLE = Path(__file__).parents[2] / "data" / "job_states.csv"

STEPS = {
    "take": lambda each, lease: steps.take(each, "w", NOON, POLICY),
    "renew": lambda each, lease: steps.renew(each, lease, NOON, POLICY),
    "advance": lambda each, lease: steps.advance(each, lease, NOON, POLICY, done=1, total=2),
    "finish": lambda each, lease: steps.finish(each, lease, NOON),
    "fail": lambda each, lease: steps.fail(each, lease, NOON, POLICY, REASON, final=False),
    "refuse": lambda each, lease: steps.fail(each, lease, NOON, POLICY, REASON, final=True),
    "release": lambda each, lease: steps.release(each, lease, NOON),
    "cancel": lambda each, lease: steps.cancel(each, NOON),
    "retry": lambda each, lease: steps.retry(each, NOON),
}


def outcome(step, each, lease):
    try:
        return STEPS[step](each, lease).state.value
    except KarvanError as error:
        return error.code


def test_each_step_from_each_state_is_as_the_table_says():
    with TABLE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {(row["state"], row["step"]) for row in rows} == {(s, t) for s in State for t in STEPS}
    for row in rows:
        each = job(state=State(row["state"]), fence=4, attempts=1)
        assert outcome(row["step"], each, Lease.of(each)) == row["then"], row


@pytest.mark.parametrize("step", ["renew", "advance", "finish", "fail", "refuse", "release"])
@pytest.mark.parametrize("state", [State.RUNNING, State.CANCELLING])
def test_a_lease_that_another_worker_has_taken_writes_nothing(step, state):
    mine = job(state=state, fence=4, attempts=1, due_at=later(-1))
    lease = Lease.of(mine)
    others = STEPS["take"](mine, lease)
    with pytest.raises(LeaseLost):
        STEPS[step](others, lease)


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.CANCELLING])
def test_before_it_is_due_a_job_is_not_taken(state):
    each = job(state=state, due_at=later(1), attempts=1)
    assert outcome("take", each, None) == "job-conflict"


def test_attempts_without_progress_end_in_a_dead_letter_with_its_reason():
    each, now = job(), NOON
    waits = []
    for _ in range(POLICY.most_attempts):
        each = steps.take(each, "w", now, POLICY)
        each = steps.fail(each, Lease.of(each), now, POLICY, REASON, final=False)
        waits.append((each.due_at - now).seconds)
        now = each.due_at
    assert (each.state, each.reason, waits) == (State.DEAD, REASON, [5, 10, 0])

    lost, now = job(), NOON
    for _ in range(POLICY.most_attempts):
        lost = steps.take(lost, "w", now, POLICY)
        now = lost.due_at
    assert lost.state is State.RUNNING
    lost = steps.take(lost, "w", now, POLICY)
    assert (lost.state, lost.reason.code) == (State.DEAD, "worker-lost")


def test_progress_gives_a_job_its_attempts_back_and_being_asked_to_end_costs_none():
    each = replace(job(state=State.RUNNING), attempts=3, fence=3)
    forward = steps.advance(each, Lease.of(each), NOON, POLICY, done=1, total=2)
    assert forward.attempts == 1
    assert steps.advance(each, Lease.of(each), NOON, POLICY, done=0, total=2).attempts == 3
    assert steps.release(each, Lease.of(each), NOON).attempts == 2


@given(
    st.integers(1, 60),
    st.integers(1, 900),
    st.integers(0, 10_000),
    st.integers(0, 10_000),
)
def test_waits_grow_and_are_bounded(first, longest, one, other):
    policy = Policy(first_wait_s=first, longest_wait_s=longest)
    few, many = sorted((one, other))
    assert policy.wait(few) <= policy.wait(many) <= timedelta(seconds=longest)
    assert policy.wait(0) == timedelta(seconds=min(first, longest))


@given(st.sampled_from(sorted(STEPS)), st.sampled_from(sorted(State)), st.integers(0, 3))
def test_the_fence_never_falls_and_what_has_ended_stays_as_it_is(step, state, attempts):
    each = job(state=State(state), fence=4, attempts=attempts)
    try:
        after = STEPS[step](each, Lease.of(each))
    except KarvanError:
        return
    assert after.fence >= each.fence
    assert after.fence > each.fence or step != "take"
    if each.state in FINAL:
        assert after == each or (each.state, step) == (State.DEAD, "retry")
