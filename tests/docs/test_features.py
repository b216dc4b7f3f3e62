"""The page on features tells the state of each, and the tests it names exist."""

import re

from links import ROOT

PAGE = ROOT / "docs" / "features.md"
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]*) \| ([^|]*) \|$", re.MULTILINE)


def rows():
    return [[cell.strip() for cell in row] for row in ROW.findall(PAGE.read_text("utf-8"))]


def test_every_feature_has_a_row_in_order():
    assert [int(row[0]) for row in rows()] == list(range(1, 109))


def test_every_state_is_one_of_three():
    assert {row[2] for row in rows()} <= {"works", "partly", "not yet"}


def test_what_works_names_a_test_that_exists():
    for number, _, state, now, shown in rows():
        if state == "not yet":
            assert not shown, number
            continue
        named = re.findall(r"`([^`]+)`", shown)
        assert named, number
        for name in named:
            path, _, test = name.partition("::")
            text = (ROOT / path).read_text(encoding="utf-8")
            assert not test or f"def {test}(" in text, name
        assert state == "works" or now, number
