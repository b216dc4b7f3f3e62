"""JSON as text: the bytes of the standard library, whatever is kept."""

from __future__ import annotations

import json
from enum import StrEnum
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.interfaces.json_text import render_json
from karvan.services.fixed_json import Fixed, FixedLists

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
finite = scalars.filter(lambda each: each not in (float("inf"), float("-inf")))
values = st.recursive(
    finite,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(Fixed)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(), inner, max_size=4)
    ),
    max_leaves=20,
)


def plainly(value):
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


@given(values)
def test_the_text_is_that_of_the_standard_library(value):
    assert render_json(value) == plainly(value)


def test_a_fixed_list_has_a_text_for_each_place_it_stands_at():
    lines = Fixed([{"code": "HAUL", "factors": []}, {"code": "CAP", "factors": ["x"]}])
    answer = {"lines": lines, "ways": [{"lines": lines}, lines]}
    for _ in range(2):
        assert render_json(answer) == plainly(answer)
    assert len(lines.texts) == 3


def test_words_and_read_only_mappings_are_written_as_what_they_are():
    mode = StrEnum("Mode", {"RAIL": "rail"}).RAIL
    assert render_json(MappingProxyType({"mode": mode})) == plainly({"mode": "rail"})


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (float("nan"), ValueError),
        ({"a": [float("inf")]}, ValueError),
        ({1: "a"}, TypeError),
        ({"a": {1}}, TypeError),
        (b"a", TypeError),
    ],
)
def test_what_is_no_json_is_refused(value, error):
    with pytest.raises(error):
        render_json(value)


def test_lists_are_kept_for_the_last_objects_and_told_apart_by_identity():
    lists = FixedLists(2)
    sources = [["same"], ["same"], ["other"]]
    made = []

    def ask(source):
        return lists.of(source, lambda: made.append(source) or source)

    first = ask(sources[0])
    assert ask(sources[0]) is first
    assert ask(sources[1]) is not first
    assert ask(sources[0]) is first
    ask(sources[2])
    assert len(made) == 3
    assert ask(sources[0]) is first
    ask(sources[1])
    assert len(made) == 4
