"""The walk through an itinerary, all samples at once, as machine code.

numba stamps its cache with the file of the compiled function alone: what is compiled here
uses nothing of other modules but numbers handed in.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

#: What an element is: a row of minutes, a wait for a timetable, a port, an office, a closed thing.
DRAWN: Final = 0
TIMETABLE: Final = 1
CLOSURE: Final = 2
OFFICE: Final = 3
REOPENING: Final = 4

_DAY_MIN: Final = 1440

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def _compiled(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    return cast("Callable[Parameters, Result]", njit(cache=True, nogil=True)(function))


@_compiled
def month_of(minute: int) -> int:
    """Month of a minute since 1970-01-01T00:00Z, 0 for January.

    Counts days from 1 March of the year 0, so that a leap day is the last of a year; 400
    years have 146,097 days, 5 months from March on 153.
    """
    days = minute // _DAY_MIN + 719_468
    of_era = days % 146_097
    year = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    return ((5 * of_year + 2) // 153 + 2) % 12


@_compiled
def first_from(table: NDArray[np.float64], start: int, size: int, value: float) -> int:
    """Index within a stretch of an ascending table of the first entry >= value, or `size`."""
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        if table[start + middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@_compiled
def _timetable(
    start: int,
    size: int,
    out: NDArray[np.float64],
    table: NDArray[np.float64],
    elapsed: NDArray[np.float64],
    beyond: NDArray[np.bool_],
) -> None:
    """Wait for the first departure at or after the cutoff; the table: slack, gap, departures."""
    slack, gap = table[start], table[start + 1]
    first, known = start + 2, size - 2
    last = table[first + known - 1]
    for n in range(elapsed.size):
        needed = elapsed[n] + slack
        i = first_from(table, first, known, needed)
        if i < known:
            caught = table[first + i]
        else:
            beyond[n] = True
            caught = last + math.ceil((needed - last) / gap) * gap
        out[n] = max(caught - elapsed[n], 0.0)


@_compiled
def _closure(
    ready_min: int,
    level: NDArray[np.float64],
    left: NDArray[np.float64],
    out: NDArray[np.float64],
    start: int,
    table: NDArray[np.float64],
    elapsed: NDArray[np.float64],
) -> None:
    """Wait for what is left of a closure; the table: shares of the twelve months."""
    for n in range(elapsed.size):
        month = month_of(math.floor(ready_min + elapsed[n]))
        out[n] = left[n] if level[n] < table[start + month] else 0.0


@_compiled
def _office(
    start: int,
    size: int,
    out: NDArray[np.float64],
    table: NDArray[np.float64],
    elapsed: NDArray[np.float64],
    ready_min: int,
) -> None:
    """Wait for an opening; the table: all closings, then all openings and the end."""
    known = (size - 1) // 2
    for n in range(elapsed.size):
        at = ready_min + elapsed[n]
        i = first_from(table, start, known, at)
        if i < known and table[start + i] == at:
            i += 1
        out[n] = max(table[start + known + i] - at, 0.0)


@_compiled
def _reopening(
    ready_min: int,
    opens: NDArray[np.float64],
    out: NDArray[np.float64],
    start: int,
    table: NDArray[np.float64],
    elapsed: NDArray[np.float64],
) -> None:
    """Wait until something opens; the table: since when it is closed."""
    for n in range(elapsed.size):
        at = ready_min + elapsed[n]
        out[n] = opens[n] - at if table[start] <= at < opens[n] else 0.0


@_compiled
def expected_at(
    drawn: NDArray[np.float64],
    rows: NDArray[np.int64],
    chosen: NDArray[np.int64],
    totals: NDArray[np.float64],
    at: float,
) -> NDArray[np.float64]:
    """Expected minutes (E,) of each element where the total is `at`, by a straight line.

    The line of least squares through the chosen samples of the element's row of `drawn`
    (R, N) against their totals (N,), read at `at`; below 0 it is 0.
    """
    middle = 0.0
    for n in chosen:
        middle += totals[n]
    middle /= chosen.size
    square = 0.0
    for n in chosen:
        square += (totals[n] - middle) ** 2
    out = np.zeros(rows.size)
    for e in range(rows.size):
        mean, product = 0.0, 0.0
        for n in chosen:
            mean += drawn[rows[e], n]
            product += drawn[rows[e], n] * (totals[n] - middle)
        slope = product / square if square > 0 else 0.0
        out[e] = max(mean / chosen.size + slope * (at - middle), 0.0)
    return out


@_compiled
def walk(
    ready_min: int,
    program: NDArray[np.int64],
    table: NDArray[np.float64],
    drawn: NDArray[np.float64],
    elapsed: NDArray[np.float64],
    beyond: NDArray[np.bool_],
) -> None:
    """Walk N samples through E elements; adds to `elapsed`, writes the waits into `drawn`.

    Parameters
    ----------
    ready_min
        Minutes since the epoch; times in `table` are since ready, of offices since the epoch.
    program
        (E, 6): what the element is; its row of `drawn`; start and size of its stretch of
        `table`; of a closure the rows of its level and of what is left of it, of a reopening
        the row of when it is.
    table
        Numbers of all elements, end to end.
    drawn
        (R, N) minutes; rows of waits are written here.
    elapsed, beyond
        (N,) minutes since ready, and whether a timetable ended.
    """
    for e in range(program.shape[0]):
        out = drawn[program[e, 1]]
        start, size = program[e, 2], program[e, 3]
        if program[e, 0] == TIMETABLE:
            _timetable(start, size, out, table, elapsed, beyond)
        elif program[e, 0] == CLOSURE:
            level, left = drawn[program[e, 4]], drawn[program[e, 5]]
            _closure(ready_min, level, left, out, start, table, elapsed)
        elif program[e, 0] == OFFICE:
            _office(start, size, out, table, elapsed, ready_min)
        elif program[e, 0] == REOPENING:
            _reopening(ready_min, drawn[program[e, 4]], out, start, table, elapsed)
        for n in range(elapsed.size):
            elapsed[n] += out[n]
