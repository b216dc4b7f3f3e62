"""When what leaves in a period arrives: travel time in days, over periods of any length.

What leaves in period t leaves evenly over its days, so it arrives as evenly `travel` days later::

    share[t, s] = days of [begin[t] + travel, end[t] + travel] within period s  /  days of t

and the rest is still under way after the last period. The shares of a departure add up to 1. A
travel of 0 gives all to the period itself; one of n days, with periods of a day, all to the nth
after it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from karvan.engines.planner.problem import Floats, Indices, PlanningProblem

#: Decimals to which shares are rounded: a travel of whole periods has one share a departure.
_DECIMALS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """Shares of departures, by where they go on.

    Attributes
    ----------
    item, departs, arrives
        (E,) the item, the period in which it leaves, and the one in which the share of it
        arrives: T for after the last.
    share
        (E,) above 0; those of one item and departure add up to 1.
    """

    item: Indices
    departs: Indices
    arrives: Indices
    share: Floats


def arrivals(days: Floats, travel_d: Floats) -> Arrivals:
    """Spread what leaves in each of the periods, `days` (T,) long, over those it arrives in.

    Parameters
    ----------
    travel_d
        (N,) of each item, not negative.

    Notes
    -----
    Work grows with the travel times that differ times T squared, and with the entries.
    """
    edges = np.concatenate([[0.0], np.cumsum(days)])
    times, of = np.unique(travel_d, return_inverse=True)
    parts = [_of(np.flatnonzero(of == n), edges, float(time)) for n, time in enumerate(times)]
    item, departs, arrives = (
        np.concatenate([np.zeros(0, np.int64), *(part[i] for part in parts)]) for i in range(3)
    )
    share = np.concatenate([np.zeros(0), *(part[3] for part in parts)])
    return Arrivals(item=item, departs=departs, arrives=arrives, share=share)


def of(problem: PlanningProblem) -> Arrivals:
    """The arrivals of what goes in on each permission."""
    return arrivals(problem.period_days, problem.arcs.travel_d[problem.permissions.arc])


def after_the_end(problem: PlanningProblem, arriving: Arrivals | None = None) -> Floats:
    """Share (P, T) of what leaves in each period that is still under way after the last."""
    arriving = of(problem) if arriving is None else arriving
    late = arriving.arrives == problem.periods
    share: Floats = np.zeros((len(problem.permissions.arc), problem.periods))
    share[arriving.item[late], arriving.departs[late]] = arriving.share[late]
    return share


def steady_days(days: Floats, travel_d: Floats) -> Floats:
    """Days (N, T + 1) of an even flow that is under way before the first period, by its arrival.

    What left each way evenly for at least its travel time arrives in the periods so; the last
    column is what arrives after them.
    """
    edges = np.concatenate([[0.0], np.cumsum(days), [np.inf]])
    arrived = np.minimum(edges, travel_d[:, None])
    found: Floats = np.diff(arrived, axis=1)
    return found


def _of(items: Indices, edges: Floats, travel_d: float) -> tuple[Indices, Indices, Indices, Floats]:
    begin, days = edges[:-1, None], np.diff(edges)[:, None]
    until = np.clip((edges - begin - travel_d) / days, 0.0, 1.0)
    until = np.append(np.round(until, _DECIMALS), np.ones_like(days), axis=1)
    shares = np.diff(until, axis=1)
    departs, arrives = np.nonzero(shares)
    each = len(departs)
    return (
        np.repeat(items, each),
        np.tile(departs, len(items)),
        np.tile(arrives, len(items)),
        np.tile(shares[departs, arrives], len(items)),
    )
