"""The general way to the same answers: networkx on a graph of who can follow whom.

A node is a connection; a line joins two where cargo may go from one to the other, and weighs
the handling in between and the riding after. This knows nothing of labels or platforms.
"""

import networkx as nx
from hypothesis import given, settings

from karvan.engines.routing.earliest import compile_departures, find_earliest
from karvan.engines.routing.front import search_front
from karvan.network.activity_times import NO_TRANSFER
from karvan.network.regimes import FORBIDDEN
from routing_cases import Case, cases

EXAMPLES = settings(max_examples=60, deadline=None)
START, END = "start", "end"


def expanded(case: Case, *, lift_rules: bool = False) -> nx.DiGraph:
    """Of one zone without charges and one regime; lines weigh their price."""
    segments, table, times, query = case.segments, case.connections, case.times, case.query
    gate = times.transfer_min.shape[1] - 1
    graph = nx.DiGraph()
    graph.add_nodes_from([START, END])

    def join(one, other, place, arriving, onward, ready, by, riding):
        minutes = times.transfer_min[place, arriving, onward]
        if minutes != NO_TRANSFER and ready + minutes <= by:
            price = int(case.tariffs.transfer_price[0, place, arriving, onward]) + riding
            graph.add_edge(one, other, price=price)

    for c, s in enumerate(table.segment):
        place, mode = segments.from_place[s], segments.mode[s]
        riding = int(case.tariffs.through_price[0, s] + case.regimes.price[s, 0])
        by = table.departs_min[c] - times.cutoff_min[segments.service[s]]
        refused = case.regimes.refusal[s] or case.regimes.step[s, 0] == FORBIDDEN
        late = table.departs_min[c] > query.latest_departure_min
        if late or (refused and not lift_rules):
            continue
        if place in query.origins:
            join(START, c, place, gate, mode, query.ready_min, by, riding)
        for b, before in enumerate(table.segment):
            if segments.to_place[before] == place:
                arrived = table.arrives_min[b]
                join(b, c, place, segments.mode[before], mode, arrived, by, riding)
        if table.previous[c] >= 0:
            graph.add_edge(int(table.previous[c]), c, price=riding)
        if segments.to_place[s] in query.destinations:
            join(c, END, segments.to_place[s], mode, gate, 0, 2**40, 0)
    return graph


@EXAMPLES
@given(cases(plain=True))
def test_the_earliest_arrival_is_the_first_node_that_can_be_reached(case):
    graph = expanded(case, lift_rules=True)
    gate = case.times.transfer_min.shape[1] - 1
    reached = nx.descendants(graph, START) - {END}
    arrivals = []
    for c in reached & set(graph.predecessors(END)):
        s = case.connections.segment[c]
        place, mode = case.segments.to_place[s], case.segments.mode[s]
        arrivals.append(
            int(case.connections.arrives_min[c] + case.times.transfer_min[place, mode, gate])
        )

    front = case.answer(search_front, criteria=2, lift_rules=True).itineraries
    found = find_earliest(
        compile_departures(case.segments, case.connections, case.times),
        origins=case.query.origins,
        destinations=case.query.destinations,
        ready_min=case.query.ready_min,
        latest_departure_min=case.query.latest_departure_min,
    )
    assert min((i.arrives_min for i in front), default=None) == min(arrivals, default=None)
    assert (found and found.arrives_min) == min(arrivals, default=None)


@EXAMPLES
@given(cases(plain=True))
def test_the_cheapest_price_is_the_shortest_path(case):
    try:
        cheapest = nx.dijkstra_path_length(expanded(case), START, END, "price")
    except nx.NetworkXNoPath:
        cheapest = None

    front = case.answer(search_front, criteria=2).itineraries
    assert min((i.price_micro for i in front), default=None) == cheapest
