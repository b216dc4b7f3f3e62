"""Tiny timetables, from simple to hard: read A01 to I08 and you know the search.

A boarding, B staying on board, C waiting, D charges, E regimes, F cities, G families, H ties,
I lines that overtake, turn back, go round, run by night.
Every one is answered by both searches.
"""

import pytest

from karvan.engines.routing.front import search_front
from karvan.engines.routing.reference import search_front_reference
from routing_text import Board, Joint


def answers(board, case):
    front = case.answer(search_front)
    assert front.itineraries == case.answer(search_front_reference).itineraries
    return [board.tell(itinerary) for itinerary in front.itineraries]


def test_a01_one_train():
    board = Board("train rail A 1/08 > 1/20 B", prices={"train": 7})

    assert answers(board, board.ask("A", "B")) == ["1/20      7  family 0  A train 1/08 B"]


def test_a02_there_is_no_way_back():
    board = Board("train rail A 1/08 > 1/20 B")

    assert answers(board, board.ask("B", "A")) == []


@pytest.mark.parametrize(("ready", "boarded"), [("1/05", 1), ("1/06", 0)])
def test_a03_cargo_boards_at_the_cut_off_and_not_an_hour_later(ready, boarded):
    """Ready 5, handling 2 h, cut-off 1 h: at 8 to the minute."""
    board = Board("train rail A 1/08 > 1/20 B", cutoff_h={"train": 1}, handling_h=2)

    assert len(answers(board, board.ask("A", "B", ready))) == boarded


@pytest.mark.parametrize(("departs", "boarded"), [("1/13", 1), ("1/12", 0)])
def test_a04_a_transfer_needs_its_handling_and_the_cut_off(departs, boarded):
    """Arrival 10, handling 2 h, cut-off 1 h."""
    text = f"train rail A 1/08 > 1/10 B\nferry sea B {departs} > 2/00 C"
    board = Board(text, cutoff_h={"ferry": 1}, handling_h=2)

    assert len(answers(board, board.ask("A", "C"))) == boarded


def test_a05_two_modes_that_do_not_meet():
    text = "train rail A 1/08 > 1/10 B\nferry sea B 1/20 > 2/00 C"
    board = Board(text, impossible=(("B", "rail", "sea"),))

    assert answers(board, board.ask("A", "C")) == []


def test_a06_a_destination_without_a_gate_for_this_mode():
    board = Board("train rail A 1/08 > 1/10 B", impossible=(("B", "rail", "gate"),))

    assert answers(board, board.ask("A", "B")) == []


def test_a07_a_departure_after_the_latest_is_not_scanned():
    board = Board("train rail A 1/08 > 1/10 B 1/11 > 1/12 C")
    case = board.ask("A", "C")

    assert len(case.answer(search_front, latest_departure_min=11 * 60).itineraries) == 1
    assert case.answer(search_front, latest_departure_min=11 * 60 - 1).itineraries == ()


def test_b01_on_board_there_is_no_handling_and_no_cut_off():
    """Two gates at 5 each; in B the train stops for one hour, handling would take 4."""
    text = "train rail A 1/08 > 1/10 B 1/11 > 1/12 C"
    board = Board(text, cutoff_h={"train": 3}, handling_h=4, handling=5)

    assert answers(board, board.ask("A", "C")) == [
        "1/16     10  family 0  A train 1/08 B train 1/11 C"
    ]


def test_b02_another_departure_of_the_service_is_a_transfer():
    text = "train rail A 1/08 > 1/10 B\ntrain rail B 1/20 > 2/00 C"
    board = Board(text, handling_h=4, handling=5)

    assert answers(board, board.ask("A", "C")) == [
        "2/04     15  family 0  A train 1/08 B train 1/20 C"
    ]


def test_b03_to_change_on_the_way_may_be_faster_to_stay_may_be_cheaper():
    text = """
    slow rail A 1/08 > 1/10 B 1/11 > 3/00 C
    fast rail B 1/18 > 2/00 C
    """
    board = Board(text, prices={"fast": 20}, handling_h=4, handling=5)

    assert answers(board, board.ask("A", "C")) == [
        "2/04     35  family 0  A slow 1/08 B fast 1/18 C",
        "3/04     10  family 0  A slow 1/08 B slow 1/11 C",
    ]


