"""What a plan does with the freight: by corridor, over which crossings, what stays, what binds.

A corridor is that of the quotes: of the families a route belongs to, the one with the smallest
priority; a route of none stays within the region. A crossing is a link whose ends lie in two
countries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from karvan.engines.emissions.factors import EmissionFactor
from karvan.engines.planner.plan import ShadowPrice
from karvan.engines.planner.routes import Route, routes
from karvan.network.network import Network
from karvan.services.planning.freight import Cargo, Freight, freight_in
from karvan.services.planning.freight_boxes import never_there
from karvan.services.planning.lateness import served
from karvan.services.planning.periods import periods_of
from karvan.services.planning.scenario import OIL, Scenario
from karvan.services.planning.stages import Stage
from karvan.services.planning.study import Study
from karvan.services.planning.yard_telling import InYard, in_yards, yard_json

#: Corridor of a route that belongs to no family.
WITHIN = "within the region"
#: How the end of a route is named that waits.
_STOCK = "stock "
#: Amounts below this share of a unit are rounding.
_LEAST = 1e-6
#: Less than this of a unit by another corridor is not told.
_SHIFTED = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A good over a corridor or a crossing, in its unit, kilotonnes, and kilotonnes of CO2e."""

    where: str
    good: str
    unit: str
    amount: float
    kt: float
    co2e_kt: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehind:
    """What was asked for from a place to another, and what of it does not come.

    Attributes
    ----------
    unserved, waits
        What is not carried, and what waits in yards at the end; neither holds the other.
    late
        What came in a later period than it was asked for.
    """

    good: str
    unit: str
    origin: str
    destination: str
    asked: float
    unserved: float
    waits: float = 0.0
    late: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A limit that binds: in how many periods, and what one more is worth there, 1000 USD."""

    limit: str
    of: str
    periods: int
    worth: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A good over a corridor with the events or changes and without them, in its unit."""

    where: str
    good: str
    unit: str
    told: float
    usual: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FreightTold:
    """The freight of a study; what is served and what is not covers all its periods.

    Attributes
    ----------
    moved
        What goes by another corridor than without the events or changes, the heaviest first.
    yards
        Those in which something waits.
    """

    corridors: tuple[Carried, ...]
    moved: tuple[Moved, ...]
    crossings: tuple[Carried, ...]
    left: tuple[LeftBehind, ...]
    bound: tuple[Binding, ...]
    routes: tuple[Route, ...]
    yards: tuple[InYard, ...] = ()
    months: tuple[str, ...] = ()


def freight_told(
    network: Network, study: Study, factors: Mapping[str, EmissionFactor]
) -> FreightTold | None:
    """Tell the freight of a study, None where it has none.

    Parameters
    ----------
    factors
        Emission factors by mode of a link.
    """
    freight = freight_in(network, study.scenario, periods_of(study.scenario))
    if freight is None:
        return None
    taken = _taken(study.stages, freight)
    usual = _taken([replace(study.usual, periods=len(study.months))], freight)
    own = {way.id for way in freight.part.ways} | {each.id for each in freight.part.fleets}
    own |= {joint.id for joint in freight.part.joints} | {yard.id for yard in freight.part.tanks}
    return FreightTold(
        corridors=tuple(_corridors(network, freight, taken, factors)),
        moved=tuple(_moved(network, freight, taken, usual)) if study.compared else (),
        crossings=tuple(_crossings(network, freight, study.stages)),
        left=tuple(_left(freight, study.stages)),
        bound=tuple(bindings(price for price in study.limits if price.row.asset in own)),
        routes=taken,
        yards=tuple(in_yards(study.stages)),
        months=study.months,
    )


def _taken(stages: Sequence[Stage], freight: Freight) -> tuple[Route, ...]:
    """Routes of the freight; what waits when a stage ends is on a route of its own from there."""
    return tuple(
        route
        for stage in stages
        for route in routes(stage.plan, periods=stage.periods)
        if route.commodity in freight.cargoes and route.origin and route.arcs
    )


def _came(route: Route, freight: Freight) -> float:
    """What comes over a route to where it is asked for; nothing where it ends in a yard."""
    place = route.destination.removeprefix(_STOCK)
    waits = route.destination.startswith(_STOCK)
    ends = freight.cargoes[route.commodity].ends
    return 0.0 if waits and place not in ends else route.amount


