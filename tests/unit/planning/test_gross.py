"""What ports weigh, by hand."""

import csv
from importlib.resources import files

import numpy as np
import pytest

from karvan.adapters.files.freight_tables import shipped_freight
from karvan.network.links import Mode
from karvan.services.planning.gross import BOX_T, TRUCK_T, WAGON_T, gross_kt, net_kt, wagons_of

OVER, BACK, FEEDER = "KUR--ALT", "ALT--KUR", "AKT--ALT"
MODES = {OVER: Mode.RAIL_FERRY, BACK: Mode.RAIL_FERRY, FEEDER: Mode.FEEDER}
REVERSE = {OVER: BACK, BACK: OVER}


@pytest.fixture(scope="module")
def goods():
    return {good.id: good for good in shipped_freight().goods}


def weighed(goods, **units):
    """Tonnes by link and good; keys are link and good with two underscores between."""
    links = {"over": OVER, "back": BACK, "feeder": FEEDER}
    amounts = {
        (links[key.partition("__")[0]], key.partition("__")[2]): np.array([value])
        for key, value in units.items()
    }
    net = {key: kt[0] * 1000 for key, kt in net_kt(amounts, goods).items()}
    gross = gross_kt(amounts, goods, MODES, REVERSE)
    return net, {key: kt[0] * 1000 for key, kt in gross.items()}


def test_wagons_are_weighed_and_those_that_brought_more_go_back_empty(goods):
    """6 kt in 100 wagons of 60 t one way and 2.4 kt in 40 the other: 60 go back empty."""
    net, gross = weighed(goods, over__grain=6.0, back__general=2.4)

    assert net == pytest.approx({(OVER, "grain"): 6000, (BACK, "general"): 2400})
    assert gross == pytest.approx(
        {
            (OVER, "grain"): 6000 + 100 * 24,
            (BACK, "general"): 2400 + 40 * 24,
            (BACK, "empty wagons"): 60 * 24,
            (OVER, "empty wagons"): 0,
        },
        rel=1e-4,
    )


def test_boxes_weigh_with_their_steel_and_on_a_ferry_with_half_a_wagon(goods):
    net, gross = weighed(
        goods, feeder__containers=100.0, feeder__empties=50.0, over__containers=10.0
    )

    assert net == {(FEEDER, "containers"): 1000, (OVER, "containers"): 100}
    assert gross[FEEDER, "containers"] == pytest.approx(1000 + 220)
    assert gross[FEEDER, "empties"] == pytest.approx(50 * 2.3)
    assert gross[OVER, "containers"] == pytest.approx(100 + 22 + 5 * 24)
    assert gross[BACK, "empty wagons"] == pytest.approx(5 * 24)


def test_wagons_are_counted_laden_and_empty_and_boxes_take_half_of_one(goods):
    amounts = {(OVER, "grain"): np.array([3.0]), (BACK, "containers"): np.array([20.0])}

    found = wagons_of(amounts, goods, MODES, REVERSE)

    told = {key: float(each[0]) for key, each in found.items()}
    assert told == pytest.approx(
        {
            (OVER, "grain"): 50,
            (BACK, "containers"): 10,
            (BACK, "empty wagons"): 40,
            (OVER, "empty wagons"): 0,
        },
        rel=1e-4,
    )


def test_a_truck_on_a_rail_ferry_brings_no_wagon(goods):
    net, gross = weighed(goods, over__trucks=100.0)

    assert net == pytest.approx({(OVER, "trucks"): 1125})
    assert gross == pytest.approx({(OVER, "trucks"): 1125 + 1500})


def test_the_tares_are_those_of_the_tables():
    def tare(table, code):
        text = (files("karvan") / "data" / "rules" / table).read_text()
        (row,) = (each for each in csv.DictReader(text.splitlines()) if each["code"] == code)
        return float(row["tare_kg"]) / 1000

    assert tare("wagon_types.csv", "covered_wagon") == WAGON_T
    assert tare("truck_types.csv", "truck") == TRUCK_T
    assert tare("container_types.csv", "22G1") == BOX_T
