"""Every error has a place in both translations."""

import math
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from karvan.domain import errors
from karvan.domain.errors import (
    Fault,
    InvalidRequest,
    InvalidTables,
    StoreUnavailable,
    TableFault,
    UnknownPlace,
)
from karvan.interfaces.cli.failures import lines, spelled
from karvan.interfaces.http.problems import status_of
from karvan.interfaces.json_text import render_json
from karvan.interfaces.problems import Problem, plain
from karvan.network.links import Mode


def kinds(kind=errors.KarvanError):
    yield kind
    for narrower in kind.__subclasses__():
        yield from kinds(narrower)


def made(kind):
    if kind is InvalidRequest:
        return kind([Fault("missing", "is required", "/from")])
    if kind is InvalidTables:
        return kind([TableFault("places.csv", 2, "lat", "x", "is wrong")])
    return kind("it is wrong", capacity_t=3)


@pytest.mark.parametrize("kind", list(kinds()), ids=lambda kind: kind.__name__)
def test_wrong_input_and_nothing_found_are_4xx_and_exit_2(kind):
    error = made(kind)

    status = status_of(error)

    if kind is InvalidTables or error.exit_status == 1:
        assert status == 500
    elif issubclass(kind, StoreUnavailable) or error.exit_status == 3:
        assert status == 503
    else:
        assert 400 <= status < 500
    assert Problem.of(error).exit_status == error.exit_status


@pytest.mark.parametrize("kind", list(kinds()), ids=lambda kind: kind.__name__)
def test_every_error_can_be_written_both_ways(kind):
    problem = Problem.of(made(kind))
    assert kind.code in render_json(problem.members())
    assert next(lines(problem)).startswith("karvan: ")


def test_several_faults_are_counted_and_told_one_by_one():
    unknown = UnknownPlace("no such place", given="Aktua", suggestions=["KZ-AKT Aktau"])
    problem = Problem.of(
        InvalidRequest(
            [
                Fault("missing", "is required", "/mass_kg"),
                Fault.of(unknown, "/from"),
                Fault("bad", "is wrong", "/changes/1", fix="close:KZ-AKT"),
            ]
        )
    )

    assert list(lines(problem)) == [
        "karvan: There are 3 problems",
        "  --mass-kg: is required",
        "  FROM: no such place (given: Aktua)",
        "    did you mean: KZ-AKT Aktau",
        "  --change 2: is wrong",
        "    would be right: close:KZ-AKT",
    ]


def test_a_fact_never_replaces_a_member_of_the_document():
    problem = Problem.of(errors.NotFound("nothing there", code="mine", type="mine", title="mine"))
    assert problem.members()["code"] == "not-found"
    assert problem.members()["title"] == "nothing there"


def test_facts_of_any_kind_become_json():
    facts = (math.nan, math.inf, Decimal("1.50"), date(2026, 1, 2), Path("a"), Mode.RAIL, {1}, (2,))
    told = [plain(fact) for fact in facts]
    assert told == ["nan", "inf", "1.50", "2026-01-02", "a", "rail", [1], [2]]


def test_a_variable_of_the_environment_keeps_its_spelling():
    assert spelled("/KARVAN_PORTT") == "KARVAN_PORTT"
