"""Two trades over one network: what they share binds both."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from karvan.domain.errors import InvalidInput
from karvan.engines.planner.plan import plan
from karvan.services.planning.assembly import assemble
from karvan.services.planning.parts import (
    Carried,
    Commodity,
    Contract,
    Fleet,
    Joint,
    Part,
    Ramp,
    Stock,
    Take,
    Volume,
    Way,
)
from karvan.services.planning.periods import Periods

MONTH = Periods.months(date(2024, 1, 1), 1)
TRACK = Joint(id="track", unit="train", per_day=(10.0,))


def trade(name, unit, *, price, use):
    """One commodity by one way from west to east, in trains of the track that both run on."""
    way = f"{name} train"
    return Part(
        name=name,
        commodities=(Commodity(id=name, unit=unit),),
        ways=(
            Way(
                id=way,
                tail="west",
                head="east",
                mode="rail",
                per_day=(np.inf,),
                unit=unit,
                carries=(Carried(commodity=name, cost=1.0),),
            ),
        ),
        supplies=(Volume(id=f"{name} made", place="west", commodity=name,
                         amount=(1e6,), price=0.0),),
        demands=(Volume(id=f"{name} asked", place="east", commodity=name,
                        amount=(3100.0,), price=price),),
        joints=(TRACK,),
        takes=(Take(of="track", way=way, per_unit=use),),
    )  # fmt: skip


OIL = trade("oil", "kt", price=50.0, use=0.02)
BOXES = trade("box", "TEU", price=20.0, use=0.1)


def test_what_pays_most_for_the_shared_track_gets_it_first():
    """10 trains a day for 31 days: oil takes 62 at 2450 a train, boxes the other 248 at 190."""
    found = plan(assemble([OIL, BOXES], MONTH, currency="USD"))

    np.testing.assert_allclose(found.flow[:, 0], [3100, 2480])
    np.testing.assert_allclose(found.unserved[:, 0], [0, 620])
    (track,) = [price for price in found.shadow_prices() if price.row.asset == "track"]
    assert track.value == pytest.approx(-190)


def test_a_closed_track_is_closed_for_both():
    left = {"track": np.zeros(1)}
    found = plan(assemble([OIL, BOXES], MONTH, currency="USD", left=left))
    assert found.flow.sum() == 0


def test_a_way_without_limit_that_is_closed_carries_nothing():
    left = {"oil train": np.zeros(1)}
    found = plan(assemble([OIL, BOXES], MONTH, currency="USD", left=left))
    np.testing.assert_allclose(found.flow[:, 0], [0, 3100])


def test_a_fleet_of_one_part_works_for_another():
    """744 hours, 20 boats; a train of boxes takes 10 hours with a TEU, oil 2 with a kt."""
    ships = Fleet(id="ships", hours=(14880.0,))
    oil = replace(OIL, fleets=(ships,), takes=(Take(of="ships", way="oil train", per_unit=2.0),))
    boxes = replace(BOXES, joints=(), takes=(Take(of="ships", way="box train", per_unit=10.0),))

    found = plan(assemble([oil, boxes], MONTH, currency="USD"))

    np.testing.assert_allclose(found.flow[:, 0], [3100, 868])


def test_every_fault_is_told_at_once():
    wrong = replace(
        BOXES,
        joints=(replace(TRACK, per_day=(12.0,)),),
        takes=(
            Take(of="tracks", way="box train", per_unit=1.0),
            Take(of="track", way="box train", per_unit=1.0, commodity="oil"),
        ),
        stocks=(
            Stock(place="west", commodity="grain", limit=1.0, initial=0.0, cost=0.0,
                  worth_at_end=0.0, tank="silo"),
        ),
        contracts=(Contract(id="track", unit="TEU"),),
        ramps=(Ramp(way="boat", rise=(1.0, 2.0), before=0.0),),
    )  # fmt: skip

    with pytest.raises(InvalidInput) as caught:
        assemble([OIL, wrong], MONTH, currency="USD")

    assert caught.value.facts["faults"] == (
        "joint, fleet, blend or contract track: told twice, and not alike",
        "stock at west: no commodity grain",
        "take of tracks: no joint, fleet, blend or contract has this id",
        "take of track: no way box train carries oil",
        "stock at west: no tank silo",
        "ramp: no way boat",
        "boat: 2 numbers, for 1 periods",
    )


def test_periods_follow_each_other():
    assert Periods.months(date(2024, 12, 1), 2).ids == ("2024-12", "2025-01")
    assert Periods.months(date(2024, 1, 1), 3).days.tolist() == [31, 29, 31]
    weeks = Periods.of_days(date(2024, 2, 26), 2, length=7)
    assert weeks.spans[1] == (date(2024, 3, 4), date(2024, 3, 11))
    assert weeks.after(1).ids == ("2024-03-04",)
    with pytest.raises(InvalidInput, match="follow"):
        Periods(bounds=(date(2024, 2, 1), date(2024, 1, 1)), ids=("2024-02",))
