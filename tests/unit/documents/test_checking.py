"""The code on a printed quote: it fits its JSON, and nothing else."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.domain.errors import InvalidInput
from karvan.services.quoting.checking import check_code, require_same
from printed_cases import a_way, an_answer

CODE = check_code(an_answer())


def leaves(tree, path=()):
    if isinstance(tree, dict | list):
        for key in tree if isinstance(tree, dict) else range(len(tree)):
            yield from leaves(tree[key], (*path, key))
    else:
        yield path


LEAVES = list(leaves(an_answer()))


def test_the_code_names_quote_total_currency_and_hash():
    words = CODE.split()
    assert words[:4] == ["KARVAN1", "Q-3F3263BAEBD11E51", "3000.10", "USD"]
    assert len(words[4]) == len("SHA256:") + 64


def test_a_code_fits_the_answer_however_it_is_laid_out_and_typed():
    again = json.loads(json.dumps(dict(reversed(an_answer().items())), indent=7))
    assert require_same(again, f"  {CODE.lower()}\n".replace(" ", "\n ")) == CODE


@settings(max_examples=60)
@given(at=st.sampled_from(LEAVES))
def test_any_changed_figure_is_found(at):
    changed = copy.deepcopy(an_answer())
    owner = changed
    for key in at[:-1]:
        owner = owner[key]
    owner[at[-1]] = "9" if owner[at[-1]] != "9" else "8"

    with pytest.raises(InvalidInput) as caught:
        require_same(changed, CODE)
    assert "content" in caught.value.facts["differs"]


def test_a_changed_total_is_named():
    price = an_answer()["alternatives"][0]["price"] | {"amount": "2000.10"}
    with pytest.raises(InvalidInput) as caught:
        require_same(an_answer(alternatives=[a_way(price=price)]), CODE)
    assert caught.value.facts["differs"] == ["total", "content"]


@pytest.mark.parametrize("text", ["", "KARVAN1", CODE[:-1], CODE + "0", "x" * 10_000, "\x00é"])
def test_what_is_no_code_is_refused(text):
    with pytest.raises(InvalidInput, match="not the code of a quote"):
        require_same(an_answer(), text)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"quote_id": 7, "alternatives": "none"},
        {"quote_id": "ä ö", "alternatives": [3]},
        {"alternatives": [{"price": {"amount": None, "currency": "USD"}}]},
    ],
)
def test_any_object_has_a_code_that_fits_it(answer):
    assert require_same(answer, check_code(answer)).startswith("KARVAN1 ")


@pytest.mark.parametrize("value", ["\ud800", float("nan"), float("inf")])
def test_what_json_cannot_hold_is_refused(value):
    with pytest.raises(InvalidInput, match="no quote"):
        check_code({"quote_id": value})
