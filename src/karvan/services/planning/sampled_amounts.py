"""What a run tells beside its figures: amounts, costs, CO2e and prices of limits, each by place.

Each is named by what happens, where, of which good or trade, and in which unit, so that runs and
scenarios are compared name by name; what a run does not name is nothing in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from math import isnan
from typing import Final, NamedTuple

from karvan.services.planning.figures import (
    Trade,
    left_in,
    outlets,
    ways_out,
)
from karvan.services.planning.freight_telling import Carried, FreightTold
from karvan.services.planning.kazakh_months import Months
from karvan.services.planning.results import Bottleneck, CostOf, Results
from karvan.services.planning.study import Study

_KUSD_PER_MUSD: Final = 1000.0
_T_PER_KT: Final = 1000.0

#: Names of amounts by place and by month: of what is told first, and of the freight beside it.
WAYS_OUT, SOLD_AT = "ways out", "sold at"
BORDERS, DELIVERED = "freight over borders", "freight delivered"
LEFT_BEHIND, FREIGHT_LEFT = "left behind", "freight left behind"
#: Names of what the freight has alone, by good.
CORRIDOR, CORRIDOR_CO2E = "corridor", "CO2e by corridor"
CROSSING, STAYS = "crossing", "stays behind"
#: Names by trade: M USD, and kt of CO2e.
BY_CARRIER, BY_COUNTRY, BY_MODE = "cost by carrier", "cost by country", "CO2e by mode"
#: What one more of a limit would save in its dearest period, and on average where it binds.
WORTH, WORTH_USUALLY = "one more is worth", "one more is worth on average"
#: More than as if nothing happened or changed, over all months.
MORE, MORE_LEAVES, MORE_SHUT_IN = "more than without", "leaves by, more", "shut in at, more"


class Amount(NamedTuple):
    """What an amount is of; `good` is a good, a trade, or empty for all."""

    what: str
    of: str
    good: str = ""
    unit: str = "Mt"


def amounts_of(
    found: Study, parts: Mapping[Trade, Results], freight: FreightTold | None
) -> Iterator[tuple[Amount, float]]:
    """Every amount of a study, over all its months, of what is told in each trade."""
    for number, (trade, told) in enumerate(parts.items()):
        yield from _by_place(told, first=number == 0)
        yield from _costs(BY_CARRIER, trade, told.cost_by_carrier)
        yield from _costs(BY_COUNTRY, trade, told.cost_by_country)
        yield from _emitted(trade, told)
    if freight is not None:
        yield from _of_freight(freight)
    yield from _worth(next(iter(parts.values())))
    if found.compared:
        yield from _more(found.told, found.without)


def _by_place(told: Results, *, first: bool) -> Iterator[tuple[Amount, float]]:
    out, sold = (WAYS_OUT, SOLD_AT) if first else (BORDERS, DELIVERED)
    for what, table in ((out, ways_out(told)), (sold, outlets(told))):
        for of, amount in table.items():
            yield Amount(what, of), amount
    left = LEFT_BEHIND if first else FREIGHT_LEFT
    for month, amount in zip(told.months, left_in(told), strict=True):
        yield Amount(left, month), amount


def _costs(what: str, trade: Trade, rows: Iterable[CostOf]) -> Iterator[tuple[Amount, float]]:
    sums: dict[str, float] = defaultdict(float)
    for row in rows:
        sums[row.name] += row.cost_kusd / _KUSD_PER_MUSD
    for name, amount in sums.items():
        yield Amount(what, name, trade.value, "M USD"), amount


def _emitted(trade: Trade, told: Results) -> Iterator[tuple[Amount, float]]:
    """Kilotonnes of CO2e by mode; none of a mode of which nobody knows them all."""
    sums: dict[str, float] = defaultdict(float)
    for row in told.emissions:
        sums[row.mode] += float("nan") if row.co2e_t is None else row.co2e_t / _T_PER_KT
    for mode, amount in sums.items():
        if not isnan(amount):
            yield Amount(BY_MODE, mode, trade.value, "kt CO2e"), amount


def _of_freight(freight: FreightTold) -> Iterator[tuple[Amount, float]]:
    yield from _carried(CORRIDOR, freight.corridors)
    emitted: dict[str, float] = defaultdict(float)
    for row in freight.corridors:
        emitted[row.where] += row.co2e_kt
        yield Amount(CORRIDOR_CO2E, row.where, row.good, "kt CO2e"), row.co2e_kt
    for where, amount in emitted.items():
        yield Amount(CORRIDOR_CO2E, where, "", "kt CO2e"), amount
    yield from _carried(CROSSING, freight.crossings)
    stays: dict[Amount, float] = defaultdict(float)
    for left in freight.left:
        of = f"{left.origin}--{left.destination}"
        stays[Amount(STAYS, of, left.good, left.unit)] += left.unserved
    yield from stays.items()
    for bound in freight.bound:
        of = f"{bound.limit} {bound.of}"
        yield Amount(WORTH_USUALLY, of, "", f"1000 USD/{bound.unit}"), bound.worth


def _carried(what: str, rows: Iterable[Carried]) -> Iterator[tuple[Amount, float]]:
    """Each good in its unit, and all of them in kilotonnes."""
    whole: dict[str, float] = defaultdict(float)
    for row in rows:
        whole[row.where] += row.kt
        yield Amount(what, row.where, row.good, row.unit), row.amount
    for where, amount in whole.items():
        yield Amount(what, where, "", "kt"), amount


def _worth(told: Results) -> Iterator[tuple[Amount, float]]:
    """What one more of a limit saves where it saves most; below 0 where it costs."""
    dearest: dict[Amount, float] = {}
    for row in told.bottlenecks:
        name = worth_of(row)
        dearest[name] = max(row.worth_kusd, dearest.get(name, row.worth_kusd))
    yield from dearest.items()


def worth_of(row: Bottleneck) -> Amount:
    """What the worth of a limit is told under."""
    return Amount(WORTH, f"{row.limit} {row.of}", "", f"1000 USD/{row.for_a}")


def _more(told: Months, usual: Months) -> Iterator[tuple[Amount, float]]:
    for what, now, before in (
        (MORE_LEAVES, told.leaves, usual.leaves),
        (MORE_SHUT_IN, told.shut_in, usual.shut_in),
    ):
        for where in sorted({*now, *before}):
            both = [float(table[where].sum()) if where in table else 0.0 for table in (now, before)]
            yield Amount(what, where, "", "kt"), both[0] - both[1]
