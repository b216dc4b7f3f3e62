"""Trains of all trades on the tracks of the shipped network."""

from datetime import date

import numpy as np
import pytest

from karvan.network.links import Mode
from karvan.services.planning.periods import Periods
from karvan.services.planning.tracks import (
    KT_PER_D,
    line_joints,
    links_of,
    shortest_path,
)

JANUARY = date(2024, 1, 1)


@pytest.fixture(scope="module")
def network(published):
    return published.network


def test_oil_trains_run_on_the_published_tracks(network):
    """The whole journey from Tengiz to Aktau is published with 710 km."""
    path = shortest_path(network, "KZ-TEN", "KZ-AKT", JANUARY, {Mode.RAIL})
    assert [str(link.id) for link in path] == [
        "KZ-TEN--KZ-BEY:rail",
        "KZ-BEY--KZ-MAN:rail",
        "KZ-MAN--KZ-AKT:rail",
    ]
    assert sum(link.length_km for link in path) == 710


def test_a_place_without_rails_has_no_way(network):
    assert shortest_path(network, "KZ-AKT", "IT-AUGUST", JANUARY, {Mode.RAIL}) == ()


def test_the_main_line_of_georgia_is_one_capacity_both_ways(network):
    """27 Mt a year until the end of 2024, 48 from then on."""
    months = Periods.months(date(2024, 12, 1), 2)
    path = shortest_path(network, "AZ-SAN", "GE-BUS", JANUARY, {Mode.RAIL})
    back = shortest_path(network, "GE-BUS", "AZ-SAN", JANUARY, {Mode.RAIL})

    joints = {joint.id: joint for joint in line_joints(network, (*path, *back), months)}

    assert len(joints) == len(path)
    assert joints["GE-GAR--GE-TBS:rail"].unit == "kt"
    assert joints["GE-GAR--GE-TBS:rail"].per_day == (27 * KT_PER_D, 48 * KT_PER_D)
    assert joints["AZ-ALT--AZ-SHI:rail"].per_day == (np.inf, np.inf), "counts container trains"


def test_train_pairs_are_trains_each_way(network):
    """The second track opened on 30 September 2025; a month has what its first day has."""
    months = Periods.months(date(2025, 9, 1), 2)
    path = shortest_path(network, "CN-ALA", "KZ-MOY", JANUARY, {Mode.RAIL})
    joints = {joint.id: joint for joint in line_joints(network, path, months)}
    assert joints["KZ-DOS--KZ-AKG:rail"].unit == "train"
    assert joints["KZ-DOS--KZ-AKG:rail"].per_day == (12.0, 60.0)
    assert "KZ-AKG--KZ-DOS:rail" not in joints


def test_a_direction_of_a_track_stands_for_both_and_a_place_for_all_at_it(network):
    both = {"KZ-MAN--KZ-BEY:rail", "KZ-BEY--KZ-MAN:rail"}
    assert links_of(network, "KZ-MAN--KZ-BEY:rail") == both
    assert both < links_of(network, "KZ-BEY")
    assert links_of(network, "Aktau oil berths") == {"Aktau oil berths"}