def corridor_of(network: Network, freight: Freight, route: Route) -> str:
    """Give the family of a route by the places, countries and modes of its links."""
    links = [link for way in route.arcs for link in freight.chains[way].links]
    countries = {country for link in links for country in link.countries}
    modes = {link.mode.value for link in links}
    places = [str(links[0].from_place), *(str(link.to_place) for link in links)] if links else []
    steps = {frozenset(pair) for pair in pairwise(places)}
    for family in sorted(network.families, key=lambda each: each.priority):
        if family.countries & countries or family.modes & modes or family.crossings & steps:
            return family.name
    return WITHIN


def _corridors(
    network: Network,
    freight: Freight,
    taken: Iterable[Route],
    factors: Mapping[str, EmissionFactor],
) -> Iterator[Carried]:
    amounts: dict[tuple[str, str], float] = defaultdict(float)
    emitted: dict[tuple[str, str], float] = defaultdict(float)
    for route in taken:
        good = freight.cargoes[route.commodity].good
        key = corridor_of(network, freight, route), good.id
        amounts[key] += _came(route, freight)
        kt = route.amount * good.t_per_unit / 1000
        for link in (link for way in route.arcs for link in freight.chains[way].links):
            factor = factors.get(link.mode.value)
            grams = float(factor.wtw_g_per_tkm) if factor else 0.0
            emitted[key] += kt * link.length_km * grams / 1e6
    yield from _rows(freight, amounts, emitted)


def _moved(
    network: Network, freight: Freight, taken: Iterable[Route], usual: Iterable[Route]
) -> Iterator[Moved]:
    goods = {cargo.good.id: cargo.good for cargo in freight.cargoes.values()}
    now, before = (_by_corridor(network, freight, each) for each in (taken, usual))
    shifts = {key: now.get(key, 0.0) - before.get(key, 0.0) for key in {**before, **now}}
    heaviest = sorted(shifts, key=lambda key: (-abs(shifts[key]) * goods[key[1]].t_per_unit, key))
    for where, name in heaviest:
        if abs(shifts[where, name]) >= _SHIFTED:
            yield Moved(
                where=where,
                good=name,
                unit=goods[name].unit,
                told=now.get((where, name), 0.0),
                usual=before.get((where, name), 0.0),
            )


def _by_corridor(
    network: Network, freight: Freight, taken: Iterable[Route]
) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = defaultdict(float)
    for route in taken:
        good = freight.cargoes[route.commodity].good
        found[corridor_of(network, freight, route), good.id] += _came(route, freight)
    return found


def _crossings(network: Network, freight: Freight, stages: Sequence[Stage]) -> Iterator[Carried]:
    country = {str(place.id): place.country for place in network.places.values()}
    amounts: dict[tuple[str, str], float] = defaultdict(float)
    for stage in stages:
        problem = stage.plan.problem
        for p, flow in enumerate(stage.plan.flow):
            cargo = freight.cargoes.get(problem.commodity_ids[problem.permissions.commodity[p]])
            total = float(flow[: stage.periods].sum())
            if cargo is None or total <= _LEAST:
                continue
            for link in freight.chains[problem.arcs.ids[problem.permissions.arc[p]]].links:
                if country[str(link.from_place)] != country[str(link.to_place)]:
                    amounts[str(link.id), cargo.good.id] += total
    yield from _rows(freight, amounts, {})


def _rows(
    freight: Freight,
    amounts: Mapping[tuple[str, str], float],
    emitted: Mapping[tuple[str, str], float],
) -> Iterator[Carried]:
    """The heaviest place first, and within it the heaviest good."""
    goods = {cargo.good.id: cargo.good for cargo in freight.cargoes.values()}
    weights: dict[str, float] = defaultdict(float)
    found = []
    for (where, name), amount in amounts.items():
        if amount > _LEAST:
            kt = amount * goods[name].t_per_unit / 1000
            weights[where] += kt
            found.append(
                Carried(
                    where=where,
                    good=name,
                    unit=goods[name].unit,
                    amount=amount,
                    kt=kt,
                    co2e_kt=emitted.get((where, name), 0.0),
                )
            )
    yield from sorted(found, key=lambda row: (-weights[row.where], row.where, -row.kt, row.good))


@dataclass(slots=True)
class _Ends:
    """A demand, or empty boxes to be sent back: whose, where, and what came of it."""

    cargo: Cargo
    place: str
    asked: float = 0.0
    missing: float = 0.0
    waits: float = 0.0
    late: float = 0.0


