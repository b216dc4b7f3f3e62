"""Scenarios with freight: read, planned, told."""

from dataclasses import replace
from datetime import date

import pytest

from karvan.adapters.files.scenarios import FileScenarios
from karvan.domain.errors import InvalidTables
from karvan.services.planning.freight import freight_in
from karvan.services.planning.freight_seasons import shares_of
from karvan.services.planning.freight_telling import freight_json, freight_told
from karvan.services.planning.lost_ships import tankers_of
from karvan.services.planning.oil import oil_problem, planned
from karvan.services.planning.periods import Periods, periods_of
from karvan.services.planning.route_prices import priced_routes, prices_json
from karvan.services.planning.study import study

SCENARIOS = FileScenarios()
JANUARY = {
    "title": "a month",
    "base": "oil-2024",
    "first_month": "2024-01",
    "months": 1,
    "parts": ["freight"],
}


@pytest.fixture(scope="module")
def told(published):
    found = study(published.network, SCENARIOS.parse(JANUARY))
    return freight_told(published.network, found, published.factors)


@pytest.fixture(scope="module")
def more(published):
    found = study(published.network, SCENARIOS.parse(JANUARY | {"freight": {"titr_mt": 10}}))
    return freight_told(published.network, found, published.factors)


def volumes(scenario):
    """Million tonnes a year of the route, by good, as the scenario asks for them."""
    asked = scenario.freight
    found = {}
    for row in asked.base.demand:
        if row.year == asked.year and row.group == "titr":
            factor = asked.scale.get(f"titr {row.good}", asked.scale.get("titr", 1.0))
            mt = row.volume * factor * asked.base.good(row.good).t_per_unit / 1e6
            found[row.good] = found.get(row.good, 0.0) + mt
    return found


def test_the_shipped_what_ifs_ask_for_what_their_titles_say():
    for million in (6, 10, 11):
        asked = volumes(SCENARIOS.read(f"titr-{million}-mt"))
        assert sum(asked.values()) == pytest.approx(million)
    today, boxes = (
        volumes(SCENARIOS.read("freight-2024")),
        volumes(SCENARIOS.read("containers-2030")),
    )
    assert sum(boxes.values()) == pytest.approx(10)
    assert boxes["grain"] == today["grain"]
    assert boxes["containers"] > 5 * today["containers"]


def test_what_corridors_carry_is_what_is_asked_for(told):
    """January: its part of the year's demand; nothing stays behind but boxes, if any."""
    asked, month = SCENARIOS.read("freight-2024").freight, Periods.months(date(2024, 1, 1), 1)
    for good in ("grain", "metals", "uranium", "trucks", "containers"):
        wanted = sum(
            r.volume * shares_of(asked.base.seasons, good, r.origin, month)[0]
            for r in asked.base.demand
            if r.year == 2024 and r.good == good
        )
        carried = sum(row.amount for row in told.corridors if row.good == good)
        assert carried == pytest.approx(wanted, rel=1e-6)
    assert {row.good for row in told.left} <= {"empties"}


def test_boxes_to_azerbaijan_cross_the_sea_and_those_to_europe_pass_russia(told):
    rows = {(row.where, row.good): row for row in told.corridors}
    north = rows["Northern corridor through Russia", "containers"]
    middle = rows["Middle Corridor by Aktau or Kuryk", "containers"]
    assert north.amount > 10 * middle.amount > 0
    crossing = {row.where for row in told.crossings}
    assert {"KZ-AKT--AZ-ALT:feeder", "BY-BRE--PL-MAL:rail"} <= crossing
    # 28 g CO2e a tonne-kilometre by rail (F484), about 10,000 km.
    assert 150 < north.co2e_kt * 1e3 / north.kt < 400