def test_b04_a_lorry_found_first_does_not_hide_the_train_that_stays_cheap():
    """Had the train's cargo to change in B for 50, the lorry would be better."""
    text = """
    lorry road A 1/06 > 1/07 C
    train rail A 1/08 > 1/10 B 1/11 > 1/12 C
    """
    board = Board(text, prices={"lorry": 30}, handling_h=1, handling=50)

    assert answers(board, board.ask("A", "C")) == [
        "1/08    130  family 0  A lorry 1/06 C",
        "1/13    100  family 0  A train 1/08 B train 1/11 C",
    ]


def test_c01_a_night_in_the_yard_for_a_cheaper_departure():
    text = "early rail A 1/08 > 1/20 B\nlate rail A 2/08 > 2/20 B"
    board = Board(text, prices={"early": 9, "late": 4})

    assert answers(board, board.ask("A", "B")) == [
        "1/20      9  family 0  A early 1/08 B",
        "2/20      4  family 0  A late 2/08 B",
    ]


def test_c02_the_later_and_cheaper_feeder_still_catches_the_ferry():
    """The first feeder is faster to B, which helps nobody."""
    text = """
    quick rail A 1/08 > 1/10 B
    cheap rail A 1/09 > 1/15 B
    ferry sea  B 1/20 > 2/00 C
    """
    board = Board(text, prices={"quick": 9, "cheap": 4})

    assert answers(board, board.ask("A", "C")) == [
        "2/00      4  family 0  A cheap 1/09 B ferry 1/20 C"
    ]


def test_d01_a_charge_depends_on_entry_and_exit_alone():
    """Two trains through B pay A-C, not A-B and B-C."""
    text = "one rail A 1/08 > 1/10 B\ntwo rail B 1/12 > 1/14 C"
    charges = {("all", "A", "B"): 70, ("all", "B", "C"): 70, ("all", "A", "C"): 60}
    board = Board(text, charges=charges)

    assert answers(board, board.ask("A", "C")) == ["1/14     60  family 0  A one 1/08 B two 1/12 C"]


def test_d02_no_rate_at_the_end_closes_the_way_for_this_cargo():
    text = "one rail A 1/08 > 1/10 B\ntwo rail B 1/12 > 1/14 C"
    board = Board(text, charges={("all", "A", "B"): 70})

    assert answers(board, board.ask("A", "C")) == []
    assert len(answers(board, board.ask("A", "C", lift_rules=True))) == 1
    assert answers(board, board.ask("A", "B")) == ["1/10     70  family 0  A one 1/08 B"]


def test_d03_a_dearer_label_may_have_the_better_charge_open():
    """Into B by the side door P costs 10 more and 50 less on the way to C."""
    text = """
    straight rail A 1/08 > 1/10 B
    around   road A 1/08 > 1/09 P
    branch   rail P 1/09 > 1/10 B
    onward   rail B 1/12 > 1/14 C
    """
    board = Board(
        text,
        zones={"A": "one", "B": "two", "C": "two", "P": "two"},
        charges={
            ("one", "A", "A"): 0,
            ("two", "B", "C"): 100,
            ("two", "P", "C"): 50,
        },
        prices={"around": 10},
    )

    assert answers(board, board.ask("A", "C")) == [
        "1/14     60  family 0  A around 1/08 P branch 1/09 B onward 1/12 C"
    ]


def test_d04_another_zone_closes_the_charge_at_the_transfer():
    """Zone one is paid A-B 30 where the ferry of zone two is boarded; two is paid B-C 5."""
    text = "train rail A 1/08 > 1/10 B\nferry sea B 1/12 > 1/14 C"
    board = Board(
        text,
        zones={"A": "one", "B": "one", "C": "two"},
        charges={("one", "A", "B"): 30, ("two", "C", "C"): 5},
    )

    assert answers(board, board.ask("A", "C")) == [
        "1/14     35  family 0  A train 1/08 B ferry 1/12 C"
    ]


TRAIN_AND_FERRY = """
    train rail A 1/08 > 1/10 B 1/11 > 1/12 C
    ferry sea  C 1/13 > 1/14 D
    """
NATIONAL_ZONES = {"A": "one", "B": "two", "C": "two", "D": "sea"}
NATIONAL_CHARGES = {
    ("one", "A", "A"): 0,
    ("two", "B", "B"): 0,
    ("two", "B", "C"): 100,
    ("two", "C", "C"): 0,
    ("sea", "D", "D"): 0,
}


def with_joint(pairs, **changes):
    """The train's two railways charge together; the train's own price is 30 a segment."""
    return Board(
        TRAIN_AND_FERRY,
        **{
            "zones": NATIONAL_ZONES,
            "charges": NATIONAL_CHARGES,
            "prices": {"train": 30, "ferry": 40},
            "joint": {"both": Joint(members=("one", "two"), charges=pairs, handling=5)},
            "handling": 5,
            **changes,
        },
    )


