"""What ports of ferries weigh: goods with the wagons, vehicles and boxes they come in.

Kuryk counted 75 t a wagon and 24 t a vehicle in 2023 (facts freight:F084, F085), more than a wagon
can be loaded with: wagons and vehicles are in the tonnes. What is told of a route or of a trade is
the goods alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from karvan.engines.planner.problem import Floats
from karvan.network.links import Mode
from karvan.services.planning.freight import EMPTIES
from karvan.services.planning.freight_base import Good

#: Tares, t. Source: data/rules/wagon_types.csv, truck_types.csv and container_types.csv, each the
#: most usual type; estimates of 22 to 27, 14 to 17 and 2.2 to 3.8.
WAGON_T: Final = 24.0
TRUCK_T: Final = 15.0
BOX_T: Final = 2.2
_T_PER_KT: Final = 1000.0
TRUCK: Final = "truck"

Flows = dict[tuple[str, str], Floats]
#: Name of the wagons that go back with nothing in them.
EMPTY_WAGONS: Final = "empty wagons"


def net_kt(units: Mapping[tuple[str, str], Floats], goods: Mapping[str, Good]) -> Flows:
    """Weigh the goods alone, in kt by link and good; an empty box is none."""
    return {
        (link, name): amounts * goods[name].t_per_unit / _T_PER_KT
        for (link, name), amounts in units.items()
        if name != EMPTIES
    }


def gross_kt(
    units: Mapping[tuple[str, str], Floats],
    goods: Mapping[str, Good],
    modes: Mapping[str, Mode],
    reverse: Mapping[str, str],
) -> Flows:
    """Weigh what links carry, with all that it comes in.

    Parameters
    ----------
    units
        By link and good, in units of the good by month.
    modes
        Of each link.
    reverse
        Link of the other way; wagons that came laden go back by it.

    Returns
    -------
    dict
        By link and good kt by month; beside the goods the wagons that go back empty.
    """
    found: Flows = {}
    for (link, name), amounts in units.items():
        good = goods[name]
        tare = TRUCK_T if good.unit == TRUCK else 0.0
        tare += BOX_T if good.unit == "TEU" and name != EMPTIES else 0.0
        found[link, name] = amounts * (good.t_per_unit + tare) / _T_PER_KT
    for key, wagons in wagons_of(units, goods, modes, reverse).items():
        found[key] = found.get(key, np.zeros(len(wagons))) + wagons * WAGON_T / _T_PER_KT
    return found


def wagons_of(
    units: Mapping[tuple[str, str], Floats],
    goods: Mapping[str, Good],
    modes: Mapping[str, Mode],
    reverse: Mapping[str, str],
) -> Flows:
    """Count wagons on rail ferries by link and good; all go back, empty if need be."""
    found: Flows = {}
    for (link, name), amounts in units.items():
        if modes[link] is Mode.RAIL_FERRY and goods[name].unit != TRUCK:
            found[link, name] = amounts * goods[name].wagons
    laden: dict[str, Floats] = {}
    for (link, _), wagons in found.items():
        laden[link] = laden.get(link, np.zeros(len(wagons))) + wagons
    for link, wagons in laden.items():
        back = reverse.get(link)
        if back is not None:
            came = laden.get(back, np.zeros(len(wagons)))
            found[back, EMPTY_WAGONS] = np.maximum(0.0, wagons - came)
    return found
