"""What a unit costs from a place on is a shortest path, and what it is worth there follows."""

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.services.planning.onward import onward, worth
from karvan.services.planning.parts import Carried, Volume, Way

PLACES = "abcdef"
PLACE = st.sampled_from(PLACES)
COST = st.integers(0, 9).map(float)
WAYS = st.lists(st.tuples(PLACE, PLACE, COST, st.sampled_from(["grain", "boxes"])), max_size=12)
DEMANDS = st.lists(st.tuples(PLACE, st.integers(0, 30).map(float)), min_size=1, max_size=3)


def ways_of(rows):
    return [
        Way(
            id=f"{number}",
            tail=tail,
            head=head,
            mode="rail",
            per_day=(1.0,),
            unit="kt",
            carries=(Carried(commodity=kind, cost=cost),),
        )
        for number, (tail, head, cost, kind) in enumerate(rows)
    ]


def asked(place, price, kind="grain"):
    return Volume(id=place, place=place, commodity=kind, amount=(1.0,), price=price)


@given(WAYS, DEMANDS)
def test_a_unit_is_worth_the_best_price_less_the_shortest_path_to_it(rows, demands):
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(PLACES)
    graph.add_weighted_edges_from(row[:3] for row in rows if row[3] == "grain")
    paths = dict(nx.all_pairs_dijkstra_path_length(graph))

    found = worth(ways_of(rows), [asked(*demand) for demand in demands])

    for place in PLACES:
        reached = [price - paths[place][end] for end, price in demands if end in paths[place]]
        if reached:
            assert found[place, "grain"] == pytest.approx(max(reached))
        else:
            assert (place, "grain") not in found


def test_what_is_sold_at_no_price_is_worth_what_the_way_to_the_market_costs():
    ways = ways_of([("a", "b", 2.0, "grain"), ("b", "c", 3.0, "grain"), ("a", "c", 1.0, "boxes")])

    assert onward(ways, "grain", {"c": 0.0}) == {"c": 0.0, "b": 3.0, "a": 5.0}
    assert worth(ways, [asked("c", 0.0)]) == {
        ("c", "grain"): 0.0,
        ("b", "grain"): -3.0,
        ("a", "grain"): -5.0,
    }
