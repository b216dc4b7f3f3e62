"""A corridor small enough to work out by hand."""

from textwrap import dedent

import pytest

from karvan.engines.routing.front import pareto, search_front
from karvan.engines.routing.reference import search_front_reference
from routing_text import Board, Joint

TIMETABLE = """
rail-kz   rail   Altynkol      1/08 > 4/08 Aktau
rail-kz-s rail   Altynkol      1/12 > 4/00 Bolashak
rail-tm   rail   Bolashak      4/12 > 5/06 Turkmenbashi
ferry-n   ferry  Aktau         4/20 > 5/20 Alat
ferry-n   ferry  Aktau         7/20 > 8/20 Alat
ferry-s   ferry  Turkmenbashi  5/18 > 6/08 Alat
local-az  rail   Alat          6/06 > 6/20 Ganja
local-ge  rail   Ganja         7/04 > 8/00 Poti
express   rail   Alat          6/20 > 8/00 Ganja  8/01 > 8/06 Poti
"""

BOOK = {
    "zones": {
        "Altynkol": "kz",
        "Aktau": "kz",
        "Bolashak": "tm",
        "Turkmenbashi": "tm",
        "Alat": "caucasus",
        "Ganja": "caucasus",
        "Poti": "caucasus",
    },
    "charges": {
        ("kz", "Altynkol", "Aktau"): 1000,
        ("kz", "Altynkol", "Altynkol"): 0,
        ("kz", "Aktau", "Aktau"): 0,
        ("tm", "Bolashak", "Turkmenbashi"): 600,
        ("tm", "Turkmenbashi", "Turkmenbashi"): 0,
        # The tariff step: all the way to the sea is cheaper than to the town before it.
        ("caucasus", "Alat", "Ganja"): 900,
        ("caucasus", "Alat", "Poti"): 850,
        ("caucasus", "Ganja", "Poti"): 500,
    },
    "prices": {"rail-kz-s": 900, "ferry-n": 700, "ferry-s": 500, "express": 10},
    "families": {"ferry-n": 1, "ferry-s": 2},
    "handling_h": 6,
    "handling": 50,
}

MIDDLE = Board(TIMETABLE, **BOOK)


@pytest.mark.parametrize("search", [search_front, search_front_reference])
def test_the_front_from_altynkol_to_poti(search):
    """Two ferries, two families; two ways on from Alat, one faster, one cheaper.

    By hand, handling 50 and 6 h at both gates and at each change::

        north, local    5 * 50 + 1000 + 700 + 850      = 2800, Poti 8/00 + 6 h = 8/06
        north, express  4 * 50 + 1000 + 700 + 850 + 2 * 10 = 2770, Poti 8/06 + 6 h = 8/12
        south, express  5 * 50 + 900 + 600 + 500 + 850 + 2 * 10 = 3120, also 8/12
                        (the local train has left: 6/08 + 6 h is after 6/06)

    In Ganja the charge stays open, so the local trains pay Alat-Poti 850 and not 900 + 500;
    a search that dropped the way to Ganja for being dearer would lose them.
    """
    front = MIDDLE.ask("Altynkol", "Poti").answer(search)

    assert "\n".join(map(MIDDLE.tell, front.itineraries)) == dedent("""\
        8/06   2800  family 1  Altynkol rail-kz 1/08 Aktau ferry-n 4/20 Alat \
local-az 6/06 Ganja local-ge 7/04 Poti
        8/12   2770  family 1  Altynkol rail-kz 1/08 Aktau ferry-n 4/20 Alat \
express 6/20 Ganja express 8/01 Poti
        8/12   3120  family 2  Altynkol rail-kz-s 1/12 Bolashak rail-tm 4/12 Turkmenbashi \
ferry-s 5/18 Alat express 6/20 Ganja express 8/01 Poti""")


def test_across_families_the_southern_way_is_beaten():
    front = MIDDLE.ask("Altynkol", "Poti").answer(search_front)

    assert [i.price_micro for i in pareto(front.itineraries)] == [2800, 2770]


