"""Many possible courses of an itinerary, and of all alternatives of one quote.

Letters: N samples, E elements of the plan. Times inside are minutes since the cargo was
ready, as floats; instants that leave are minutes since 1970-01-01T00:00Z.

What the model assumes: a missed departure means the next one of the same service, and nothing
is re-routed inside a sample. `reference` says the same in plain numpy.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from karvan.domain.errors import InvalidInput
from karvan.engines.transit_time.durations import (
    LONE_GAP_MIN,
    ROUNDING_MIN,
    activity_min,
    closure_left_min,
    closure_level,
    cutoff_min,
    headway_wait_min,
    reopening_min,
)
from karvan.engines.transit_time.sampled import SampledItinerary
from karvan.network.activities import (
    Activity,
    ClosureWait,
    Element,
    ItineraryPlan,
    OfficeWait,
    ReopeningWait,
    Wait,
)

MAX_SAMPLES: Final = 100_000

#: Rows of draws kept between quotes, if not longer than this: at most 16 MiB.
_KEPT_ROWS: Final = 2_048
_KEPT_COUNT: Final = 1_024

_FIRST_ROWS: Final = 256

#: Minutes (N,), their median and their mean.
Row = tuple[NDArray[np.float64], float, float]
Draw = Callable[[Element, int, int], Row]


def sample(plan: ItineraryPlan, *, samples: int, seed: int) -> SampledItinerary:
    """Draw `samples` courses of a plan.

    Parameters
    ----------
    plan
        Ready time and E elements in order; E may be 0.
    samples
        N, from 1 to `MAX_SAMPLES`.
    seed
        Any integer. Equal input gives equal bytes.

    Returns
    -------
    SampledItinerary
        Minutes elapsed (N,) and hours (E, N).

    Raises
    ------
    InvalidInput
        N is out of range, or an element makes no sense: a time that is negative or not
        finite, departures that are missing or not ascending, a share outside [0, 1].

    Notes
    -----
    With t the time reached so far and all draws from `streams`:

    - an activity takes ``median * exp(sigma * z)``, z partly common to all that happens there;
    - a wait with a timetable ends at the first departure d with ``t + cutoff <= d``;
    - a wait with a headway takes the cutoff and then what is left of the interval between
      two departures, gamma with that mean and coefficient of variation;
    - a port is closed with the share of the month (UTC) of t; then the wait is what is left
      of a lognormal closure, otherwise 0;
    - an office that is shut at t makes wait until it opens;
    - what is closed from an instant on makes wait until it opens, which is drawn from a triangle.

    Draws depend on name, place, unit and planned day of an element, not on what comes before
    it. So later cargo never overtakes earlier cargo, with one exception: where closed shares
    differ by month, who comes a minute later may find the port open that was closed before
    midnight.
    """
    return Sampler(samples=samples, seed=seed).sample(plan)


class Sampler:
    """Samples the alternatives of one quote, drawing what they share once.

    Not for several threads at a time; what it gives stays as it is.
    """

    def __init__(self, *, samples: int, seed: int) -> None:
        if not 1 <= samples <= MAX_SAMPLES:
            raise InvalidInput("number of samples out of range", samples=samples, most=MAX_SAMPLES)
        self._samples = samples
        self._seed = seed
        self._drawn = np.empty((_FIRST_ROWS if samples <= _KEPT_COUNT else 32, samples))
        self._medians: list[float] = []
        self._means: list[float] = []
        self._row_of: dict[object, int] = {}
        self._met: dict[int, tuple[Element, int]] = {}

    def sample(self, plan: ItineraryPlan) -> SampledItinerary:
        """As the function `sample`."""
        # The compiler comes with it: whoever draws nothing need not wait for that.
        from karvan.engines.transit_time import walk

        program = np.zeros((len(plan.elements), 6), dtype=np.int64)
        table: list[float] = []
        waits: list[int] = []
        rows: list[int] = []
        for e, element in enumerate(plan.elements):
            if isinstance(element, Activity) or (
                isinstance(element, Wait) and element.headway_h is not None
            ):
                rows.append(self._element(element))
                continue
            start = len(table)
            table.extend(self._numbers(program[e], element, plan.ready_min))
            rows.append(self._new_row())
            program[e, 2:4] = start, len(table) - start
            waits.append(e)
        program[:, 1] = rows
        elapsed = np.zeros(self._samples)
        beyond = np.zeros(self._samples, dtype=np.bool_)
        walk.walk(plan.ready_min, program, np.array(table), self._drawn, elapsed, beyond)
        for e in waits:
            self._medians[rows[e]] = median(self._drawn[rows[e]])
            self._means[rows[e]] = float(self._drawn[rows[e]].mean())
        return SampledItinerary(
            ready_min=plan.ready_min,
            elements=plan.elements,
            elapsed_min=elapsed,
            drawn=self._drawn,
            rows=program[:, 1].copy(),
            median_min=tuple([self._medians[row] for row in rows]),
            mean_min=tuple([self._means[row] for row in rows]),
            notes=plan.notes,
            beyond_timetable=beyond,
        )

    def _numbers(
        self, instruction: NDArray[np.int64], element: Element, ready_min: int
    ) -> list[float]:
        """Fill in what an element is, and give its numbers for the walk."""
        from karvan.engines.transit_time import walk

        if isinstance(element, ClosureWait):
            instruction[0] = walk.CLOSURE
            instruction[4] = self._row(_level_row, element)
            instruction[5] = self._row(_left_row, element)
            return list(element.closed_share)
        if isinstance(element, ReopeningWait):
            instruction[0] = walk.REOPENING
            instruction[4] = self._row(_reopening_row, element)
            return [float(element.from_min)]
        if isinstance(element, OfficeWait):
            instruction[0] = walk.OFFICE
            openings = element.openings
            return [
                *openings.closes_min.tolist(),
                *openings.opens_min.tolist(),
                openings.until_min,
            ]
        assert isinstance(element, Wait), "elements with rows of their own are drawn"
        instruction[0] = walk.TIMETABLE
        return _timetable(element, ready_min)

    def _element(self, element: Element) -> int:
        """As `_row`; a plan made of kept parts asks for the very same object again.

        What was asked for is held, so no other object takes its address meanwhile.
        """
        met = self._met.get(id(element))
        if met is not None:
            return met[1]
        row = self._row(_element_row, element)
        self._met[id(element)] = (element, row)
        return row

    def _row(self, draw: Draw, element: Element) -> int:
        """Row of an element that does not depend on when it is reached, drawn once."""
        key = (draw, element)
        row = self._row_of.get(key)
        if row is None:
            make = _kept if self._samples <= _KEPT_COUNT else _made
            minutes, middle, mean = make(draw, element, self._samples, self._seed)
            row = self._row_of[key] = self._new_row()
            self._drawn[row] = minutes
            self._medians[row] = middle
            self._means[row] = mean
        return row

    def _new_row(self) -> int:
        row = len(self._medians)
        if row == self._drawn.shape[0]:
            more = np.empty((2 * row, self._samples))
            more[:row] = self._drawn
            self._drawn = more
        self._medians.append(0.0)
        self._means.append(0.0)
        return row


def median(minutes: NDArray[np.float64]) -> float:
    """Median of N numbers by nearest rank: the one numbered ceil(N / 2) in order."""
    rank = (minutes.size - 1) // 2
    return float(np.partition(minutes, rank)[rank])


def _timetable(wait: Wait, ready_min: int) -> list[float]:
    """Slack, mean gap and departures since ready.

    After the last known departure the service goes on at the mean gap of the list, or at a
    week's gap where that is not defined.
    """
    departs = np.array(wait.departs_min, dtype=np.int64) - ready_min
    if departs.size == 0 or (np.diff(departs) < 0).any():
        raise InvalidInput(
            "departures must be known and ascending", place=wait.place, service=wait.service
        )
    minutes = departs.astype(np.float64).tolist()
    gap = (minutes[-1] - minutes[0]) / (len(minutes) - 1) if len(minutes) > 1 else 0.0
    return [cutoff_min(wait) - ROUNDING_MIN, gap if gap > 0 else LONE_GAP_MIN, *minutes]


def _element_row(element: Element, samples: int, seed: int) -> Row:
    assert isinstance(element, Activity | Wait), "only these have rows of their own"
    if isinstance(element, Activity):
        minutes = activity_min(element, samples, seed)
    else:
        minutes = headway_wait_min(element, samples, seed)
    return minutes, median(minutes), float(minutes.mean())


def _level_row(element: Element, samples: int, seed: int) -> Row:
    assert isinstance(element, ClosureWait), "only a port is closed"
    return closure_level(element, samples, seed), 0.0, 0.0


def _left_row(element: Element, samples: int, seed: int) -> Row:
    assert isinstance(element, ClosureWait), "only a port is closed"
    return closure_left_min(element, samples, seed), 0.0, 0.0


def _reopening_row(element: Element, samples: int, seed: int) -> Row:
    assert isinstance(element, ReopeningWait), "only what is closed opens"
    return reopening_min(element, samples, seed), 0.0, 0.0


def _made(draw: Draw, element: Element, samples: int, seed: int) -> Row:
    return draw(element, samples, seed)


_kept = lru_cache(maxsize=_KEPT_ROWS)(_made)
