"""The freight of the shipped corridor, planned."""

import csv
from calendar import monthrange
from collections import defaultdict
from dataclasses import replace
from datetime import date
from importlib.resources import files
from itertools import pairwise

import numpy as np
import pytest

from karvan.adapters.files.freight_tables import read_freight
from karvan.domain.errors import InvalidTables
from karvan.engines.planner.plan import plan
from karvan.services.planning.assembly import assemble
from karvan.services.planning.freight import frame_of, freight_of
from karvan.services.planning.freight_closing import told
from karvan.services.planning.freight_network import contracted, single
from karvan.services.planning.laying import lay_events
from karvan.services.planning.periods import Periods
from karvan.services.planning.scenario import Event

QUARTER = Periods.months(date(2024, 1, 1), 3)
JANUARY = Periods.months(date(2024, 1, 1), 1)
PLANNING = files("karvan") / "data" / "planning"


def rows(name):
    return list(csv.DictReader((PLANNING / name).read_text().splitlines()))


@pytest.fixture(scope="module")
def base():
    return read_freight()


@pytest.fixture(scope="module")
def freight(published, base):
    return freight_of(published.network, base, QUARTER, year=2024)


@pytest.fixture(scope="module")
def found(freight):
    return plan(assemble([freight.part], QUARTER, currency="1000 USD"))


def lost(asset, first_day, last_day):
    return Event(
        id=asset,
        asset=asset,
        first_day=first_day,
        last_day=last_day,
        share_lost=1.0,
        cause="",
        source="",
    )


def struck_by(events, network, freight, found):
    return lay_events(found.problem, told(freight, events), QUARTER, network)


def flows(found):
    """Way, commodity and amounts by month of all that moves."""
    problem = found.problem
    for p, amounts in enumerate(found.flow):
        yield (
            problem.arcs.ids[problem.permissions.arc[p]],
            problem.commodity_ids[problem.permissions.commodity[p]],
            amounts,
        )


def test_what_is_served_left_its_origin_and_nothing_vanishes_between(found, freight):
    problem = found.problem
    net = defaultdict(lambda: np.zeros(3))
    for way, commodity, amounts in flows(found):
        chain = freight.chains[way]
        net[commodity, chain.tail] += amounts
        net[commodity, chain.head] -= amounts
    for u, commodity in enumerate(problem.supplies.commodity):
        place = problem.node_ids[problem.supplies.node[u]]
        made = problem.supplies.amount[u] - found.shut_in[u]
        net[problem.commodity_ids[commodity], place] -= made
    for d, commodity in enumerate(problem.demands.commodity):
        place = problem.node_ids[problem.demands.node[d]]
        served = problem.demands.amount[d] - found.unserved[d]
        net[problem.commodity_ids[commodity], place] += served
    assert max(np.abs(each).max() for each in net.values()) < 1e-3


def test_the_demand_is_that_of_the_table(found, freight):
    """31, 29, 31 of 366 days, by season; boxes that come back are a share of those that went."""
    lengths = np.array([monthrange(2024, month)[1] for month in range(1, 13)])
    even = lengths[:3] / 366
    seasons = {
        (row["good"], row["origins"]): np.array([float(w) for w in row["months"].split()]) * lengths
        for row in rows("freight_seasons.csv")
    }
    wanted = defaultdict(lambda: np.zeros(3))
    for row in rows("freight_demand.csv"):
        if row["year"] == "2024":
            season = seasons.get((row["good"], row["origin"]))
            share = even if season is None else season[:3] / season.sum()
            wanted[row["good"]] += float(row["volume"]) * share
            wanted["empties"] += float(row["volume"]) * float(row["returns"] or 0) * even
    assert len(seasons) == 2
    told = defaultdict(float)
    for d, amount in enumerate(found.problem.demands.amount):
        cargo = freight.cargoes[found.problem.commodity_ids[found.problem.demands.commodity[d]]]
        told[cargo.good.id] += amount
    for good, volume in wanted.items():
        np.testing.assert_allclose(told[good], volume)


def test_the_ferries_of_kuryk_spend_no_more_hours_than_they_have(found, freight, published):
    """Recounted from the tables: 7 ships, 0.9 at work, less the weather of Kuryk and Alat."""
    spent = np.zeros(3)
    goods = {row["id"]: row for row in rows("freight_goods.csv")}
    lines = {
        row["link"]: row
        for row in rows("freight_lines.csv")
        if row["fleet"] == "kuryk-ferries" and row["direction"] == "westbound"
    }
    running = {
        "KZ-KUR--AZ-ALT:rail_ferry": 20,
        "KZ-KUR--AZ-ALT:roro": 20,
        "KZ-AKT--AZ-ALT:rail_ferry": 24,
    }
    assert set(lines) == set(running)
    for way, commodity, amounts in flows(found):
        if way in lines:
            line = lines[way]
            each = float(goods[freight.cargoes[commodity].good.id][line["unit"]])
            voyages = amounts * each / float(line["parcel"])
            spent += voyages * (2 * running[way] + 2 * float(line["port_h"]) + 6)

    months = zip((31, 29, 31), (0.18, 0.16, 0.14), (0.09, 0.10, 0.10), strict=True)
    have = [7 * 24 * d * 0.9 * (1 - kuryk) * (1 - alat) for d, kuryk, alat in months]
    assert (spent <= np.array(have) * (1 + 1e-6)).all()
    assert spent.min() > 0.1 * max(have), "the ferries are at work"
    row = found.problem.fleets.ids.index("Ferries of Kuryk and Aktau, westbound")
    np.testing.assert_allclose(found.problem.fleets.hours[row], have)