def test_d05_a_joint_rate_ends_where_another_carrier_takes_over():
    """National 3 * 5 + 2 * 30 + 100 + 40 = 215; joint 3 * 5 + 2 * 30 + 70 + 40, handling in C."""
    board = with_joint({("A", "C"): 70})

    assert answers(board, board.ask("A", "D")) == [
        "1/14    185  family 0  A both:train 1/08 B both:train 1/11 C ferry 1/13 D"
    ]


def test_d06_the_system_may_change_on_board():
    """From B the joint tariff asks 60 and the railway 100; in B nobody gets off."""
    board = with_joint({("B", "C"): 60})

    assert answers(board, board.ask("A", "C")) == [
        "1/12    130  family 0  A train 1/08 B both:train 1/11 C"
    ]


def test_d07_where_the_nations_have_no_rate_the_joint_tariff_may_have_one():
    board = with_joint({("A", "C"): 500}, charges={("one", "A", "A"): 0, ("sea", "D", "D"): 0})

    assert answers(board, board.ask("A", "C")) == [
        "1/12    570  family 0  A both:train 1/08 B both:train 1/11 C"
    ]
    nobody = with_joint({}, charges={("one", "A", "A"): 0})
    assert answers(nobody, nobody.ask("A", "C")) == []


def test_d08_one_joint_charge_is_not_cut_in_two_at_a_transfer():
    """A-B 10 and B-C 10, but A-C has no rate: one note, or national from B for 90."""
    text = "one rail A 1/08 > 1/10 B\ntwo rail B 1/12 > 1/14 C"
    pairs = {("A", "B"): 10, ("B", "C"): 10}
    board = Board(
        text,
        charges={("all", "B", "C"): 90, ("all", "A", "B"): 95},
        joint={"ab": Joint(members=("all",), charges=pairs)},
        handling=5,
    )

    assert answers(board, board.ask("A", "C")) == [
        "1/14    115  family 0  A ab:one 1/08 B two 1/12 C"
    ]
    whole = Board(text, joint={"ab": Joint(members=("all",), charges=pairs)}, charges={})
    assert answers(whole, whole.ask("A", "C")) == []


def test_d09_what_the_joint_tariff_includes_is_paid_only_by_others():
    """A transfer costs 2 instead of 5; 2 * 5 + 2 + 2 * 30 + 140. At the gates it is 5 as ever."""
    joint = Joint(
        members=("one", "two", "sea"), charges={("A", "D"): 140}, prices={"ferry": 0}, handling=2
    )
    board = with_joint({}, joint={"all": joint})

    assert answers(board, board.ask("A", "D")) == [
        "1/14    212  family 0  A all:train 1/08 B all:train 1/11 C all:ferry 1/13 D"
    ]


def test_d10_of_equal_systems_the_first():
    twice = {
        "first": Joint(members=("one", "two"), charges={("A", "C"): 70}),
        "second": Joint(members=("one", "two"), charges={("A", "C"): 70}),
    }
    board = with_joint({}, joint=twice)

    assert answers(board, board.ask("A", "C")) == [
        "1/12    140  family 0  A first:train 1/08 B first:train 1/11 C"
    ]


LORRY_FIRST = """
    lorry road A 1/05 > 1/06 C
    one   rail A 1/08 > 1/10 B
    two   rail B 1/12 > 1/14 C
    """


def test_d11_a_lorry_found_first_does_not_hide_what_the_joint_tariff_includes():
    """Nationally the second train alone asks more than the lorry."""
    joint = Joint(members=("all",), charges={("A", "C"): 50}, prices={"two": 0})
    board = Board(LORRY_FIRST, prices={"lorry": 100, "two": 200}, joint={"jr": joint})

    assert answers(board, board.ask("A", "C")) == [
        "1/06    100  family 0  A lorry 1/05 C",
        "1/14     50  family 0  A jr:one 1/08 B jr:two 1/12 C",
    ]


def test_d12_nor_the_handling_it_includes():
    """Two gates at 60 each; 50 for the joint tariff, and nothing in B."""
    joint = Joint(members=("all",), charges={("A", "C"): 50})
    board = Board(LORRY_FIRST, prices={"lorry": 90}, joint={"jr": joint}, handling=60)

    assert answers(board, board.ask("A", "C")) == [
        "1/06    210  family 0  A lorry 1/05 C",
        "1/14    170  family 0  A jr:one 1/08 B jr:two 1/12 C",
    ]


