"""What studies are asked with: kept, sent and typed, and the same each time."""

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.domain.errors import InvalidInput, InvalidRequest
from karvan.services.studies.terms import (
    TERMS,
    ContingencyTerms,
    InvestTerms,
    PlanTerms,
    ResilienceTerms,
    StudyKind,
    read_terms,
    told_terms,
    words_of,
)

NUMBERS = st.floats(0, 1e6, allow_nan=False)
KINDS = {
    PlanTerms: st.builds(
        PlanTerms,
        time_limit_s=NUMBERS,
        runs=st.integers(0, 10_000),
        seed=st.integers(0, 2**32 - 1),
    ),
    ContingencyTerms: st.builds(
        ContingencyTerms, order=st.integers(1, 2), by_year=st.booleans(), time_limit_s=NUMBERS
    ),
    ResilienceTerms: st.builds(
        ResilienceTerms,
        days=st.none() | st.integers(1, 3660),
        first_day=st.none() | st.dates(),
        tolerance=st.floats(0, 1),
    ),
    InvestTerms: st.builds(
        InvestTerms,
        rate_percent=st.floats(-49, 99),
        budget_eur=st.none() | NUMBERS,
        costs=st.sampled_from(["low", "middle", "high"]),
        frontier=st.booleans(),
    ),
}


@given(st.one_of(*KINDS.values()))
def test_terms_that_are_kept_are_read_as_they_were(terms):
    assert read_terms(type(terms), told_terms(terms)) == terms


WRONG = {
    PlanTerms: {"time_limit_s": -1, "runs": 10_001, "seed": True},
    ContingencyTerms: {"time_limit_s": "60", "order": 1.5, "by_year": 1, "runs": -1, "seed": 1.5},
    ResilienceTerms: {
        "time_limit_s": 10**400,
        "days": 0,
        "first_day": "2024-02-30",
        "tolerance": float("nan"),
        "runs": "20",
        "seed": -1,
    },
    InvestTerms: {
        "time_limit_s": float("inf"),
        "first_year": 1989,
        "last_year": "2040",
        "rate_percent": -51,
        "growth_percent": 51,
        "every": 0.5,
        "budget_eur": -1,
        "budget_by_year_eur": [],
        "costs": "cheap",
        "frontier": None,
        "runs": True,
        "seed": 2**32,
    },
}


@pytest.mark.parametrize("kind", WRONG)
def test_every_wrong_term_is_named_at_once(kind):
    with pytest.raises(InvalidRequest) as refused:
        read_terms(kind, WRONG[kind], "/terms")

    assert {each.pointer for each in refused.value.faults} == {
        f"/terms/{name}" for name in WRONG[kind]
    }
    assert WRONG[kind].keys() == {each.name for each in fields(kind)}


def test_each_kind_has_terms_that_are_tried():
    assert set(TERMS.values()) == set(WRONG) == set(KINDS)
    assert set(TERMS) == set(StudyKind)


def test_a_command_line_has_what_was_told_and_no_more():
    assert words_of(PlanTerms()) == ()
    assert words_of(ContingencyTerms(order=2, by_year=True)) == ("--order", "2", "--by-year")
    asked = ResilienceTerms(days=5, first_day=date(2024, 3, 1), tolerance=0.05, time_limit_s=60.0)
    assert words_of(asked) == (
        *("--time-limit", "60", "--days", "5"),
        *("--from", "2024-03-01", "--tolerance", "0.05"),
    )
    assert words_of(InvestTerms(budget_eur=4e7)) == ("--budget-eur", "40000000")


def test_terms_of_money_are_those_of_the_question():
    money = InvestTerms(rate_percent=5.0, budget_by_year_eur=3.0).money
    assert (money.rate, money.budget_eur, money.yearly_budget_eur) == (0.05, float("inf"), 3.0)
    with pytest.raises(InvalidInput, match="terms of the question"):
        _ = replace(InvestTerms(), first_year=2041).money
