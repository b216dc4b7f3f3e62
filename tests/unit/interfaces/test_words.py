"""Figures in words."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.interfaces import json_text, problems
from karvan.interfaces.cli import failures, words


@pytest.mark.parametrize("module", [words, problems, json_text, failures])
def test_examples_in_docstrings_hold(module):
    result = doctest.testmod(module)
    assert result.attempted
    assert not result.failed


@given(st.floats(0, 1))
def test_a_chance_is_never_surer_than_49_in_50(share):
    told = words.chance(share)
    if " in " in told:
        count, of = (int(part) for part in told.split(" in "))
        assert 1 <= count < of
        assert abs(count / of - share) <= 0.051
    else:
        assert told == ("hardly" if share < 0.5 else "almost surely")


@given(st.text())
def test_readable_text_can_be_printed(text):
    told = problems.readable(text)
    told.encode("utf-8")
    assert all(c.isprintable() or c == "\n" for c in told)
