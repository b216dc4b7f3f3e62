"""Answers given once, on SQLite and PostgreSQL, by threads that ask at the same time."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from karvan.adapters.sql.answers_once import SqlAnswerStores
from karvan.domain.errors import IdempotencyConflict, StillUnderWay
from karvan.services.databases import Database
from karvan.services.idempotency import CLAIMED_FOR, KEPT_FOR, Answered, Asked, Claim

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ASKED = Asked(caller="key:K-00000000", key="order-0001", fingerprint="a" * 64)
ANSWER = Answered(
    status=201, body=b"\x00\xff" * 9, headers={"content-type": "a/b", "location": "/1"}
)


@pytest.fixture
def answers(make_kit, engine):
    opened = SqlAnswerStores().open(Database(make_kit(engine).url), create=True)
    yield opened
    opened.close()


def test_the_first_answer_is_given_again_for_a_day(answers):
    claim = answers.claim(ASKED, NOW)
    assert isinstance(claim, Claim)
    with pytest.raises(StillUnderWay):
        answers.claim(ASKED, NOW + CLAIMED_FOR - SECOND)
    answers.keep(claim, ANSWER)

    assert answers.claim(ASKED, NOW + KEPT_FOR - SECOND) == ANSWER
    assert isinstance(answers.claim(ASKED, NOW + KEPT_FOR), Claim)


def test_another_body_is_a_conflict_and_another_caller_or_key_is_none(answers):
    other = replace(ASKED, fingerprint="b" * 64)
    claim = answers.claim(ASKED, NOW)
    with pytest.raises(IdempotencyConflict):
        answers.claim(other, NOW)
    answers.keep(claim, ANSWER)
    with pytest.raises(IdempotencyConflict):
        answers.claim(other, NOW + SECOND)
    assert isinstance(answers.claim(replace(other, caller="key:K-00000001"), NOW), Claim)
    assert isinstance(answers.claim(replace(other, key="order-0002"), NOW), Claim)


def test_a_claim_that_is_given_back_or_left_is_taken_by_the_next(answers):
    first = answers.claim(ASKED, NOW)
    answers.release(first)
    second = answers.claim(ASKED, NOW)
    third = answers.claim(ASKED, NOW + CLAIMED_FOR)
    assert isinstance(third, Claim)

    answers.keep(second, replace(ANSWER, status=500))
    answers.release(second)
    with pytest.raises(StillUnderWay):
        answers.claim(ASKED, NOW + CLAIMED_FOR)
    answers.keep(third, ANSWER)
    answers.release(third)
    assert answers.claim(ASKED, NOW + CLAIMED_FOR) == ANSWER


def test_old_ones_are_removed_and_young_ones_stay(answers):
    answers.claim(ASKED, NOW)
    answers.claim(replace(ASKED, key="order-0002"), NOW + 2 * SECOND)
    assert answers.prune(NOW + SECOND) == 1
    assert answers.prune(NOW + SECOND) == 0
    with pytest.raises(StillUnderWay):
        answers.claim(replace(ASKED, key="order-0002"), NOW + 3 * SECOND)


def test_of_many_that_ask_at_once_one_has_the_claim(answers):
    together = threading.Barrier(8)

    def ask(number):
        together.wait()
        claims = 0
        for turn in range(12):
            with contextlib.suppress(StillUnderWay):
                claims += isinstance(
                    answers.claim(replace(ASKED, key=f"order-{turn:04d}"), NOW), Claim
                )
        return claims

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(8))) == 12
