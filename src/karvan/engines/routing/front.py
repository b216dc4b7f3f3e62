"""All ways worth offering: the exact front of a request on dated departures.

Letters: P places, M modes (index M is the gate), V services, S segments, C connections,
Z tariff zones, Q regimes, F tariff systems.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from karvan.domain.errors import InvalidInput
from karvan.engines.routing.bounds import LARGEST_AMOUNT
from karvan.engines.routing.checks import Corridor, Sizes, check_columns
from karvan.engines.routing.itinerary import (
    Front,
    Itinerary,
    check_criteria,
    pareto,
    rank,
    read_front,
)
from karvan.engines.routing.kept import Kept
from karvan.engines.routing.layout import Int64s
from karvan.engines.routing.preparation import (
    Laid,
    Target,
    aim,
    ask_of,
    find_charges_ahead,
    lay,
    lay_platforms,
    lay_state,
    roots_of,
)
from karvan.engines.routing.query import FrontQuery
from karvan.engines.routing.scan import scan
from karvan.engines.routing.timetable import SortedTimetable, sort_timetable
from karvan.network.activity_times import ActivityTimes, FootprintArrays
from karvan.network.indexed import ConnectionArrays, SegmentArrays
from karvan.network.regimes import RegimeAutomaton
from karvan.network.tariff_arrays import TariffArrays

__all__ = [
    "Front",
    "FrontQuery",
    "Itinerary",
    "SearchNetwork",
    "compile_search",
    "pareto",
    "rank",
    "search_front",
]

#: Sets of destinations for which one network keeps the bounds. Each takes 32 P (M + 1) bytes,
#: 8 P (Z + 1) and a flag for each segment and platform: some tens of kilobytes.
_KEPT_TARGETS: Final = 64


class SearchNetwork:
    """A corridor for one cargo on one day, laid out for any number of questions.

    Made by `compile_search`. Answers depend on the columns and the question alone; what is
    kept in between (the bounds to each set of destinations) only saves time. Threads may ask
    the same network at once.
    """

    __slots__ = (
        "_ahead",
        "_corridor",
        "_laid",
        "_platforms",
        "_sizes",
        "_state",
        "_targets",
        "_timetable",
    )

    def __init__(self, corridor: Corridor, sizes: Sizes, timetable: SortedTimetable) -> None:
        self._corridor = corridor
        self._sizes = sizes
        self._timetable = timetable
        self._state = lay_state(corridor, sizes)
        self._laid: dict[bool, Laid] = {False: lay(corridor, sizes, timetable, lift_rules=False)}
        self._platforms = lay_platforms(sizes, self._laid[False].rates.ways)
        self._targets: Kept[Target] = Kept(_KEPT_TARGETS)
        self._ahead: Kept[Int64s] = Kept(_KEPT_TARGETS)

    def front(self, query: FrontQuery) -> Front:
        """Find what `search_front` finds.

        Raises
        ------
        InvalidInput
            The query names no place, a place outside the network, or one place twice.
        """
        _check_query(query, self._sizes)
        laid = self._lay(lift_rules=query.lift_rules)
        target = self._aim(laid, query)
        ask = ask_of(self._corridor, self._state, target, query)
        roots = roots_of(self._corridor, query, ask)
        found = scan(self._timetable.calls, laid.rates, target.goal, self._platforms, roots, ask)
        return read_front(found, self._corridor, ask)

    def changed(
        self,
        *,
        family: NDArray[np.int64] | None = None,
        tariffs: TariffArrays | None = None,
        regimes: RegimeAutomaton | None = None,
        times: ActivityTimes | None = None,
    ) -> SearchNetwork:
        """Give the network of the same departures with other columns.

        The timetable is not looked at again. `family` is (S,).

        Raises
        ------
        InvalidInput
            As `compile_search`.
        """
        old = self._corridor
        corridor = Corridor(
            old.segments if family is None else replace(old.segments, family=family),
            old.connections,
            tariffs or old.tariffs,
            regimes or old.regimes,
            times or old.times,
            old.footprints,
        )
        sizes = check_columns(corridor, checked=old)
        network = SearchNetwork(corridor, sizes, self._timetable)
        if tariffs is None and sizes == self._sizes:
            network._ahead = self._ahead
        return network

    def _lay(self, *, lift_rules: bool) -> Laid:
        if lift_rules not in self._laid:
            self._laid[lift_rules] = lay(
                self._corridor, self._sizes, self._timetable, lift_rules=lift_rules
            )
        return self._laid[lift_rules]

    def _aim(self, laid: Laid, query: FrontQuery) -> Target:
        key = (tuple(sorted(query.destinations)), query.lift_rules)
        target = self._targets.find(key)
        if target is None or target.criteria < query.criteria:
            ahead = self._ahead.find(key)
            if ahead is None:
                ahead = find_charges_ahead(self._corridor.tariffs, self._sizes, query)
                self._ahead.put(key, ahead)
            target = aim(self._corridor, self._sizes, self._timetable, laid, ahead, query)
            self._targets.put(key, target)
        return target


def compile_search(
    segments: SegmentArrays,
    connections: ConnectionArrays,
    tariffs: TariffArrays,
    regimes: RegimeAutomaton,
    times: ActivityTimes,
    footprints: FootprintArrays,
) -> SearchNetwork:
    """Check the columns and lay them out, once for any number of questions.

    The arrays are kept, not copied: whoever changes one afterwards gets wrong answers.

    Raises
    ------
    InvalidInput
        A column has the wrong type, shape or range, or the timetable is out of order.
    """
    corridor = Corridor(segments, connections, tariffs, regimes, times, footprints)
    sizes = check_columns(corridor)
    timetable = sort_timetable(segments, connections, sizes.places, sizes.modes)
    return SearchNetwork(corridor, sizes, timetable)


def search_front(
    segments: SegmentArrays,
    connections: ConnectionArrays,
    tariffs: TariffArrays,
    regimes: RegimeAutomaton,
    times: ActivityTimes,
    footprints: FootprintArrays,
    query: FrontQuery,
) -> Front:
    """Find, for every set of corridor families, all itineraries that no other one beats.

    For one question; `compile_search` does once for many what does not depend on the question.

    Parameters
    ----------
    segments, connections, tariffs, regimes, times, footprints
        The corridor for this cargo on this day; all amounts and times >= 0 (transfers and
        charges may be impossible). Nothing is changed.
    query
        What is asked.

    Returns
    -------
    Front
        Exact unless `bounded`; empty where no way exists.

    Raises
    ------
    InvalidInput
        A column has the wrong type, shape or range, the timetable is out of order, or the
        query names no place, a place outside the network, or one place twice.

    Notes
    -----
    An itinerary is a sequence of connections c1..cn from an origin o to a destination d, each
    starting where the one before ended. With T the minutes, A the price of a transfer
    (place, mode, mode), M the gate, s[i] the segment of ci, m[i] its mode, v[i] its service::

        ready[1]   = ready_min + T[o, M, m[1]]
        ready[i]   = arrives[c(i-1)] + T[from[s[i]], m[i-1], m[i]]
        boarding   : ready[i] + cutoff[v[i]] <= departs[ci]
        on board   : previous[ci] = c(i-1); no transfer, no cut-off, no wait
        arrival    = arrives[cn] + T[d, m[n], M]

        price  = sum A + sum through_price[s[i]] + sum regime_price[s[i], q[i]]
               + one charge (zone, entry, exit) for each tariff zone in turn,
                 A and through_price under the tariff systems f[1]..f[n] chosen
        CO2e   = sum over transfers and segments
        spread = sum over transfers, boardings and segments
        family = union over segments
        q[1] = start[o],  q[i+1] = step[s[i], q[i]]

    The charges follow the rule of `TariffArrays`: a transfer inside one zone keeps the charge
    open, boarding a segment of another zone at p closes it with charge[z, e, p], the
    destination with charge[z, e, d]. Who can stay on board does: leaving and boarding the
    same departure again is never better.

    *Tariff systems.* An itinerary is the connections and the systems they are ridden under.
    A label with the charge of a joint tariff open goes over a transfer in two forms: with the
    charge still open, at the price that this tariff leaves over, for boarding what is in its
    zone; or with the charge closed, after ordinary handling, for boarding anything else. So
    at every platform it is settled what the transfer costs, and the state is enough to go on.
    A system that charges a segment as the national tariffs do is not tried there.

    *Labels.* A label is a way up to some point, with its state (zone, entry, regime, family).
    Of two labels of one state at one platform (place, mode), the one that is ready no later
    and is no worse in price (and CO2e, spread) can copy whatever the other does next, since
    all that is added from there on depends on the state alone. So the other one is dropped.
    Ways of different families are never compared. At the gate all destinations are one, and
    the state no longer counts; a way may pass through a destination and go on to another.

    *Ties.* Of itineraries of one family with equal criteria, the one with the fewest
    connections is kept, and of these the lexicographically smallest sequence of connections,
    then of systems. This is exact: where two labels agree in price (and CO2e, spread), the
    later one stays if its way is the smaller in that order, for then a common departure would
    make it the answer; appending a connection keeps the order.

    *Bounds.* A label is dropped too when it cannot reach a destination, or when all families
    of the network are in it and its amounts plus the least that the rest costs are strictly
    worse than an itinerary found. That least is a static shortest path for each criterion,
    charges left out, each cost under the system cheapest for it; for the price a shortest path
    in charges alone, from zone to zone, is added. With two criteria and one family the scan
    ends when the least price there can be has arrived. This changes the work, not the answer.

    *Departures.* What a segment costs does not depend on the departure. So who takes a later
    departure of the same segment, from the same platform in the same state, gains only if
    that train, or the trip it goes on with, is somewhere sooner. `renewal` names for each
    connection the next one of which this is true; all between are skipped until somebody else
    becomes ready at the platform, and then only who became ready since is considered.
    Of two trains that are equal the earlier one has the smaller sequence of connections.

    One pass over the connections in order of departure suffices, for an arrival is always
    later than its departure. It looks only at the connections that somebody can take: with
    two criteria the work is O(L log C) for L entries, times the segments that leave a
    platform and the states met there, and C / 32 words of a bit set; with four, what becomes
    ready is compared with what stands there. So more departures of the same services make a
    search little slower.

    References
    ----------
    J. Dibbelt, T. Pajor, B. Strasser, D. Wagner, *Connection Scan Algorithm*, ACM Journal of
    Experimental Algorithmics 23 (2018), section 4 (profiles and Pareto sets). The state and
    the order of ties are our additions.
    """
    network = compile_search(segments, connections, tariffs, regimes, times, footprints)
    return network.front(query)


def _check_query(query: FrontQuery, sizes: Sizes) -> None:
    check_criteria(query.criteria)
    places = query.origins + query.destinations
    if not query.origins or not query.destinations or len(set(places)) < len(places):
        raise InvalidInput(
            "origins and destinations are needed, none of them twice",
            origins=query.origins,
            destinations=query.destinations,
        )
    outside = [place for place in places if not 0 <= place < sizes.places]
    if outside:
        raise InvalidInput(
            "the query names a place outside the network", outside=outside, places=sizes.places
        )
    if not 0 <= query.required_families < 2**62:
        raise InvalidInput(
            "required families are a bit set", required_families=query.required_families
        )
    if query.label_limit < 1:
        raise InvalidInput("label limit must be >= 1", label_limit=query.label_limit)
    if max(abs(query.ready_min), abs(query.latest_departure_min)) > LARGEST_AMOUNT:
        raise InvalidInput(
            "no such instant",
            ready_min=query.ready_min,
            latest_departure_min=query.latest_departure_min,
        )
