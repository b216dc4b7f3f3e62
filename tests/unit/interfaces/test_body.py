"""A body is one JSON object without surprises, or it is refused with the reason."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.interfaces.http.body import parse_object
from karvan.interfaces.http.problems import Refusal

BROKEN = {
    "empty": b"",
    "not JSON": b"{from: 1}",
    "two objects": b"{}{}",
    "not an object": b"[]",
    "a word": b'"CN-XIA"',
    "not UTF-8": b'{"from": "\xff"}',
    "byte order mark": b"\xef\xbb\xbf{}",
    "a key twice": b'{"from": "a", "from": "b"}',
    "a key twice, deeper": b'{"a": [{"b": 1, "b": 1}]}',
    "NaN": b'{"samples": NaN}',
    "Infinity": b'{"samples": -Infinity}',
    "a float that overflows": b'{"samples": 1e999}',
    "a number of 5000 digits": b'{"samples": ' + b"1" * 5000 + b"}",
    "too deep": b'{"a":' + b"[" * 40 + b"]" * 40 + b"}",
    "hopelessly deep": b"[" * 60_000,
    "half a character": rb'{"from": "\ud800"}',
    "half a character in a key": rb'{"\udfff": 1}',
    "half a character in a list": rb'{"changes": ["\ud800"]}',
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_not_one_object_of_sound_json_is_refused(body):
    with pytest.raises(Refusal) as caught:
        parse_object(body)
    assert caught.value.status == 400
    assert caught.value.problem.code == "malformed-json"


def test_brackets_within_texts_do_not_count_as_depth():
    text = '\\"' + "[" * 100
    assert parse_object(json.dumps({"from": text}).encode()) == {"from": text}


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=5), values, max_size=4))
def test_every_sound_object_is_read_as_it_was_written(value):
    assert parse_object(json.dumps(value).encode()) == value


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(body):
    with suppress(Refusal):
        assert isinstance(parse_object(body), dict)
