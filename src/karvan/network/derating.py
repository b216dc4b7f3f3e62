"""How much less ships carry when the sea falls.

A ship that may not lie as deep leaves cargo behind: over the range that matters its load
falls in a straight line with the water. Each published pair of loads gives one line
(`Derating`); this module reads levels from dates and shares from levels.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from karvan.domain.errors import InvalidInput
from karvan.network.link_attributes import DepartureUnit, Derating, SeaLevel


def load_share(derating: Derating, level_m: float) -> float:
    """Share of the full load one ship type takes at a level; 1 at its full level and above.

    Falls in a straight line through `carried / design` at `at_level_m`, never below 0.
    """
    lost = 1 - derating.carried / derating.design
    depth_m = derating.full_level_m - derating.at_level_m
    return min(1.0, max(0.0, 1 - lost * (derating.full_level_m - level_m) / depth_m))


def loss_t_per_cm(derating: Derating) -> float:
    """Load left behind for each centimetre of fall, in the unit of the row (tonnes: t/cm)."""
    fall_cm = 100 * (derating.full_level_m - derating.at_level_m)
    return (derating.design - derating.carried) / fall_cm


def derated_capacity(
    deratings: Iterable[Derating],
    service_or_place: str,
    level_m: float,
    *,
    quantity: DepartureUnit | None = None,
    ship: str = "",
) -> float:
    """Share of a departure's capacity that is left at a level: the least of all rows.

    Parameters
    ----------
    quantity, ship
        Only rows of this unit or of this ship type; all by default.

    Returns
    -------
    A share in [0, 1]; 1 where no row speaks of the service or place.
    """
    shares = [
        load_share(row, level_m)
        for row in deratings
        if row.subject == service_or_place
        and quantity in (None, row.quantity)
        and ship in ("", row.ship)
    ]
    return min(shares, default=1.0)


def sea_level_m(levels: Iterable[SeaLevel], sea: str, day: date) -> float:
    """Level on a day: a straight line between the rows around it, the nearest row beyond.

    Raises
    ------
    InvalidInput
        No row tells of this sea.
    """
    rows: Sequence[SeaLevel] = sorted(
        (row for row in levels if row.sea == sea), key=lambda row: row.day
    )
    if not rows:
        raise InvalidInput("no level of this sea is known", sea=sea)
    if day <= rows[0].day:
        return rows[0].level_m
    for before, after in pairwise(rows):
        if day <= after.day:
            passed = (day - before.day).days / (after.day - before.day).days
            return before.level_m + passed * (after.level_m - before.level_m)
    return rows[-1].level_m