def _left(freight: Freight, stages: Sequence[Stage]) -> Iterator[LeftBehind]:
    """Each origin and destination of which something does not come; empties stay where they are."""
    ends = {**_demanded(freight, stages), **_sent_back(freight, stages)}
    by_place: dict[str, dict[str, float]] = defaultdict(dict)
    for each in ends.values():
        by_place[each.place][each.cargo.id] = each.missing + each.waits
    for each in ends.values():
        cargo, place = each.cargo, each.place
        never = never_there(freight.returns, place, cargo.id, by_place[place])
        missing, asked = each.missing - never, each.asked - never
        least = _LEAST * max(1.0, asked)
        if missing > least or each.waits > least or each.late > least:
            back = place in {row.destination for row in cargo.rows} and cargo.id.startswith(
                "empties "
            )
            yield LeftBehind(
                good=cargo.good.id,
                unit=cargo.good.unit,
                origin=place if back else cargo.origin,
                destination=cargo.origin if back else place,
                asked=asked,
                unserved=max(0.0, missing),
                waits=each.waits,
                late=each.late,
            )


def _demanded(freight: Freight, stages: Sequence[Stage]) -> Mapping[str, _Ends]:
    problem, found = stages[-1].plan.problem, served(stages)
    demands = problem.demands
    return {
        name: _Ends(
            cargo=freight.cargoes[problem.commodity_ids[demands.commodity[row]]],
            place=problem.node_ids[demands.node[row]],
            asked=float(found[name].asked.sum()),
            missing=float(found[name].unserved.sum()),
            waits=float(found[name].waits.sum()),
            late=float(found[name].late.sum()),
        )
        for row, name in enumerate(demands.ids)
        if demands.price[row] > 0
        and problem.commodity_ids[demands.commodity[row]] in freight.cargoes
    }


def _sent_back(freight: Freight, stages: Sequence[Stage]) -> Mapping[str, _Ends]:
    found: dict[str, _Ends] = {}
    for stage in stages:
        problem = stage.plan.problem
        supplies = problem.supplies
        for row, name in enumerate(supplies.ids):
            cargo = freight.cargoes.get(problem.commodity_ids[supplies.commodity[row]])
            if cargo is not None and supplies.price[row] > 0:
                place = problem.node_ids[supplies.node[row]]
                each = found.setdefault(name, _Ends(cargo=cargo, place=place))
                each.asked += float(supplies.amount[row][: stage.periods].sum())
                each.missing += float(stage.plan.shut_in[row][: stage.periods].sum())
    return found


def bindings(prices: Iterable[ShadowPrice]) -> Iterator[Binding]:
    """Give limits that bind, all periods of one together, those worth most first."""
    worth: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for price in prices:
        worth[price.row.family, price.row.asset, price.row.unit].append(-price.value)
    for (limit, of, unit), found in sorted(worth.items(), key=lambda row: -sum(row[1])):
        yield Binding(
            limit=limit, of=of, periods=len(found), worth=sum(found) / len(found), unit=unit
        )


def freight_json(told: FreightTold) -> Mapping[str, object]:
    """All of it, amounts with one decimal; routes are left out."""
    return {
        "corridors": [_carried(row) | {"co2e_kt": round(row.co2e_kt, 1)} for row in told.corridors],
        "moved": [
            {
                "where": row.where,
                "good": row.good,
                "unit": row.unit,
                "told": round(row.told, 1),
                "usual": round(row.usual, 1),
            }
            for row in told.moved
        ],
        "crossings": [_carried(row) for row in told.crossings],
        "unserved": [
            {
                "good": row.good,
                "unit": row.unit,
                "origin": row.origin,
                "destination": row.destination,
                "asked": round(row.asked, 1),
                "unserved": round(row.unserved, 1),
                "waits": round(row.waits, 1),
                "late": round(row.late, 1),
            }
            for row in told.left
        ],
        "yards": [yard_json(row) for row in told.yards],
        "bound": [
            {
                "limit": row.limit,
                "of": row.of,
                "periods": row.periods,
                "worth_kusd": round(row.worth, 3),
                "for_a": row.unit,
            }
            for row in told.bound
        ],
    }


def _carried(row: Carried) -> dict[str, object]:
    return {
        "where": row.where,
        "good": row.good,
        "unit": row.unit,
        "amount": round(row.amount, 1),
        "kt": round(row.kt, 1),
    }


def tells_oil(scenario: Scenario) -> bool:
    """Whether the oil is planned, and so told."""
    return OIL in scenario.parts