def test_ganja_itself_is_dearer_than_the_sea_behind_it():
    """By hand: 4 * 50 + 1000 + 700 + 900 = 2800; Ganja 6/20 + 6 h = 7/02."""
    front = MIDDLE.ask("Altynkol", "Ganja").answer(search_front)

    assert MIDDLE.tell(front.itineraries[0]).startswith("7/02   2800  family 1")


def with_joint_tariff(charges):
    """Joint tariff of the northern way: ferry and express included, 20 of each transfer left."""
    titr = Joint(
        members=("kz", "caucasus"),
        charges=charges,
        prices={"ferry-n": 0, "express": 0},
        handling=20,
    )
    return Board(TIMETABLE, **BOOK, joint={"titr": titr})


def lines(board, search=search_front):
    front = board.ask("Altynkol", "Poti").answer(search)
    return "\n".join(map(board.tell, front.itineraries))


@pytest.mark.parametrize("search", [search_front, search_front_reference])
def test_a_joint_tariff_all_the_way(search):
    """By hand, 50 at each gate and 20 at each change; the southern way is as it was::

    north, local    2 * 50 + 3 * 20 + 2000 = 2160
    north, express  2 * 50 + 2 * 20 + 2000 = 2140, on board in Ganja
    """
    board = with_joint_tariff({("Altynkol", "Poti"): 2000, ("Aktau", "Poti"): 1950})

    assert lines(board, search) == dedent("""\
        8/06   2160  family 1  Altynkol titr:rail-kz 1/08 Aktau titr:ferry-n 4/20 Alat \
titr:local-az 6/06 Ganja titr:local-ge 7/04 Poti
        8/12   2140  family 1  Altynkol titr:rail-kz 1/08 Aktau titr:ferry-n 4/20 Alat \
titr:express 6/20 Ganja titr:express 8/01 Poti
        8/12   3120  family 2  Altynkol rail-kz-s 1/12 Bolashak rail-tm 4/12 Turkmenbashi \
ferry-s 5/18 Alat express 6/20 Ganja express 8/01 Poti""")


@pytest.mark.parametrize("search", [search_front, search_front_reference])
def test_a_joint_tariff_that_begins_in_aktau(search):
    """By hand: 50 also in Aktau, where its charge begins; Alat is its southern gate, too dear.

    north, local    3 * 50 + 1000 + 1300 + 2 * 20 = 2490
    north, express  3 * 50 + 1000 + 1300 + 20     = 2470
    """
    board = with_joint_tariff({("Aktau", "Poti"): 1300, ("Alat", "Poti"): 1000})

    assert lines(board, search) == dedent("""\
        8/06   2490  family 1  Altynkol rail-kz 1/08 Aktau titr:ferry-n 4/20 Alat \
titr:local-az 6/06 Ganja titr:local-ge 7/04 Poti
        8/12   2470  family 1  Altynkol rail-kz 1/08 Aktau titr:ferry-n 4/20 Alat \
titr:express 6/20 Ganja titr:express 8/01 Poti
        8/12   3120  family 2  Altynkol rail-kz-s 1/12 Bolashak rail-tm 4/12 Turkmenbashi \
ferry-s 5/18 Alat express 6/20 Ganja express 8/01 Poti""")


def test_a_joint_tariff_that_ends_in_alat_on_the_way():
    """By hand: 1500 + 20 in Aktau, then 50 in Alat and 850, whatever the train: 2 * 50 more.

    local    100 + 1500 + 20 + 50 + 850 + 50      = 2570
    express  100 + 1500 + 20 + 50 + 850 + 2 * 10  = 2540
    """
    board = with_joint_tariff({("Altynkol", "Alat"): 1500})

    assert [line[:16] for line in lines(board).splitlines()] == [
        "8/06   2570  fam",
        "8/12   2540  fam",
        "8/12   3120  fam",
    ]


def test_a_joint_tariff_dearer_than_the_sum_is_not_taken():
    """The local way costs 2800 by the national tariffs, of which 250 is handling."""
    board = with_joint_tariff({("Altynkol", "Poti"): 2700})

    assert lines(board) == lines(MIDDLE)
