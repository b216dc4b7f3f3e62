"""Freight that waits: in yards and stores, for what it was too late for, and boxes to go back.

Nothing waits before the first period. Three kinds of stock, all of them only where a plan has
several periods:

- **Yards and stores** at ports and border stations, which the goods of a row share. A unit held
  over the end of a period pays for a mean period: the price of its days, and the tariff of the yard
  for those beyond the free ones. What has waited over one end already has no free days left, and is
  charged too little by so many of them. Class 7 waits nowhere.
- **Late.** What is asked for in a period and does not come is charged as not served. What comes
  after all is credited with that price at the end, less one day of its time: the least it was late.
- **Depots.** Empty boxes whose laden ones are late, or that no ship takes, wait where they were
  unloaded, as many as a period brings.

What is left at the end is worth what not serving it would cost, less twice the cheapest way from
there on, for it waits because the cheapest way has no room, and less that one day. So it neither
counts as lost nor is rushed, and little is left because the end is near.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from karvan.services.planning.freight_base import FreightYard
from karvan.services.planning.onward import worth
from karvan.services.planning.parts import Stock, Tank, Volume, Way
from karvan.services.planning.periods import Periods

if TYPE_CHECKING:
    from karvan.services.planning.freight import Cargo
    from karvan.services.planning.freight_boxes import Returns

#: What the name of a yard ends with: `KZ-AKT, containers and empties, yard`.
YARD: Final = "yard"
#: How many times the cheapest way on is taken off what is left.
ONWARD: Final = 2.0
#: Share of its worth that what came late costs a period: nothing comes early to be counted later.
_LATE: Final = 1e-5
#: How far the limit of one commodity lies above the room, so that it is the room that has a price.
_LOOSE: Final = 2.0
#: Stocks by place and commodity.
Held = Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Room, and what can wait in it or beside it."""

    tanks: tuple[Tank, ...] = ()
    stocks: tuple[Stock, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What of the freight the stocks depend on: all but the yards."""

    cargoes: Mapping[str, Cargo]
    ways: Sequence[Way]
    supplies: Sequence[Volume]
    demands: Sequence[Volume]
    returns: Returns


def waiting(yards: Iterable[FreightYard], periods: Periods, moved: Moved, before: Held) -> Waiting:
    """Give the yards of some periods, and what can wait.

    Parameters
    ----------
    before
        What waits before the first of the periods, where the study has begun.
    """
    worths = _worths(moved)
    tanks: list[Tank] = []
    stocks: list[Stock] = []
    for yard in yards:
        if yard.holds_on(periods.first_days[0]):
            found = list(_in_yard(yard, periods, moved, worths, before))
            stocks += found
            room = max(yard.room, sum(stock.initial for stock in found))
            tanks.append(Tank(id=yard_name(yard), unit=yard.unit, limit=room))
    return Waiting(
        tanks=tuple(tanks),
        stocks=(
            *stocks,
            *_late(moved, before),
            *_depots(periods, moved, worths, before),
        ),
    )


def _worths(moved: Moved) -> Held:
    """What a unit left is worth, by place and commodity."""
    price: dict[str, float] = {}
    for asked in moved.demands:
        price[asked.commodity] = max(asked.price, price.get(asked.commodity, 0.0))
    return {
        (place, commodity): price[commodity]
        - ONWARD * (price[commodity] - calm)
        - moved.cargoes[commodity].day_usd / 1000
        for (place, commodity), calm in worth(moved.ways, moved.demands).items()
    }


def yard_name(yard: FreightYard) -> str:
    """Name a yard by its place and its goods, as ports are."""
    return f"{yard.place}, {' and '.join(sorted(yard.goods))}, {YARD}"


def held_kusd(yard: FreightYard, day_usd: float, periods: Periods) -> float:
    """What a unit costs that is held over the end of a period of mean length."""
    days = float(np.mean(periods.days))
    return (days * day_usd + max(0.0, days - yard.free_days) * yard.usd_d) / 1000


def _in_yard(
    yard: FreightYard, periods: Periods, moved: Moved, worths: Held, before: Held
) -> Iterator[Stock]:
    comes, leaves = _touched(moved.ways)
    for cargo in moved.cargoes.values():
        key = (yard.place, cargo.id)
        if (
            cargo.good.id not in yard.goods
            or cargo.good.hazard_class
            or key not in leaves
            or not (key in comes or cargo.origin == yard.place)
            or key in _ends(moved)
        ):
            continue
        initial = max(0.0, before.get(key, 0.0))
        yield Stock(
            place=yard.place,
            commodity=cargo.id,
            limit=_LOOSE * max(yard.room, initial),
            initial=initial,
            cost=held_kusd(yard, cargo.day_usd, periods),
            worth_at_end=worths[key],
            tank=yard_name(yard),
        )


def _touched(
    ways: Iterable[Way],
) -> tuple[Collection[tuple[str, str]], Collection[tuple[str, str]]]:
    """Where each commodity comes to, and where it leaves from."""
    ends: dict[bool, set[tuple[str, str]]] = defaultdict(set)
    for way in ways:
        for each in way.carries:
            ends[True].add((way.head, each.commodity))
            ends[False].add((way.tail, each.commodity))
    return ends[True], ends[False]


def _ends(moved: Moved) -> Collection[tuple[str, str]]:
    """Where a commodity is asked for, or boxes come back from: stocks of their own."""
    asked = {(each.place, each.commodity) for each in moved.demands}
    return asked | {(place, back) for back, place in moved.returns}


def _late(moved: Moved, before: Held) -> Iterator[Stock]:
    for asked in moved.demands:
        day = moved.cargoes[asked.commodity].day_usd / 1000
        if asked.price <= day:
            continue
        initial = max(0.0, before.get((asked.place, asked.commodity), 0.0))
        yield Stock(
            place=asked.place,
            commodity=asked.commodity,
            limit=sum(asked.amount) + initial,
            initial=initial,
            cost=_LATE * asked.price,
            worth_at_end=asked.price - day,
        )


def _depots(periods: Periods, moved: Moved, worths: Held, before: Held) -> Iterator[Stock]:
    days = float(np.mean(periods.days))
    for made in moved.supplies:
        key = (made.place, made.commodity)
        if made.price <= 0 or key not in worths:
            continue
        initial = max(0.0, before.get(key, 0.0))
        yield Stock(
            place=made.place,
            commodity=made.commodity,
            limit=max(*made.amount, initial),
            initial=initial,
            cost=days * moved.cargoes[made.commodity].day_usd / 1000,
            worth_at_end=worths[key],
        )
