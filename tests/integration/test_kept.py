"""What is kept between quotes is never seen in one: the bytes are those of a fresh program."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from karvan.services.quoting import quote, routes
from karvan.services.quoting.quote import Quoting
from karvan.services.quoting.rendering import quote_json
from karvan.services.quoting.request import RequestReader

BOX = {"container": "40HC", "mass_kg": "18000", "hs": "851660"}
POTI = {"from": "KZ-ALM", "to": "GE-POT", "ready": "2026-12-03", "samples": 50} | BOX


@pytest.fixture(scope="module")
def reader(published):
    return RequestReader(published.network, published.book)


@pytest.fixture
def ask(reader, now):
    def one(quoting, body, clock=now):
        return json.dumps(quote_json(quoting.quote(reader.read(body, clock), clock)))

    return one


@pytest.fixture(scope="module")
def warm(published):
    return Quoting(published)


@pytest.mark.parametrize(
    "change",
    [
        {"ready": "2026-12-03T00:07:00Z"},
        {"ready": "2026-12-19", "seed": 5},
        {"changes": ["close:KZ-AKT"]},
        {"currency": "EUR"},
        {"mass_kg": "18001"},
    ],
    ids=" ".join,
)
def test_an_answer_after_others_is_that_of_a_fresh_program(published, ask, warm, change):
    before = ask(warm, POTI)
    after = ask(warm, POTI | change)
    assert after == ask(Quoting(published), POTI | change)
    assert before != after
    assert ask(warm, POTI) == before


def test_another_clock_is_not_answered_from_yesterday(published, ask, warm, now):
    ask(warm, POTI)
    tomorrow = now + timedelta(days=1)
    assert ask(warm, POTI, tomorrow) == ask(Quoting(published), POTI, tomorrow)


def test_threads_get_the_answers_of_one_after_the_other(published, ask, warm):
    back = {"from": "GE-POT", "to": "UZ-TAS"}
    bodies = [POTI, POTI | back, POTI | {"seed": 1}, POTI | back | {"seed": 2}] * 2
    expected = [ask(warm, body) for body in bodies]
    fresh = Quoting(published)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda body: ask(fresh, body), bodies)) == expected


def test_few_corridors_cargoes_and_routes_are_kept(ask, warm, monkeypatch):
    monkeypatch.setattr(routes, "KEPT_ROUTES", 3)
    monkeypatch.setattr(quote, "KEPT", 2)
    expected = ask(warm, POTI | {"from": "UZ-TAS"})
    for kilograms in (18_001, 18_002):
        ask(warm, POTI | {"mass_kg": str(kilograms)})
    assert len(warm._filled) == 2
    assert all(len(made.routes._kept) <= 3 for made in warm._filled.values())
    assert ask(warm, POTI | {"from": "UZ-TAS"}) == expected
