"""The k cheapest ways, against every way there is and against nx."""

from itertools import islice, pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.domain.errors import InvalidInput
from karvan.engines.routing.cheapest_paths import MOST_PATHS, cheapest_paths, compile_graph

INT32, INT64 = np.int32, np.int64


def network(n_nodes, *links):
    """A network of links (from, to, weight)."""
    columns = np.array(links, INT64).reshape(-1, 3)
    return compile_graph(
        n_nodes, columns[:, 0].astype(INT32), columns[:, 1].astype(INT32), columns[:, 2].copy()
    )


def told(paths):
    return [(path.weight, path.links) for path in paths]


def every_path(links, source, target):
    """All simple paths as (weight, number of links, links), in the promised order."""
    found = []

    def onward(node, seen, way, weight):
        if node == target:
            found.append((weight, len(way), way))
            return
        for link, (start, end, more) in enumerate(links):
            if start == node and end not in seen:
                onward(end, seen | {end}, (*way, link), weight + more)

    onward(source, {source}, (), 0)
    return sorted(found)


@st.composite
def networks(draw):
    """Few nodes, many links, small weights: ties, parallels, zeros and loops are frequent."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1), label="seed"))
    n_nodes, n_links = int(rng.integers(1, 7)), int(rng.integers(0, 25))
    columns = (rng.integers(0, high, n_links) for high in (n_nodes, n_nodes, rng.integers(1, 4)))
    links = np.stack(list(columns), axis=1).tolist()
    return n_nodes, links, *rng.integers(0, n_nodes, 2).tolist()


@settings(max_examples=300, deadline=None)
@given(networks(), st.integers(1, 12))
def test_the_answer_is_the_beginning_of_all_paths_in_order(case, k):
    n_nodes, links, source, target = case
    expected = [(weight, way) for weight, _, way in every_path(links, source, target)[:k]]

    assert told(cheapest_paths(network(n_nodes, *links), source, target, k)) == expected


@pytest.mark.parametrize("seed", range(8))
def test_costs_and_order_are_those_of_networkx(seed):
    """60 nodes, 240 links, at most one between two nodes, for networkx knows no other."""
    rng = np.random.default_rng(seed)
    pairs = rng.choice(60 * 60, 300, replace=False)
    pairs = pairs[pairs // 60 != pairs % 60][:240]
    weight = rng.integers(0, 40, pairs.size, INT64)
    graph = nx.DiGraph()
    graph.add_weighted_edges_from(zip(pairs // 60, pairs % 60, weight.tolist(), strict=True))
    ours = compile_graph(60, (pairs // 60).astype(INT32), (pairs % 60).astype(INT32), weight)

    for source, target in rng.choice(60, (6, 2)).tolist():
        if source == target or source not in graph or target not in graph:
            continue
        try:
            ways = list(islice(nx.shortest_simple_paths(graph, source, target, "weight"), 25))
        except nx.NetworkXNoPath:
            ways = []
        expected = [sum(graph.edges[step]["weight"] for step in pairwise(way)) for way in ways]
        found = cheapest_paths(ours, source, target, 25)
        assert [path.weight for path in found] == expected
        for path in found:
            steps = [(int(pairs[link]) // 60, int(pairs[link]) % 60) for link in path.links]
            assert steps[0][0] == source
            assert steps[-1][1] == target
            assert all(one[1] == other[0] for one, other in pairwise(steps))
            assert sum(int(weight[link]) for link in path.links) == path.weight


def test_two_lines_between_two_places_are_two_ways():
    found = cheapest_paths(network(2, (0, 1, 7), (0, 1, 5), (0, 1, 7)), 0, 1, 5)

    assert told(found) == [(5, (1,)), (7, (0,)), (7, (2,))]


def test_of_equal_weights_the_fewest_links_come_first():
    found = cheapest_paths(network(3, (0, 1, 2), (1, 2, 2), (0, 2, 4)), 0, 2, 2)

    assert told(found) == [(4, (2,)), (4, (0, 1))]


def test_of_equal_ways_the_smaller_links_come_first_though_found_through_a_detour():
    """Node 1 is nearer, so its way is found first; the tie is decided at the first link."""
    links = [(0, 2, 2), (0, 1, 1), (1, 3, 2), (2, 3, 1)]
    found = cheapest_paths(network(4, *links), 0, 3, 2)

    assert told(found) == [(3, (0, 3)), (3, (1, 2))]


def test_links_of_no_length_are_walked_once():
    found = cheapest_paths(network(3, (0, 1, 0), (1, 0, 0), (1, 2, 0), (1, 1, 0)), 0, 2, 9)

    assert told(found) == [(0, (0, 2))]


def test_what_cannot_be_reached_has_no_way():
    assert cheapest_paths(network(3, (0, 1, 1), (2, 1, 1)), 0, 2, 3) == ()
    assert cheapest_paths(network(2), 0, 1, 3) == ()


def test_to_stay_is_the_only_way_to_where_one_is():
    assert told(cheapest_paths(network(2, (0, 1, 1), (1, 0, 1)), 0, 0, 3)) == [(0, ())]


def test_weights_may_be_as_large_as_the_words_allow():
    most = (2**62 - 1) // 9 - 1
    found = cheapest_paths(network(3, (0, 1, most), (1, 2, most), (0, 2, most)), 0, 2, 2)

    assert told(found) == [(most, (2,)), (2 * most, (0, 1))]
    with pytest.raises(InvalidInput, match="weight"):
        network(3, (0, 1, most + 1))


@pytest.mark.parametrize(
    ("given", "message", "fact"),
    [
        ({"n_nodes": 0}, "at least one node", ("nodes", 0)),
        ({"weight": np.array([1, -1])}, "negative", ("links", [1])),
        ({"weight": np.array([1.0, np.nan])}, "wrong type", ("column", "weight")),
        ({"weight": np.array([1.0, np.inf])}, "wrong type", ("column", "weight")),
        ({"weight": np.array([1, 2, 3])}, "wrong type or shape", ("column", "from_node")),
        ({"from_node": np.array([0, 3], INT32)}, "outside", ("links", [1])),
        ({"to_node": np.array([-1, 2], INT32)}, "outside", ("links", [0])),
        ({"to_node": np.array([1, 2], INT64)}, "wrong type", ("column", "to_node")),
    ],
)
def test_a_network_that_cannot_be_is_refused(given, message, fact):
    right = {
        "n_nodes": 3,
        "from_node": np.array([0, 1], INT32),
        "to_node": np.array([1, 2], INT32),
        "weight": np.array([1, 1]),
    }
    assert compile_graph(**right).n_nodes == 3

    with pytest.raises(InvalidInput, match=message) as caught:
        compile_graph(**right | given)
    assert caught.value.facts[fact[0]] == fact[1]


@pytest.mark.parametrize(
    ("source", "target", "k"), [(-1, 1, 1), (0, 2, 1), (0, 1, 0), (0, 1, MOST_PATHS + 1)]
)
def test_a_question_that_cannot_be_is_refused(source, target, k):
    with pytest.raises(InvalidInput):
        cheapest_paths(network(2, (0, 1, 1)), source, target, k)


def test_nothing_is_changed_and_the_same_question_has_the_same_answer():
    weight = np.array([3, 1, 1])
    from_node, to_node = np.array([0, 0, 1], INT32), np.array([2, 1, 2], INT32)
    ours = compile_graph(3, from_node, to_node, weight)
    before = [column.copy() for column in ours.graph]

    first = cheapest_paths(ours, 0, 2, 5)

    assert cheapest_paths(ours, 0, 2, 5) == first
    assert all((a == b).all() for a, b in zip(before, ours.graph, strict=True))
    assert weight.tolist() == [3, 1, 1]