def test_trains_of_all_goods_fit_on_the_single_track_to_dostyk(found, freight):
    """12 train pairs a day; a train is 104 TEU or 52 wagons."""
    goods = {row["id"]: row for row in rows("freight_goods.csv")}
    trains = np.zeros(3)
    for way, commodity, amounts in flows(found):
        if "KZ-DOS--KZ-AKG:rail" in {str(link.id) for link in freight.chains[way].links}:
            good = freight.cargoes[commodity].good.id
            trains += amounts * float(goods[good]["wagons"]) / 52
    assert (trains <= 12 * np.array([31, 29, 31]) * (1 + 1e-6)).all()
    assert trains.max() > 0


def test_class_7_goes_where_it_may(found, freight):
    """No Iranian track, no Chinese port, no liner of the Black Sea (permissions of class 7)."""
    touched, ships = set(), set()
    for way, commodity, amounts in flows(found):
        if freight.cargoes[commodity].good.id == "uranium" and amounts.max() > 1e-6:
            chain = freight.chains[way]
            touched |= set(chain.places)
            ships |= {way} if chain.mode.value == "feeder" else set()
    assert {"GE-POT", "CA-BLINDR", "CN-ALA"} <= touched
    assert not touched & {"CN-SHA", "CN-LYG", "CN-TAO", "IR-THR", "TR-MMY"}
    assert ships <= {"KZ-AKT--AZ-ALT:feeder", "TM-KRW--AZ-ALT:feeder"}


def test_the_plan_costs_the_same_with_every_place_left_in(published, base, freight):
    one = freight_of(published.network, base, JANUARY, year=2024)
    whole = freight_of(published.network, base, JANUARY, year=2024, contract=False)
    assert len(whole.part.ways) > len(one.part.ways)

    costs = [
        plan(assemble([each.part], JANUARY, currency="1000 USD")).cost for each in (one, whole)
    ]

    assert costs[0] == pytest.approx(costs[1], rel=1e-9)


@pytest.mark.parametrize(
    "asset",
    ["KZ-AKT", "Ferries of Kuryk and Aktau", "TM-KRW--AZ-ALT:rail_ferry", "KZ-BEY--KZ-MAN:rail"],
)
def test_what_is_closed_carries_nothing_and_nothing_gets_cheaper(asset, published, freight, found):
    closed = lost(asset, date(2024, 2, 1), date(2024, 2, 29))

    struck = plan(struck_by([closed], published.network, freight, found))

    assert struck.cost > found.cost
    for way, _, amounts in flows(struck):
        chain = freight.chains[way]
        ferries = asset.startswith("Ferries") and way.startswith(("KZ-KUR--AZ", "AZ-ALT--KZ-KUR"))
        on_it = asset in chain.places or asset in {str(link.id) for link in chain.links}
        if on_it or ferries:
            assert amounts[1] < 1e-6


def test_boxes_between_china_and_europe_go_elsewhere_when_russia_is_closed(
    published, freight, found
):
    russia = [str(link.id) for link in published.network.links.values() if "RU" in link.countries]
    closed = [lost(link, date(2024, 1, 1), date(2024, 3, 31)) for link in russia]

    struck = plan(struck_by(closed, published.network, freight, found))

    def by_sea(answer):
        return sum(
            amounts.sum()
            for way, commodity, amounts in flows(answer)
            if way == "SG-SIN--YE-BAB:deep_sea" and commodity == "containers CN-XIA"
        )

    assert struck.cost > found.cost
    assert by_sea(struck) > by_sea(found) + 1000


def test_dead_ends_and_places_in_the_middle_of_a_line_go(published):
    """Beyneu - Makat - Kandyagash is one way when nothing begins at Makat; Atyrau is a spur."""
    links = published.network.links
    names = ["KZ-BEY--KZ-MAK", "KZ-MAK--KZ-BEY", "KZ-MAK--KZ-KAN", "KZ-KAN--KZ-MAK",
             "KZ-MAK--KZ-ATY", "KZ-ATY--KZ-MAK"]  # fmt: skip
    chosen = [links[f"{name}:rail"] for name in names]
    kept = {"KZ-BEY", "KZ-KAN"}
    assert {each.places for each in contracted(chosen, kept)} == {
        ("KZ-BEY", "KZ-MAK", "KZ-KAN"),
        ("KZ-KAN", "KZ-MAK", "KZ-BEY"),
    }
    assert len(contracted(chosen, {*kept, "KZ-ATY"})) == len(single(chosen))


