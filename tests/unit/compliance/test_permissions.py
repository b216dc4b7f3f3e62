"""Permissions of lines, places and services, on rows made by hand."""

from __future__ import annotations

from datetime import date

import pytest

from karvan.engines.compliance.permissions import CODES, PermissionBook, Properties
from karvan.network.link_attributes import Permission, PermissionKind, PermissionRule

DAY = date(2026, 12, 3)
ALLOW, DENY, ASK = PermissionRule.ALLOW, PermissionRule.DENY, PermissionRule.ON_REQUEST


def row(kind, rule, value, subject="AA-TUN", name="P1", **dates):
    return Permission(
        id=name,
        subject=subject,
        kind=PermissionKind(kind),
        rule=rule,
        values=tuple(value.split(";")),
        valid_from=dates.get("begins"),
        valid_to=dates.get("ends"),
        source=("assumed",),
        fact=(),
        estimate=True,
        note="",
    )


def cargo(park="", amounts=(), **words):
    return Properties(
        words={PermissionKind(kind): tuple(value.split(";")) for kind, value in words.items()},
        amounts={PermissionKind(kind): value for kind, value in amounts},
        park=park,
    )


def verdicts(rows, carried, subjects=("AA-WST", "AA-TUN", "AA-EST"), day=DAY):
    found = PermissionBook(rows, day).findings(subjects, carried)
    return [(each.code, each.rule, each.at, each.value) for each in found]


@pytest.mark.parametrize(
    ("permission", "carried", "expected"),
    [
        (row("hazard_class", DENY, "3"), cargo(hazard_class="3"), ("hazard-class", DENY, "3")),
        (row("hazard_class", DENY, "2"), cargo(hazard_class="2.1;2"), ("hazard-class", DENY, "2")),
        (row("hazard_class", DENY, "3"), cargo(hazard_class="9"), None),
        (row("hazard_class", DENY, "3"), cargo(), None),
        (row("hazard_class", ASK, "7"), cargo(hazard_class="7"), ("hazard-class", ASK, "7")),
        (row("equipment", DENY, "open_wagon"), cargo(equipment="open_wagon;wagon"),
         ("equipment", DENY, "open_wagon")),
        (row("equipment", DENY, "open_wagon"), cargo(equipment="container"), None),
        (row("equipment", DENY, "foreign_wagon"), cargo(equipment="hopper", park="BB"),
         ("equipment", DENY, "foreign_wagon")),
        (row("equipment", DENY, "foreign_wagon"), cargo(equipment="hopper", park="AA"), None),
        (row("equipment", DENY, "foreign_wagon"), cargo(equipment="hopper"), None),
        (row("commodity", ALLOW, "crude_oil"), cargo(commodity="grain"),
         ("commodity", DENY, "grain")),
        (row("commodity", ALLOW, "crude_oil"), cargo(commodity="crude_oil"), None),
        (row("commodity", ALLOW, "crude_oil"), cargo(), None),
        (row("grade", ALLOW, "urals;kumkol"), cargo(grade="azeri_light"),
         ("grade", DENY, "azeri_light")),
        (row("gauge", ALLOW, "1435"), cargo(gauge="1520"), ("gauge", DENY, "1520")),
        (row("gauge", ALLOW, "1435"), cargo(gauge="1435"), None),
        (row("axle_load", ALLOW, "22.5"), cargo(amounts=[("axle_load", 23.5)]),
         ("axle-load", DENY, "23.5")),
        (row("axle_load", ALLOW, "22.5"), cargo(amounts=[("axle_load", 22.5)]), None),
        (row("length", ALLOW, "425"), cargo(amounts=[("length", 820)]),
         ("train-length", ASK, "820")),
        (row("loading_gauge", DENY, "out_of_gauge"), cargo(loading_gauge="out_of_gauge"),
         ("loading-gauge", DENY, "out_of_gauge")),
    ],
)  # fmt: skip
def test_each_kind_admits_asks_or_refuses(permission, carried, expected):
    found = verdicts([permission], carried)
    assert found == ([] if expected is None else [(*expected[:2], "AA-TUN", expected[2])])


def test_every_kind_has_a_code_of_its_own():
    assert set(CODES) == set(PermissionKind)
    assert len(set(CODES.values())) == len(CODES)


def test_a_row_counts_from_its_first_day_to_the_day_before_its_end():
    ban = row("commodity", DENY, "grain", begins=date(2025, 10, 3), ends=date(2025, 10, 21))
    days = [date(2025, 10, 2), date(2025, 10, 3), date(2025, 10, 20), date(2025, 10, 21)]

    assert [bool(verdicts([ban], cargo(commodity="grain"), day=day)) for day in days] == [
        False,
        True,
        True,
        False,
    ]


def test_a_row_about_a_line_counts_both_ways_and_once():
    ban = row("axle_load", ALLOW, "20", subject="AA-EST--AA-WST:rail")
    heavy = cargo(amounts=[("axle_load", 21)])

    there = verdicts([ban], heavy, ("AA-EST--AA-WST:rail", "AA-WST--AA-EST:rail"))
    back = verdicts([ban], heavy, ("AA-WST--AA-EST:rail",))

    assert len(there) == len(back) == 1


def test_refusals_are_told_first_and_then_in_the_order_of_the_way():
    rows = [
        row("hazard_class", ASK, "3", subject="AA-WST", name="P1"),
        row("hazard_class", DENY, "3", subject="AA-EST", name="P2"),
        row("hazard_class", DENY, "3", subject="AA-TUN", name="P3"),
    ]
    found = verdicts(rows, cargo(hazard_class="3"))
    assert [(rule, at) for _, rule, at, _ in found] == [
        (DENY, "AA-TUN"),
        (DENY, "AA-EST"),
        (ASK, "AA-WST"),
    ]