def test_e01_a_regime_forbids_the_short_way():
    """After the border under transit the cheap train is closed; without it, it is open."""
    text = """
    border rail A 1/08 > 1/10 B
    coast  sea  A 1/08 > 1/11 B
    cheap  rail B 1/12 > 1/14 C
    dear   road B 1/12 > 1/13 C
    """
    board = Board(
        text,
        regimes=("export", "transit"),
        steps={("border", "export"): 1, ("cheap", "transit"): -1},
        prices={"coast": 40, "cheap": 1, "dear": 20},
    )

    assert answers(board, board.ask("A", "C")) == [
        "1/13     20  family 0  A border 1/08 B dear 1/12 C",
    ]
    # With the truck gone, only the ship's cargo may take the train.
    board = Board(
        text.replace("dear", "none").replace("B 1/12 > 1/13 C", "B 1/05 > 1/06 C"),
        regimes=("export", "transit"),
        steps={("border", "export"): 1, ("cheap", "transit"): -1},
        prices={"coast": 40, "cheap": 1},
    )
    assert answers(board, board.ask("A", "C")) == [
        "1/14     41  family 0  A coast 1/08 B cheap 1/12 C"
    ]
    assert answers(board, board.ask("A", "C", lift_rules=True)) == [
        "1/14      1  family 0  A border 1/08 B cheap 1/12 C"
    ]


def test_f01_a_city_ends_at_the_member_that_suits():
    text = "fast rail A 1/08 > 1/10 X\nslow rail A 1/08 > 1/20 Y"
    board = Board(text, prices={"fast": 9, "slow": 4})

    assert answers(board, board.ask("A", "X+Y")) == [
        "1/10      9  family 0  A fast 1/08 X",
        "1/20      4  family 0  A slow 1/08 Y",
    ]


def test_f02_a_way_may_pass_one_member_and_end_at_the_other():
    """The gate of X is dear: two charges, A-X 50 and A-Y 10."""
    board = Board(
        "train rail A 1/08 > 1/10 X 1/11 > 1/12 Y",
        charges={("all", "A", "X"): 50, ("all", "A", "Y"): 10},
    )

    assert answers(board, board.ask("A", "X+Y")) == [
        "1/10     50  family 0  A train 1/08 X",
        "1/12     10  family 0  A train 1/08 X train 1/11 Y",
    ]


def test_f03_a_city_begins_at_the_member_that_suits():
    text = "fast rail X 1/08 > 1/10 B\nslow rail Y 1/08 > 1/20 B"
    board = Board(text, prices={"fast": 4, "slow": 9})

    assert answers(board, board.ask("X+Y", "B")) == ["1/10      4  family 0  X fast 1/08 B"]


def test_g01_a_family_keeps_its_best_even_when_dominated():
    text = "north rail A 1/08 > 1/20 B\nsouth rail A 1/08 > 1/22 B"
    board = Board(text, prices={"north": 4, "south": 9}, families={"north": 1, "south": 2})

    assert answers(board, board.ask("A", "B")) == [
        "1/20      4  family 1  A north 1/08 B",
        "1/22      9  family 2  A south 1/08 B",
    ]


def test_h01_of_equals_the_fewest_connections():
    text = "one rail A 1/08 > 1/10 B\ntwo rail B 1/12 > 1/20 C\ndirect rail A 1/13 > 1/20 C"
    board = Board(text)

    assert answers(board, board.ask("A", "C")) == ["1/20      0  family 0  A direct 1/13 C"]


def test_h02_of_equals_the_first_to_leave_though_another_is_ready_sooner():
    """Both feeders catch the ferry; the one that leaves first arrives last."""
    text = """
    first  rail A 1/08 > 1/15 B
    second rail A 1/09 > 1/10 B
    ferry  sea  B 1/20 > 2/00 C
    """
    board = Board(text)

    assert answers(board, board.ask("A", "C")) == [
        "2/00      0  family 0  A first 1/08 B ferry 1/20 C"
    ]


def test_i01_the_express_overtakes_the_local_train_and_costs_more():
    """The local stops in B, where nobody needs to change."""
    text = """
    local   rail A 1/08 > 1/12 B 1/13 > 1/18 C
    express rail A 1/10 > 1/15 C
    """
    board = Board(text, prices={"local": 3, "express": 9})

    assert answers(board, board.ask("A", "C")) == [
        "1/15      9  family 0  A express 1/10 C",
        "1/18      6  family 0  A local 1/08 B local 1/13 C",
    ]


