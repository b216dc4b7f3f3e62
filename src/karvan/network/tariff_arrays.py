"""The tariff book of one cargo on one day, as the search reads it.

A railway charges for the way between the point where the goods enter its *tariff zone* and
the point where they leave it, by its own distance table, whatever line the train took. So a
label of the search carries the open charge as a pair (zone, entry), and the charge is added
when the zone is left. Nothing is assumed about the charge but that it depends on (zone,
entry, exit): no additivity over links, no growth with distance.

Carriers may also charge together: a *joint tariff* asks one amount for the way between two
points, whoever of its members carries, and that amount includes what is done at the borders
and transfers in between. Under a joint tariff its members' lines are one zone. So there are F
*tariff systems*: system 0 is the national tariffs alone, system f >= 1 puts one joint tariff in
their place where its members carry. Each segment of a way is ridden under one system, and the
search takes the cheapest choice for the whole way.

Amounts are whole micro-units of the quote currency (1 USD = 1,000,000), so that sums are
exact and a label's price equals the sum of the price lines before rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: In `charge` and `through_price`: the book has no rate for this cargo here.
NO_RATE: Final = -1

#: In `exit_place`: the segment begins and ends in one zone and never leaves it.
STAYS: Final = -1

#: The tariff system in which every carrier charges by its own tariff.
NATIONAL: Final = 0

MICRO_PER_UNIT: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffArrays:
    """What S segments and P places cost this cargo under F tariff systems, Z zones.

    Attributes
    ----------
    leaves_zone
        (F, S) zone in which the segment begins: a national one, or in row f the zone of f.
    exit_place
        (F, S) place at which `leaves_zone` is left, or `STAYS`.
    through_price
        (F, S) micro: zones crossed from border to border in between, and the charges at
        borders and gauge changes passed on board, without those that the joint tariff
        includes. Due whenever the segment is ridden under the system. `NO_RATE` where it
        cannot be.
    enters_zone
        (F, S) zone in which the segment ends; equals `leaves_zone` where it `STAYS`.
    entry_place
        (F, S) place at which `enters_zone` is entered, or -1 where the segment `STAYS`.
    charge
        (Z, P, P) micro for (zone, entry, exit), or `NO_RATE`.
    transfer_price
        (F, P, M+1, M+1) micro for handling from one mode to another; index M is the gate. Row f
        >= 1 where the charge of f stays open over the transfer: what f does not include. Row 0
        everywhere else, so at the gates and where a joint charge begins or ends.
    system_of_zone
        (Z,) tariff system a zone belongs to; each joint tariff has exactly one zone.

    Notes
    -----
    Riding segment s under system f from place p with the open charge (z, e), nothing open
    being z = -1::

        if z != leaves_zone[f, s]:  price += charge[z, e, p]; z, e = leaves_zone[f, s], p
        if exit_place[f, s] != STAYS:
            price += charge[z, e, exit_place[f, s]]
            z, e = enters_zone[f, s], entry_place[f, s]
        price += through_price[f, s]

    and at the destination d: price += charge[z, e, d]. Nothing open costs nothing; a charge of
    `NO_RATE` refuses the way. A transfer between two services of one zone keeps the charge
    open: one consignment note. So the price of a way follows from its segments and the systems
    they are ridden under.

    Before segment s under f the transfer at p is priced by row g of `transfer_price` if the
    zone z is that of a joint tariff g and stays open (g = f, z = leaves_zone[f, s]), else by
    row 0. On board a train between two segments there is no transfer, and the system may
    change there too.
    """

    leaves_zone: NDArray[np.int32]
    exit_place: NDArray[np.int32]
    through_price: NDArray[np.int64]
    enters_zone: NDArray[np.int32]
    entry_place: NDArray[np.int32]
    charge: NDArray[np.int64]
    transfer_price: NDArray[np.int64]
    system_of_zone: NDArray[np.int32]