def test_the_route_at_10_mt_leaves_cargo_and_the_ferries_bind(told, more):
    left = sum(row.unserved for row in more.left if row.good == "grain")
    assert left > 0
    bound = {row.of for row in more.bound}
    assert "Ferries of Kuryk and Aktau, westbound" in bound
    assert "KZ-AKT, containers and empties, feeder and rail_ferry" in bound
    assert len(more.left) > len(told.left)
    assert {row["of"] for row in freight_json(more)["bound"]} == bound


def test_oil_and_boxes_share_the_main_line_of_georgia(published):
    both = SCENARIOS.parse(JANUARY | {"parts": ["oil", "freight"]})
    problem = oil_problem(published.network, both, events=())
    line = problem.joints.ids.index("GE-GAR--GE-TBS:rail")
    uses = problem.joints.uses
    on_line = problem.permissions.commodity[uses.permission[uses.row == line]]
    units = {problem.commodity_units[kind] for kind in on_line}
    goods = {problem.commodity_ids[kind].partition(" ")[0] for kind in on_line}
    assert units == {"kt", "TEU", "t"}
    assert {"kazakh", "azeri", "containers", "grain"} <= goods


@pytest.mark.parametrize(
    ("more", "where", "code"),
    [
        ({"parts": ["oil", "fright"]}, "parts", "unknown-word"),
        ({"parts": []}, "parts", "wrong-type"),
        ({"parts": ["oil", "oil"]}, "parts", "told-twice"),
        ({"freight": {"titr_mt": 0}}, "freight, titr_mt", "out-of-range"),
        ({"freight": {"titr_mt": "ten"}}, "freight, titr_mt", "wrong-type"),
        ({"freight": {"titr_containers_mt": 0.1}}, "freight, titr_containers_mt", "out-of-range"),
        ({"freight": {"year": 2020}}, "freight, year", "out-of-range"),
        ({"freight": {"titr_m": 10}}, "freight, titr_m", "unknown-key"),
        ({"freight": 10}, "freight", "wrong-type"),
        (
            {"freight": {"titr_mt": 10, "titr_containers_mt": 10}},
            "freight, titr_containers_mt",
            "contradiction",
        ),
    ],
)
def test_what_is_wrong_with_parts_and_freight_is_told(more, where, code):
    with pytest.raises(InvalidTables) as caught:
        SCENARIOS.parse(JANUARY | more)
    assert [(fault.column, fault.code) for fault in caught.value.faults] == [(where, code)]


def test_a_freight_fleet_may_be_named_by_an_event_and_a_typo_is_told(published):
    event = {
        "id": "storm",
        "asset": "Ferries of Kuryk and Aktau",
        "first_day": "2024-01-01",
        "last_day": "2024-01-31",
        "share_lost": 1.0,
        "cause": "storm",
        "source": "a test",
    }
    problem = oil_problem(
        published.network,
        asked := SCENARIOS.parse(JANUARY | {"event": [event]}),
        events=asked.event,
    )
    row = problem.fleets.ids.index("Ferries of Kuryk and Aktau, eastbound")
    assert problem.fleets.hours[row].tolist() == [0.0]
    typo = SCENARIOS.parse(JANUARY | {"event": [event | {"asset": "Ferries of Kurik"}]})
    with pytest.raises(InvalidTables):
        oil_problem(published.network, typo, events=typo.event)


def test_routes_that_are_quoted_cost_in_the_plan_what_they_cost_in_the_quote(
    published, quoting, told, now
):
    """The book's mean a link against the exact price, time not counted; urea is not quoted."""
    lanes = {"containers CN-XIA without RU deep_sea at AZ-BAK", "grain KZ-KOS without RU at UZ-TAS",
             "fertiliser TM-GAR without RU at GE-BUS"}  # fmt: skip
    told = replace(told, routes=tuple(r for r in told.routes if r.destination in lanes))
    scenario = SCENARIOS.parse(JANUARY)
    freight = freight_in(published.network, scenario, periods_of(scenario))
    heaviest = priced_routes(quoting, freight, scenario.freight.base, told, now=now)

    quoted = {(row.good, row.origin, row.destination): row for row in heaviest if row.quoted}
    assert quoted.keys() == {
        ("grain", "KZ-KOS", "UZ-TAS"),
        ("containers", "CN-XIA", "AZ-BAK"),
    }
    for row in quoted.values():
        assert abs(row.gap) < 0.2, row
    assert all(row.why for row in heaviest if row.quoted is None)
    assert [row["gap"] is None for row in prices_json(heaviest)] == [
        row.quoted is None for row in heaviest
    ]