def test_i02_back_to_where_the_express_stops():
    """B has only the local; a station back one catches the express past B."""
    text = """
    local   rail B 1/08 > 1/12 C
    back    rail B 1/06 > 1/07 A
    express rail A 1/08 > 1/10 C
    """
    board = Board(text, prices={"local": 5, "back": 2, "express": 4}, handling_h=1)

    assert answers(board, board.ask("B", "C")) == [
        "1/11      6  family 0  B back 1/06 A express 1/08 C",
        "1/13      5  family 0  B local 1/08 C",
    ]


def test_i03_round_the_ring_on_board():
    """From C to B the ring runs through A, where the cargo stays on board at no handling."""
    text = "ring rail C 1/08 > 1/10 A 1/11 > 1/13 B 1/14 > 1/16 C"
    board = Board(text, handling_h=5, handling=7)

    assert answers(board, board.ask("C", "B", "1/03")) == [
        "1/18     14  family 0  C ring 1/08 A ring 1/11 B"
    ]


def test_i04_a_train_missed_on_one_round_is_caught_on_the_next():
    """Two hours of handling: the shuttle of 10 is gone, the same shuttle comes again."""
    text = """
    feeder  road A 1/06 > 1/09 B
    shuttle rail B 1/10 > 1/12 C 1/13 > 1/15 B 1/16 > 1/18 C
    """
    board = Board(text, handling_h=2)

    assert answers(board, board.ask("A", "C", "1/04")) == [
        "1/20      0  family 0  A feeder 1/06 B shuttle 1/16 C"
    ]


def test_i05_over_midnight_and_the_end_of_the_week():
    text = "train rail A 1/23 > 2/01 B\nferry sea B 7/23 > 8/01 C\nlorry road C 8/00 > 8/02 D"
    board = Board(text + "\nnight road C 8/02 > 8/05 D", handling_h=1)

    assert answers(board, board.ask("A", "D")) == [
        "8/06      0  family 0  A train 1/23 B ferry 7/23 C night 8/02 D"
    ]


def test_i06_a_change_costs_the_direct_train_does_not():
    """The change is paid 10 a gate; it must be faster to be worth it."""
    text = """
    feeder rail A 1/08 > 1/10 B
    ferry  sea  B 1/12 > 1/14 C
    direct rail A 1/08 > {arrives} C
    """
    change, direct = "A feeder 1/08 B ferry 1/12 C", "A direct 1/08 C"
    slow = Board(text.format(arrives="1/15"), handling=10)
    fast = Board(text.format(arrives="1/14"), handling=10)

    assert answers(slow, slow.ask("A", "C")) == [
        f"1/14     30  family 0  {change}",
        f"1/15     20  family 0  {direct}",
    ]
    assert answers(fast, fast.ask("A", "C")) == [f"1/14     20  family 0  {direct}"]


def test_i07_two_lines_that_meet_twice_are_changed_where_they_can_be():
    """To change in B saves the second hour of the lorry, where road and rail meet there."""
    text = """
    lorry road A 1/06 > 1/08 B 1/09 > 1/11 C
    train rail B 1/10 > 1/12 C 1/13 > 1/15 D
    """
    apart = Board(text, prices={"lorry": 4}, impossible=(("B", "road", "rail"),))
    meeting = Board(text, prices={"lorry": 4})

    assert answers(apart, apart.ask("A", "D")) == [
        "1/15      8  family 0  A lorry 1/06 B lorry 1/09 C train 1/13 D"
    ]
    assert answers(meeting, meeting.ask("A", "D")) == [
        "1/15      4  family 0  A lorry 1/06 B train 1/10 C train 1/13 D"
    ]


def test_i08_a_later_start_that_arrives_with_the_ferry_is_no_worse():
    """Three trains catch one ferry: the first, if it costs no more."""
    text = """
    first  rail A 1/06 > 1/08 B
    second rail A 1/08 > 1/10 B
    third  rail A 1/10 > 1/12 B
    ferry  sea  B 1/13 > 1/20 C
    """
    even = Board(text, handling_h=1)
    cheap = Board(text, handling_h=1, prices={"first": 3, "second": 2, "third": 1})

    assert answers(even, even.ask("A", "C")) == [
        "1/21      0  family 0  A first 1/06 B ferry 1/13 C"
    ]
    assert answers(cheap, cheap.ask("A", "C")) == [
        "1/21      1  family 0  A third 1/10 B ferry 1/13 C"
    ]
