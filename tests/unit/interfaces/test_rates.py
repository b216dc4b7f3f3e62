"""Buckets of tokens, and turns."""

import threading
from concurrent.futures import ThreadPoolExecutor

import anyio
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from karvan.interfaces.http.limits import Limits
from karvan.interfaces.http.problems import Refusal
from karvan.interfaces.http.rates import MOST_CALLERS, WINDOW_S, Rates, caller_of
from karvan.interfaces.http.turns import Turns


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


steps = st.lists(st.floats(0, 90) | st.sampled_from([0.0, 0.0, 0.0, 30.0, 90.0]), max_size=40)


@given(st.integers(1, 6), steps)
@example(2, [0.0, 90.0, 0.0, 0.0, 0.0])
def test_no_stretch_of_time_lets_more_through_than_a_full_bucket_and_its_own_share(most, waits):
    clock = Clock()
    rates = Rates(most, clock)
    allowed = []
    for wait in waits:
        clock.now += wait
        if rates.take("a").allowed:
            allowed.append(clock.now)
    for first, begin in enumerate(allowed):
        for last, end in enumerate(allowed[first:], first):
            assert last - first + 1 <= most + (end - begin) * most / WINDOW_S + 1e-6


@given(st.integers(1, 50), steps)
def test_who_waits_as_long_as_told_is_let_in(most, waits):
    clock = Clock()
    rates = Rates(most, clock)
    for wait in waits:
        clock.now += wait
        share = rates.take("a")
        if not share.allowed:
            assert share.wait_s > 0
            assert rates.headers(share)["Retry-After"] == str(share.wait_s)
            clock.now += share.wait_s
            assert rates.take("a").allowed


def test_each_caller_has_a_bucket_and_the_fields_tell_what_is_left():
    rates = Rates(2, Clock())
    assert [rates.take(each).left for each in ("a", "a", "b")] == [1, 0, 1]
    share = rates.take("a")
    assert rates.headers(share) == {
        "RateLimit-Policy": '"requests";q=2;w=60',
        "RateLimit": '"requests";r=0;t=30',
        "Retry-After": "30",
    }


def test_no_limit_counts_nothing_and_tells_nothing():
    rates = Rates(0)
    assert all(rates.take("a").allowed for _ in range(5))
    assert rates.headers(rates.take("a")) == {}


def test_the_longest_silent_caller_is_forgotten_first():
    rates = Rates(1, Clock())
    for number in range(MOST_CALLERS):
        rates.take(f"{number}")
    rates.take("0")
    rates.take("new")
    assert not rates.take("0").allowed
    assert rates.take("1").allowed


@pytest.mark.parametrize(
    ("address", "caller"),
    [
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("", ""),
        ("x" * 100, "x" * 64),
    ],
)
def test_a_caller_is_an_address_or_a_line_of_them(address, caller):
    assert caller_of(address) == caller


def test_as_many_have_a_turn_as_may_and_the_rest_wait_or_are_sent_away():
    turns = Turns(2, 3, patience_s=30)
    inside, leave = threading.Semaphore(0), threading.Event()
    most, lock = [0], threading.Lock()

    def work():
        with turns.turn():
            with lock:
                most[0] = max(most[0], turns.running)
            inside.release()
            leave.wait(20)

    with ThreadPoolExecutor(5) as pool:
        running = [pool.submit(work) for _ in range(5)]
        for _ in range(2):
            assert inside.acquire(timeout=20)
        while turns.waiting < 3:
            assert not any(each.done() for each in running)
        with pytest.raises(Refusal) as caught, turns.turn():
            pass
        leave.set()
        for each in running:
            each.result()
    assert (caught.value.status, caught.value.problem.facts["waiting"]) == (503, 3)
    assert (most[0], turns.running, turns.waiting) == (2, 0, 0)


def test_nobody_waits_longer_than_the_patience_and_a_failure_gives_the_turn_back():
    turns = Turns(1, 3, patience_s=0.01)

    def fail():
        with turns.turn():
            with pytest.raises(Refusal), turns.turn():
                pass
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (turns.running, turns.waiting) == (0, 0)
    with turns.turn():
        assert turns.running == 1


def test_the_time_counts_until_an_answer_begins_and_no_longer():
    sent = []

    async def send(message):
        sent.append(message)

    async def stream(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await anyio.sleep(0.05)
        await send({"type": "http.response.body", "body": b"end"})

    limits = Limits(stream, rates=Rates(0), limit_s=0.01)
    scope = {"type": "http", "path": "/v1/events", "headers": []}
    anyio.run(limits, scope, None, send)
    assert sent[-1]["body"] == b"end"