def test_a_lower_sea_takes_from_every_ship_that_the_water_bears(published):
    """At -2.314 m on 1 July 2024, a metre lower from then on: by hand, from derating.csv."""
    lower = [{"sea": "caspian", "what": "add", "value": -1.0, "unit": "m", "source": "by hand"}]
    july = JANUARY | {"first_month": "2024-07", "parts": ["oil", "freight"]}

    before, after = (
        planned(published.network, SCENARIOS.parse(july | {"change": changes})).problem.fleets
        for changes in ([], lower)
    )

    left = dict(zip(after.ids, after.hours[:, 0] / before.hours[:, 0], strict=True))
    # 12,000 t at -1.6327 m, 10,000 at -2.5; dry ships 6,500 at -1.57 and 5,500 at -2.5.
    tanker = (12 - 2 * 1.6813 / 0.8673) / (12 - 2 * 0.6813 / 0.8673)
    dry = (6.5 - 1 * 1.744 / 0.93) / (6.5 - 1 * 0.744 / 0.93)
    # Of 51 % of what ferries of Turkmenbashi carry, tank wagons, 37 % were lost at -2.5 m.
    ferry = (1 - 0.51 * 0.37 * 1.744 / 0.93) / (1 - 0.51 * 0.37 * 0.744 / 0.93)
    assert left["Caspian tankers"] == pytest.approx(tanker, abs=1e-3)
    assert left["Dry ships of the Caspian, outbound"] == pytest.approx(dry, abs=1e-3)
    for way in ("westbound", "eastbound"):
        assert left[f"Ferries of Turkmenbashi, {way}"] == pytest.approx(ferry, abs=1e-3)
    assert left["Ferries of Kuryk and Aktau, westbound"] == 1
    assert left["Covered wagons"] == 1


@pytest.mark.parametrize("by_year", [False, True])
def test_where_freight_goes_alone_no_tanker_of_the_oil_is_lost(published, by_year):
    scenario = SCENARIOS.parse(JANUARY)

    made = planned(published.network, scenario)

    assert tankers_of(made, scenario, by_year=by_year) == {}


def test_what_takes_another_corridor_is_told_with_what_went_there_before(published, told):
    """Brest closed: boxes leave the northern corridor, and all of them turn up in others."""
    closed = {
        "id": "brest",
        "asset": "BY-BRE",
        "first_day": "2024-01-01",
        "last_day": "2024-01-31",
        "share_lost": 1.0,
        "cause": "what if",
        "source": "by hand",
    }
    found = study(published.network, SCENARIOS.parse(JANUARY | {"event": [closed]}))

    moved = freight_told(published.network, found, published.factors).moved

    boxes = {row.where: (row.usual, row.told) for row in moved if row.good == "containers"}
    before = {row.where: row.amount for row in told.corridors if row.good == "containers"}
    assert {where: usual for where, (usual, _) in boxes.items() if usual} == pytest.approx(
        {where: before[where] for where, (usual, _) in boxes.items() if usual}
    )
    gone = before["Northern corridor through Russia"]
    assert boxes["Northern corridor through Russia"] == pytest.approx((gone, 0), abs=1e-6)
    assert sum(now - usual for usual, now in boxes.values()) == pytest.approx(0, abs=1)
    assert told.moved == ()