def test_a_table_that_names_what_is_not_there_is_refused(tmp_path):
    folder = tmp_path / "planning"
    folder.mkdir()
    for each in PLANNING.iterdir():
        if each.name.startswith("freight_"):
            text = each.read_text()
            if each.name == "freight_lines.csv":
                text = text.replace("kuryk-ferries", "kurik-ferries", 1)
            (folder / each.name).write_text(text)
    with pytest.raises(InvalidTables) as caught:
        read_freight(tmp_path)
    (fault,) = caught.value.faults
    assert (fault.file, fault.code) == ("freight_lines.csv", "unknown-name")


def test_more_demand_on_the_route_is_bound_by_ferries_and_boxes(published, base, found):
    """Three times today's cargo of the route: something stays behind, and the sea binds."""
    more = freight_of(published.network, base, QUARTER, year=2024, scale={"titr": 3.0})
    answer = plan(assemble([more.part], QUARTER, currency="1000 USD"))
    bound = {price.row.asset.partition(",")[0] for price in answer.shadow_prices()}
    assert "Ferries of Kuryk and Aktau" in bound
    assert answer.cost > found.cost


def test_only_boxes_that_came_laden_go_back_empty(published, base):
    """With nine times the boxes most stay behind, and so does what would come back of them."""
    more = freight_of(published.network, base, QUARTER, year=2024, scale={"titr containers": 9.0})
    answer = plan(assemble([more.part], QUARTER, currency="1000 USD"))
    problem = answer.problem
    net = defaultdict(lambda: np.zeros(3))  # what comes less what leaves, by commodity and place
    for way, commodity, amounts in flows(answer):
        net[commodity, more.chains[way].head] += amounts
        net[commodity, more.chains[way].tail] -= amounts
    back = defaultdict(lambda: np.zeros(3))  # boxes to come back, by origin and place
    asked = defaultdict(lambda: np.zeros(3))
    for row in rows("freight_demand.csv"):
        if row["year"] == "2024" and float(row["returns"] or 0) > 0:
            (laden,) = (
                cargo.id
                for cargo in more.cargoes.values()
                if row["id"] in {each.id for each in cargo.rows} and cargo.good.id == "containers"
            )
            key = row["origin"], row["destination"]
            back[key] += float(row["returns"]) * net[laden, row["destination"]]
            asked[key] += 9 * float(row["returns"]) * float(row["volume"]) * 91 / 366 / 3

    assert back["CN-XIA", "AZ-BAK"].sum() < asked["CN-XIA", "AZ-BAK"].sum()
    for (origin, place), came in back.items():
        left = -net[f"empties {origin}", place]
        assert (left <= came + 1e-3).all(), (origin, place)
    # A box that does not come costs what it did before there were empties to come back of it.
    (row,) = (
        d for d, name in enumerate(problem.demands.ids) if name.endswith("deep_sea at AZ-BAK")
    )
    assert problem.demands.price[row] == pytest.approx(20 - 0.8 * 2.5)


def test_a_year_without_rows_is_an_empty_part(published, base):
    none = freight_of(published.network, replace(base, demand=()), JANUARY, year=2024)
    assert not none.part.ways


def test_runs_that_differ_in_amounts_alone_share_their_ways(published, base, freight):
    """Made anew or kept from the run before, the part is the same; another port is another part."""
    network = published.network
    more = replace(base, demand=tuple(replace(row, volume=2 * row.volume) for row in base.demand))
    before = frame_of.cache_info().hits

    kept = freight_of(network, more, QUARTER, year=2024).part
    shared = frame_of.cache_info().hits - before
    frame_of.cache_clear()
    anew = freight_of(network, more, QUARTER, year=2024).part

    assert shared == 1
    assert kept == anew
    assert kept.ways == freight.part.ways
    assert sum(map(sum, (each.amount for each in kept.demands))) == pytest.approx(
        2 * sum(map(sum, (each.amount for each in freight.part.demands)))
    )
    fewer = replace(base, ports=base.ports[1:])
    assert freight_of(network, fewer, QUARTER, year=2024).part.joints != kept.joints


def test_where_empties_are_unloaded_is_in_the_order_of_the_demand(freight):
    """Not in that of a set, which is another in another process."""
    back = [cargo for cargo in freight.cargoes.values() if cargo.good.id == "empties"]
    laden = [cargo for cargo in freight.cargoes.values() if cargo.good.id != "empties"]

    told = [
        (cargo.id, place)
        for cargo in back
        for place in dict.fromkeys(
            row.destination for each in laden for row in each.rows if row in cargo.rows
        )
    ]

    assert list(freight.returns) == told
    assert len(told) > 5


def test_ways_between_the_same_places_are_in_the_order_of_their_links(published, base):
    """A set gives them in another order in another process, and a plan is one of many equals."""
    links = [link for link in published.network.links.values() if link.mode.value != "pipeline"]

    chains = contracted(links, {row.origin for row in base.demand})

    places = [chain.places for chain in chains]
    twins = len(places) - len(set(places))
    order = [(chain.places, [str(link.id) for link in chain.links]) for chain in chains]
    alike = [(a, b) for (one, a), (other, b) in pairwise(order) if one == other]
    assert len(alike) == twins >= 10
    assert all(a < b for a, b in alike)
