"""The tariff book of one cargo on one day, as the search reads it.

A railway charges for the way between the point where the goods enter its *tariff zone* and
the point where they leave it, by its own distance table, whatever line the train took. So a
label of the search carries the open charge as a pair (zone, entry), and the charge is added
when the zone is left. Nothing is assumed about the charge but that it depends on (zone,
entry, exit): no additivity over links, no growth with distance.

Amounts are whole micro-units of the quote currency (1 USD = 1,000,000), so that sums are
exact and a label's price equals the sum of the price lines before rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: In `charge`: the book has no rate for this cargo between these two points.
NO_RATE: Final = -1

#: In `exit_place`: the segment begins and ends in one zone and never leaves it.
STAYS: Final = -1

MICRO_PER_UNIT: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffArrays:
    """What S segments and P places cost this cargo, Z zones.

    Attributes
    ----------
    leaves_zone
        (S,) zone in which the segment begins.
    exit_place
        (S,) place at which `leaves_zone` is left, or `STAYS`.
    through_price
        (S,) micro: zones crossed from border to border in between, and the charges at borders
        and gauge changes passed on board. Due whenever the segment is used.
    enters_zone
        (S,) zone in which the segment ends; equals `leaves_zone` where it `STAYS`.
    entry_place
        (S,) place at which `enters_zone` is entered, or -1 where the segment `STAYS`.
    charge
        (Z, P, P) micro for (zone, entry, exit), or `NO_RATE`.
    transfer_price
        (P, M+1, M+1) micro for handling from one mode to another; index M is the gate.

    Notes
    -----
    Taking segment s at place p with the open charge (z, e), nothing open being z = -1::

        if z != leaves_zone[s]:  price += charge[z, e, p] (if z >= 0); z, e = leaves_zone[s], p
        if exit_place[s] != STAYS:
            price += charge[z, e, exit_place[s]]
            z, e = enters_zone[s], entry_place[s]
        price += through_price[s]

    and at the destination d: price += charge[z, e, d]. A charge of `NO_RATE` refuses the way.
    A transfer between two services of one zone keeps the charge open: one consignment note.
    """

    leaves_zone: NDArray[np.int32]
    exit_place: NDArray[np.int32]
    through_price: NDArray[np.int64]
    enters_zone: NDArray[np.int32]
    entry_place: NDArray[np.int32]
    charge: NDArray[np.int64]
    transfer_price: NDArray[np.int64]
