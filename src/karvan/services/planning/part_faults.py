"""What is wrong with the parts of a plan, all of it at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from karvan.services.planning.parts import ByPeriod, Part


def faults(whole: Part, periods: int) -> Iterator[str]:
    """Give each fault of the parts joined into one, as a sentence."""
    yield from _twice(whole)
    yield from _unknown_commodities(whole)
    yield from _unknown_names(whole)
    yield from _wrong_lengths(whole, periods)


def _limits(whole: Part) -> list[str]:
    ids = [joint.id for joint in whole.joints] + [fleet.id for fleet in whole.fleets]
    ids += [blend.id for blend in whole.blends]
    return ids + [contract.id for contract in whole.contracts]


def _twice(whole: Part) -> Iterator[str]:
    for what, ids in (
        ("commodity", [each.id for each in whole.commodities]),
        ("way", [each.id for each in whole.ways]),
        ("supply", [each.id for each in whole.supplies]),
        ("demand", [each.id for each in whole.demands]),
        ("tank", [each.id for each in whole.tanks]),
        ("joint, fleet, blend or contract", _limits(whole)),
    ):
        for name, count in Counter(ids).items():
            if count > 1:
                yield f"{what} {name}: told twice, and not alike"


def _unknown_commodities(whole: Part) -> Iterator[str]:
    known = {each.id for each in whole.commodities}
    told = [(f"way {way.id}", each.commodity) for way in whole.ways for each in way.carries]
    told += [(each.id, each.commodity) for each in (*whole.supplies, *whole.demands)]
    told += [(f"stock at {stock.place}", stock.commodity) for stock in whole.stocks]
    for where, commodity in told:
        if commodity not in known:
            yield f"{where}: no commodity {commodity}"


def _unknown_names(whole: Part) -> Iterator[str]:
    carried = {way.id: {each.commodity for each in way.carries} for way in whole.ways}
    limits, tanks = set(_limits(whole)), {tank.id for tank in whole.tanks}
    for take in whole.takes:
        if take.of not in limits:
            yield f"take of {take.of}: no joint, fleet, blend or contract has this id"
        if take.way not in carried or (take.commodity and take.commodity not in carried[take.way]):
            yield f"take of {take.of}: no way {take.way} carries {take.commodity or 'it'}"
    for stock in whole.stocks:
        if stock.tank and stock.tank not in tanks:
            yield f"stock at {stock.place}: no tank {stock.tank}"
    for what, rows in (("ramp", whole.ramps), ("minimum", whole.minima), ("fill", whole.fills)):
        for row in rows:
            if row.way not in carried:
                yield f"{what}: no way {row.way}"
    for ramp in whole.ramps:
        yield from (f"ramp: no way {way}" for way in ramp.also if way not in carried)


def _wrong_lengths(whole: Part, periods: int) -> Iterator[str]:
    rows: list[tuple[str, ByPeriod]] = [(way.id, way.per_day) for way in whole.ways]
    rows += [(each.id, each.amount) for each in (*whole.supplies, *whole.demands)]
    rows += [(joint.id, joint.per_day) for joint in whole.joints]
    rows += [(fleet.id, fleet.hours) for fleet in whole.fleets]
    rows += [(ramp.way, ramp.rise) for ramp in whole.ramps]
    rows += [(minimum.way, minimum.per_day) for minimum in whole.minima]
    for name, row in rows:
        if len(row) != periods:
            yield f"{name}: {len(row)} numbers, for {periods} periods"
