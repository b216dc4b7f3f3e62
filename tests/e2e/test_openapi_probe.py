"""A few requests of every operation, made from the document; `proofs/api.py` makes many."""

from pathlib import Path

import pytest

import api_probe

DOCUMENT = Path(__file__).parents[2] / "docs" / "reference" / "openapi.json"
NAMES = api_probe.names(DOCUMENT)
EXAMPLES = 5


@pytest.fixture(scope="module")
def probe(opened, quoting, tmp_path_factory):
    return api_probe.Probe(opened, tmp_path_factory.mktemp("probe"), quoting)


def test_the_document_and_the_application_have_the_same_operations(probe):
    assert sorted(probe.operations) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_an_operation_answers_as_the_document_says(probe, name):
    assert sum(probe.send(name, examples=EXAMPLES, first_seed=1).values()) > 0


def test_what_is_there_is_shown_as_the_document_says(probe):
    shown = {name: probe.show(name) for name in probe.operations if name[:4] == "GET "}
    asked = {name: status for name, status in shown.items() if status is not None}
    assert len(asked) >= 6
    assert set(asked.values()) == {200}
