"""The front's instance for pyraptor's McRAPTOR, and its answer as arrivals and prices.

A (place, mode) is two stops, where one arrives and where one departs, so that a transfer inside
one mode takes its time too. RAPTOR boards the first departure of a route, which is exact where
none overtakes another: the departures of a service are spread over as many routes as that
needs. Its transfers have no fare; the one method that walks them is written again here with one.
"""

from __future__ import annotations

from copy import copy

from loguru import logger
from pyraptor.model.mcraptor import McRaptorAlgorithm
from pyraptor.model.structures import (
    Bag,
    Label,
    Route,
    Routes,
    Stop,
    Stops,
    Timetable,
    Trip,
    TripStopTime,
)

from karvan.engines.routing.front import FrontQuery
from karvan.network.activity_times import NO_TRANSFER, ActivityTimes
from karvan.network.indexed import ConnectionArrays, SegmentArrays

#: More than any way has legs; the search ends by itself when a round improves nothing.
ROUNDS = 40


class Peer:
    """Loaded once; then one question after another."""

    def __init__(
        self,
        segments: SegmentArrays,
        connections: ConnectionArrays,
        times: ActivityTimes,
        through_price: list[int],
        transfer_price: list[list[list[int]]],
    ) -> None:
        logger.disable("pyraptor")
        assert (connections.previous == -1).all()
        self.gate = times.transfer_min.shape[1] - 1
        self.minutes = times.transfer_min.tolist()
        self.price = transfer_price
        self.stops = Stops()
        n_places = times.transfer_min.shape[0]
        pairs = [(place, mode) for place in range(n_places) for mode in range(self.gate)]
        self.arriving = {at: self.stops.add(Stop(id=("to", *at))) for at in pairs}
        self.departing = {at: self.stops.add(Stop(id=("from", *at))) for at in pairs}
        self.routes = self._routes(segments, connections, times, through_price)
        walks = {
            self.arriving[place, mode]: [
                (self.departing[place, onward], self.minutes[place][mode][onward], fare)
                for onward, fare in enumerate(transfer_price[place][mode][: self.gate])
                if self.minutes[place][mode][onward] != NO_TRANSFER
            ]
            for place, mode in pairs
        }
        self.search = _Search(Timetable(stops=self.stops, routes=self.routes), walks)

    def _routes(
        self,
        segments: SegmentArrays,
        connections: ConnectionArrays,
        times: ActivityTimes,
        through_price: list[int],
    ) -> Routes:
        """One route for each run of departures of a segment in which none overtakes another."""
        routes = Routes()
        last: dict[int, list[tuple[int, Route]]] = {}  # by segment: arrival, route
        columns = (connections.segment, connections.departs_min, connections.arrives_min)
        for number, (s, departs, arrives) in enumerate(
            zip(*(column.tolist() for column in columns), strict=True)
        ):
            start = self.departing[int(segments.from_place[s]), int(segments.mode[s])]
            end = self.arriving[int(segments.to_place[s]), int(segments.mode[s])]
            runs = last.setdefault(s, [])
            at = next((i for i, (arrival, _) in enumerate(runs) if arrival <= arrives), len(runs))
            if at == len(runs):
                route = Route(id=len(routes.set_idx))
                route.add_stop(start)
                route.add_stop(end)
                routes.set_idx[route.id] = route
                routes.stop_to_routes[start].append(route)
                runs.append((0, route))
            runs[at] = (arrives, runs[at][1])
            trip = Trip(id=number)
            by = departs - int(times.cutoff_min[segments.service[s]])
            trip.add_stop_time(TripStopTime(trip, 0, start, by, by, through_price[s]))
            trip.add_stop_time(TripStopTime(trip, 1, end, arrives, arrives, 0))
            runs[at][1].add_trip(trip)
        return routes

    def front(self, query: FrontQuery) -> list[tuple[int, int]]:
        """Arrivals and prices that no other way beats."""
        bags = {stop: Bag() for stop in self.stops}
        begin = []
        for place in query.origins:
            for mode in range(self.gate):
                minutes = self.minutes[place][self.gate][mode]
                if minutes != NO_TRANSFER:
                    stop = self.departing[place, mode]
                    fare = self.price[place][self.gate][mode]
                    bags[stop].add(Label(query.ready_min + minutes, fare, None, stop))
                    begin.append(stop)
        # The search adds a label of its own to each of these; nothing departs so late.
        rounds, used = self.search.run(begin, 2**40, ROUNDS, bags)
        assert used < ROUNDS
        found = set()
        for place in query.destinations:
            for mode in range(self.gate):
                minutes = self.minutes[place][mode][self.gate]
                for label in rounds[used][self.arriving[place, mode]].labels:
                    if minutes != NO_TRANSFER:
                        arrival = int(label.earliest_arrival_time) + minutes
                        found.add((arrival, int(label.fare) + self.price[place][mode][self.gate]))
        front: list[tuple[int, int]] = []
        for arrival, price in sorted(found):
            if not front or price < front[-1][1]:
                front.append((arrival, price))
        return front


class _Search(McRaptorAlgorithm):
    """As it is, but for the fare of transfers and for looking only at those that exist."""

    def __init__(
        self, timetable: Timetable, walks: dict[Stop, list[tuple[Stop, int, int]]]
    ) -> None:
        super().__init__(timetable)
        self.walks = walks

    def add_transfer_time(self, bag_round_stop, k, marked_stops):
        marked = set()
        bags = copy(bag_round_stop[k])
        for stop in marked_stops:
            for other, minutes, fare in self.walks.get(stop, ()):
                walked = Bag(
                    [
                        label.update(label.earliest_arrival_time + minutes, fare, stop)
                        for label in bags[stop].labels
                    ]
                )
                bags[other] = bags[other].merge(walked)
                if bags[other].update:
                    marked.add(other)
        bag_round_stop[k] = bags
        return bag_round_stop, marked
