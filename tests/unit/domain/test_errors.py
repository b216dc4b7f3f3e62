"""Errors carry a code, a way out and the facts."""

import pickle

import pytest

from karvan.domain import errors


def kinds(kind=errors.KarvanError):
    yield kind
    for narrower in kind.__subclasses__():
        yield from kinds(narrower)


EVERY_KIND = list(kinds())
BATCHES = (errors.InvalidRequest, errors.InvalidTables)


@pytest.mark.parametrize("kind", EVERY_KIND, ids=lambda kind: kind.__name__)
def test_every_error_has_an_exit_status_and_a_line_of_explanation(kind):
    assert kind.exit_status in {1, 2, 3}
    assert kind.__doc__
    assert kind.__doc__ != kind.__base__.__doc__


def test_every_code_means_one_error():
    codes = [kind.code for kind in EVERY_KIND]
    assert len(set(codes)) == len(codes)
    assert all(code == code.lower() and " " not in code for code in codes)


def test_wrong_input_and_our_fault_end_differently():
    assert errors.KarvanError.exit_status == errors.EngineError.exit_status == 1
    for kind in (errors.InvalidInput, errors.NotFound, errors.Conflict, errors.RuleViolation):
        assert kind.exit_status == 2
    assert errors.Infeasible.exit_status == 2
    assert errors.LimitReached.exit_status == 3


@pytest.mark.parametrize(
    "kind", [kind for kind in EVERY_KIND if kind not in BATCHES], ids=lambda kind: kind.__name__
)
def test_an_error_survives_the_way_to_another_process(kind):
    error = kind("too little is free", free_kg=30_000, message="a fact may have any name")

    copy = pickle.loads(pickle.dumps(error))

    assert type(copy) is kind
    assert str(copy) == copy.message == "too little is free"
    assert (
        copy.facts
        == error.facts
        == {
            "free_kg": 30_000,
            "message": "a fact may have any name",
        }
    )


def test_a_request_names_all_its_faults():
    wrong = errors.InvalidContainerNumber("check digit should be 3", given="CSQU3054384")
    first = errors.Fault.of(wrong, "/goods/0/container", rule="ISO 6346", fix="CSQU 305438 3")
    second = errors.Fault("invalid-input", "mass cannot be negative", "/goods/0/mass_kg")

    error = errors.InvalidRequest([first, second])

    assert error.faults == (first, second)
    assert first.facts == {"given": "CSQU3054384"}
    assert error.facts == {"fault_count": 2}
    assert error.message == "the request has faults"
    assert errors.InvalidRequest([first]).message == "check digit should be 3"
    assert pickle.loads(pickle.dumps(error)).faults == error.faults
    assert len({first, second}) == 2


def test_tables_name_all_their_faults_by_file_and_row():
    faults = (
        errors.TableFault("places.csv", None, "lat", "missing-column", "the column is missing"),
        errors.TableFault("links.csv", 2, "", "unknown-place", "the place is unknown"),
    )

    error = errors.InvalidTables(faults)

    assert error.facts == {"fault_count": 2, "files": ["links.csv", "places.csv"]}
    assert [str(fault) for fault in error.faults] == [
        "places.csv, lat: the column is missing",
        "links.csv, row 2: the place is unknown",
    ]
    assert pickle.loads(pickle.dumps(error)).faults == faults
    assert isinstance(error, errors.NetworkError)


@pytest.mark.parametrize("kind", BATCHES)
def test_no_fault_is_no_error(kind):
    with pytest.raises(AssertionError):
        kind([])
