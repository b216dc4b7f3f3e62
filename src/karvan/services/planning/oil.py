"""The corridor's oil as a part of a plan: thousand tonnes, thousand US dollars.

Pipelines and tanker legs are the network's, with the capacity in force on the first day of each
period; a link that is closed then has none but what keeps it in order. A link without a planning
tariff is no way. What is sold goes from an outlet to one market, at the discount of the outlet.
Rail for oil runs on the tracks of the freight network, the shortest way, and shares them. Kazakh
oil is of two kinds: the light oil of the fields that ship by CPC, and the blend of all others;
rules say which way is open to which. A word for a commodity covers every kind whose name begins
with it: `kazakh` both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

import numpy as np

from karvan.domain.errors import InvalidTables, TableFault
from karvan.engines.planner.problem import PlanningProblem
from karvan.network.links import CapacityUnit, Link, Mode, find_capacity
from karvan.network.network import Network
from karvan.services.planning.assembly import assemble
from karvan.services.planning.change_faults import scenario_faults, unknown_names
from karvan.services.planning.changing import Setting, Ships, change_all
from karvan.services.planning.freight import Freight, freight_in
from karvan.services.planning.freight_closing import told
from karvan.services.planning.freight_wagons import border_h
from karvan.services.planning.laying import lay_events, touched
from karvan.services.planning.naming import nearest
from karvan.services.planning.oil_agreements import (
    caps_of,
    closed_at_times,
    closed_in,
    leasts_of,
    of_caps,
    of_closures,
)
from karvan.services.planning.oil_amounts import sailing_h, takes_of, terminals_of, volumes_of
from karvan.services.planning.oil_blending import blend_takes, blends
from karvan.services.planning.oil_fleets import find_derating, hours_of, ships_by_period
from karvan.services.planning.oil_lines import MARKET, fills, losing, minima
from karvan.services.planning.oil_ramps import ramps
from karvan.services.planning.parts import (
    Carried,
    Commodity,
    Fleet,
    Joint,
    Part,
    Stock,
    Take,
    Tank,
    Volume,
    Way,
)
from karvan.services.planning.periods import Periods, months_a_period, periods_of
from karvan.services.planning.scenario import (
    OIL,
    Event,
    Prices,
    RailWay,
    Scenario,
    What,
    covers,
)
from karvan.services.planning.timed_demand import Timed
from karvan.services.planning.tracks import (
    KT_IN,
    KT_PER_D,
    line_joints,
    line_takes,
    shortest_path,
)
from karvan.services.planning.under_way import NOTHING, ByWay, Moving, travelling

BLEND = "kazakh blend"
COMMODITIES = ("kazakh light", BLEND, "russian", "azeri", "turkmen")
#: What costs and shortfalls of a plan are in.
CURRENCY = "1000 USD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What was decided before the first month: kt a day by arc, kt by tank and line, under caps.

    `under_way` is what was sent by then and has not arrived, by when it does, `asked` when freight
    is asked for.

    `news` is the day within the first month before which nobody could arrange anything anew.
    """

    carried_kt_d: Mapping[str, float]
    stock_kt: Mapping[tuple[str, str], float]
    under_cap_kt: Mapping[str, float]
    in_line_kt: Mapping[tuple[str, str], float] = field(default_factory=dict)
    under_way: ByWay = field(default_factory=dict)
    asked: Timed = NOTHING
    news: date | None = None


def oil_problem(
    network: Network,
    scenario: Scenario,
    *,
    events: Sequence[Event],
    skip: int = 0,
    start: Start | None = None,
    at_once: bool = False,
) -> PlanningProblem:
    """Make the problem of a scenario's parts, oil and what it plans besides, from period `skip`.

    Parameters
    ----------
    at_once
        Nothing travels: what leaves arrives in the same period.

    Raises
    ------
    InvalidTables
        The scenario names places, links or assets that are not there; all are told.
    """
    return problem_with(planned(network, scenario, skip=skip, start=start, at_once=at_once), events)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A problem with the changes of its scenario made, and what events are laid on it with."""

    problem: PlanningProblem
    setting: Setting
    asked: Timed = NOTHING


def planned(
    network: Network,
    scenario: Scenario,
    *,
    skip: int = 0,
    start: Start | None = None,
    waits: bool = True,
    at_once: bool = False,
) -> Planned:
    """Make the problem of a scenario without its events; as `oil_problem`, which it serves.

    Parameters
    ----------
    waits
        No, where freight waits for nothing: an outage that lasts to the end.
    """
    found = list(_unknown(network, scenario))
    if found:
        raise InvalidTables(found)
    bare, setting, parts = _bare(network, scenario, skip, start, waits=waits)
    # What is left of a scenario has nothing that the whole has not.
    found = [] if skip else list(scenario_faults(bare, scenario, setting))
    if found:
        raise InvalidTables(found)
    changed = change_all(bare, scenario.change, scenario.contract, setting)
    if at_once:
        return Planned(problem=changed, setting=setting)
    moving = _travelling(changed, scenario, setting.periods, parts, start)
    return Planned(problem=moving.problem, setting=setting, asked=moving.timed)


def _travelling(
    problem: PlanningProblem,
    scenario: Scenario,
    periods: Periods,
    parts: _Parts,
    start: Start | None,
) -> Moving:
    """With what is under way, at the start and at the end."""
    month = scenario.base.prices.holding_usd_t_month * months_a_period(scenario, periods)
    waits = dict.fromkeys(COMMODITIES, month)
    if parts.freight is not None:
        waits |= {
            each.id: each.day_usd / 1000 * float(periods.days[0])
            for each in parts.freight.cargoes.values()
        }
    return travelling(
        problem,
        [way for part in parts.all for way in part.ways],
        waits=waits,
        sold=COMMODITIES,
        returns={} if parts.freight is None else parts.freight.returns,
        sent=None if start is None else start.under_way,
        asked=NOTHING if start is None else start.asked,
    )


def problem_with(made: Planned, events: Sequence[Event]) -> PlanningProblem:
    """Lay events on a problem."""
    setting = made.setting
    told_of = setting.stands_for(events)
    return lay_events(made.problem, told_of, setting.periods, setting.network)


def that_touch(made: Planned, events: Sequence[Event]) -> tuple[Event, ...]:
    """Give the events that touch something of a problem."""
    setting = made.setting
    return tuple(
        event
        for event in events
        if touched(made.problem, setting.stands_for([event]), setting.network).any
    )


def _bare(
    network: Network, scenario: Scenario, skip: int, start: Start | None, *, waits: bool = True
) -> tuple[PlanningProblem, Setting, _Parts]:
    """Problem of the parts alone, and what changes have to know beside it, and the parts."""
    whole = periods_of(scenario)
    rest = whole.after(skip)
    held = start.stock_kt if start else None
    freight = freight_in(network, scenario, rest, held, waits=waits)
    parts = _parts(network, scenario, freight, rest, whole, start)
    setting = _setting(network, scenario, whole, rest, start, freight)
    problem = assemble(parts, rest, currency=CURRENCY)
    return problem, setting, _Parts(all=tuple(parts), freight=freight)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """The parts of a problem, and the freight that one of them is."""

    all: tuple[Part, ...]
    freight: Freight | None


def _parts(
    network: Network,
    scenario: Scenario,
    freight: Freight | None,
    rest: Periods,
    whole: Periods,
    start: Start | None,
) -> list[Part]:
    found = []
    if OIL in scenario.parts:
        found.append(oil_part(network, scenario, rest, whole=whole, start=start))
    if freight is not None:
        found.append(freight.part)
    return found


def _setting(
    network: Network,
    scenario: Scenario,
    whole: Periods,
    rest: Periods,
    start: Start | None,
    freight: Freight | None,
) -> Setting:
    fleets = {
        fleet.id: Ships(ships=ships_by_period(fleet, rest), derating=find_derating(network, fleet))
        for fleet in scenario.base.fleet
    }
    deratings = {row.id: row for row in network.link_attributes.deratings}
    if scenario.freight is not None:
        for fleet in scenario.freight.base.fleets:
            if fleet.holds_on(whole.bounds[0]):
                fleets[fleet.name] = Ships(
                    ships=np.full(rest.count, fleet.ships),
                    derating=deratings.get(fleet.derating),
                    derated_share=fleet.derated_share,
                )
        for wagons in scenario.freight.base.wagons:
            many = np.full(rest.count, wagons.wagons)
            fleets[wagons.name] = Ships(ships=many)
    return Setting(
        network=network,
        periods=rest,
        whole=whole,
        fleets=fleets,
        used=start.under_cap_kt if start else {},
        stands_for=lambda events: told(freight, events),
    )


def oil_part(
    network: Network,
    scenario: Scenario,
    periods: Periods,
    *,
    whole: Periods | None = None,
    start: Start | None = None,
) -> Part:
    """Make the oil of a scenario a part.

    Parameters
    ----------
    whole
        All periods of the study, where `periods` are the last of them: caps hold over all.
    start
        What was decided before `periods`.
    """
    base, prices = scenario.base, scenario.base.prices
    ways = losing(base, tuple(_ways(network, scenario, periods)))
    paths = rail_paths(network, scenario, periods.first_days[0])
    lines = tuple(line_joints(network, (link for path in paths for link in path), periods))
    places = {place for way in ways for place in (way.tail, way.head)}
    days = (whole or periods).days.sum()
    return Part(
        name="oil",
        commodities=tuple(Commodity(id=kind, unit="kt") for kind in COMMODITIES),
        ways=ways,
        supplies=tuple(volumes_of(base.supply, places, periods, partial(_left, prices))),
        demands=(
            *volumes_of(base.demand, places, periods, lambda _: prices.unserved_usd_t),
            *_market(scenario, periods),
        ),
        tanks=tuple(Tank(id=tank.place, unit="kt", limit=tank.kt) for tank in base.tank),
        stocks=tuple(_stocks(scenario, periods, start)),
        joints=(*terminals_of(scenario, periods), *lines),
        fleets=tuple(
            Fleet(id=fleet.id, hours=hours_of(network, fleet, periods)) for fleet in base.fleet
        ),
        ramps=tuple(
            ramps(
                network,
                scenario,
                ways,
                periods,
                carried=start.carried_kt_d if start else None,
                news=start.news if start else None,
            )
        ),
        contracts=(
            *caps_of(scenario, ways, float(days), start.under_cap_kt if start else {}, periods),
            *(least for _, least in leasts_of(scenario, ways, periods)),
            *closed_at_times(scenario, ways, periods),
        ),
        takes=(
            *takes_of(scenario, ways),
            *of_caps(scenario, ways, periods),
            *of_closures(scenario, ways, periods),
            *_of_tracks(scenario, paths, lines),
            *blend_takes(scenario.base, ways),
        ),
        blends=tuple(blends(scenario.base, ways)),
        minima=tuple(minima(network, base, ways, (whole or periods).first_days[0])),
        fills=tuple(
            fills(
                network,
                scenario,
                ways,
                (whole or periods).first_days[0],
                start.in_line_kt if start else {},
                prices.holding_usd_t_month * months_a_period(scenario, periods),
            )
        ),
    )


def faults_of(network: Network, scenario: Scenario) -> Iterator[TableFault]:
    """Tell every place, link and asset that a scenario names and that is not there."""
    unknown = list(_unknown(network, scenario))
    yield from unknown
    if not unknown:
        bare, setting, _ = _bare(network, scenario, 0, None)
        yield from scenario_faults(bare, scenario, setting)


def name_faults_of(network: Network, scenario: Scenario) -> Iterator[TableFault]:
    """What a scenario names that is not there, as far as its form has no fault."""
    unknown = list(_unknown(network, scenario))
    if unknown:
        yield from unknown
        return
    told = replace(scenario, change=(), contract=(), event=())
    bare, setting, _ = _bare(network, told, 0, None)
    yield from unknown_names(bare, scenario, setting)


def _unknown(network: Network, scenario: Scenario) -> Iterator[TableFault]:
    """Tell what the oil of a scenario names and that is not there."""
    base = scenario.base
    named = {
        "supply": [row.place for row in base.supply],
        "demand": [row.place for row in base.demand],
        "outlet": [row.place for row in base.outlet],
        "terminal": [row.place for row in base.terminal],
        "tank": [row.place for row in base.tank],
        "fleet": [row.place for row in base.fleet],
        "charge": [row.place for row in base.charge],
        "way": [place for row in base.rail for place in (row.from_place, row.to_place)],
    }
    known = {str(place) for place in network.places}
    yield from _rail_faults(scenario, known)
    for name, places in named.items():
        for number, place in enumerate(places, 1):
            if place not in known:
                where = f"{name} {number}, place"
                yield TableFault(
                    scenario.base_file, None, where, "unknown-place", "no place has this id"
                )
    links = {str(link) for link in network.links}
    for name, given in (
        ("cap", [row.link for row in base.cap]),
        ("least", [row.link for row in base.least]),
        ("rule", [row.link for row in base.rule]),
        ("ramp", [row.link for row in base.ramp]),
        ("line", [row.link for row in base.line]),
        ("minimum", [link for row in base.minimum for link in row.links]),
        ("loss", [row.link for row in base.loss if row.link]),
        ("leg", [row.link for row in base.leg]),
        ("blend", [row.link for row in base.blend]),
    ):
        ways = {_rail_id(rail) for rail in rails(scenario)} if name == "rule" else set()
        for link in sorted(set(given) - links - ways):
            yield TableFault(
                scenario.base_file, None, f"{name}, {link}", "unknown-link", "no link has this id"
            )


def _rail_faults(scenario: Scenario, known: Collection[str]) -> Iterator[TableFault]:
    """Tell what is wrong with the ways by rail that a scenario adds."""
    told = {_rail_id(rail) for rail in scenario.base.rail}
    for row, rail in enumerate(scenario.rail):
        where = f"{scenario.told_at('rail', row, _rail_id(rail))}, "
        for key, place in (("from_place", rail.from_place), ("to_place", rail.to_place)):
            if place not in known:
                words = f"no place has this id{nearest(place, known)}"
                yield TableFault(scenario.file, None, where + key, "unknown-place", words)
        if rail.from_place == rail.to_place:
            words = "it leads back to where it begins"
            yield TableFault(scenario.file, None, f"{where}to_place", "out-of-range", words)
        if _rail_id(rail) in told:
            words = "a way by rail leads there already"
            yield TableFault(scenario.file, None, f"{where}to_place", "told-twice", words)
        told.add(_rail_id(rail))


def _ways(network: Network, scenario: Scenario, periods: Periods) -> Iterator[Way]:
    opened = {change.asset for change in scenario.change if change.what is What.OPEN}
    for link in sorted(network.links.values(), key=lambda each: each.id):
        if link.mode not in {Mode.PIPELINE, Mode.TANKER} or link.tariff_usd_t is None:
            continue
        months = periods.first_days
        found = [find_capacity(link, network.capacities, month) for month in months]
        kept = sum(row.mt_per_y for row in scenario.base.least if row.link == link.id) * KT_PER_D
        kt_d = tuple(
            each[0] * KT_PER_D
            if each and each[1] is CapacityUnit.MT_PER_Y and link.is_open_on(month)
            else kept
            for each, month in zip(found, months, strict=True)
        )
        if not any(kt_d) and str(link.id) not in opened:
            continue
        yield Way(
            id=str(link.id),
            tail=str(link.from_place),
            head=str(link.to_place),
            mode=link.mode.value,
            per_day=kt_d,
            unit="kt",
            carries=_each(scenario, link_ends(link), float(link.tariff_usd_t), periods),
            carrier=link.operator,
            country=";".join(link.countries),
            hours=link.running_h or 0.0,
            travel_h=sailing_h(scenario, link),
        )
    paths = rail_paths(network, scenario, periods.first_days[0])
    for rail, path in zip(rails(scenario), paths, strict=True):
        yield Way(
            id=_rail_id(rail),
            tail=rail.from_place,
            head=rail.to_place,
            mode=rail.mode,
            per_day=(rail.mt_per_y * KT_PER_D,) * periods.count,
            unit="kt",
            carries=_each(
                scenario,
                _Ends(_rail_id(rail), rail.from_place, rail.to_place, rail.mode),
                rail.usd_t,
                periods,
            ),
            carrier=rail.operator,
            country=rail.country,
            travel_h=sum((link.running_h or 0.0) + border_h(network, link) for link in path),
        )
    for outlet in scenario.base.outlet:
        yield Way(
            id=f"{outlet.place}--{MARKET}",
            tail=outlet.place,
            head=MARKET,
            mode="sale",
            per_day=(np.inf,) * periods.count,
            unit="kt",
            carries=tuple(
                Carried(commodity=kind, cost=outlet.discount_usd_t)
                for kind in COMMODITIES
                if covers(outlet.commodity, kind)
            ),
        )


def _rail_id(rail: RailWay) -> str:
    return f"{rail.from_place}--{rail.to_place}:{rail.mode}"


def rails(scenario: Scenario) -> tuple[RailWay, ...]:
    """Give the ways of the year, and those that the scenario adds."""
    return (*scenario.base.rail, *scenario.rail)


def rail_paths(network: Network, scenario: Scenario, day: date) -> tuple[tuple[Link, ...], ...]:
    """Give the links that each way of the oil runs on, the shortest by rail; none for a pipe."""
    return tuple(
        shortest_path(network, rail.from_place, rail.to_place, day, {Mode.RAIL})
        if rail.mode == "rail"
        else ()
        for rail in rails(scenario)
    )


def _of_tracks(
    scenario: Scenario, paths: Sequence[tuple[Link, ...]], lines: Sequence[Joint]
) -> Iterator[Take]:
    joints = {joint.id: joint for joint in lines}
    for rail, path in zip(rails(scenario), paths, strict=True):
        yield from line_takes(joints, path, _rail_id(rail), KT_IN)


@dataclass(frozen=True, slots=True)
class _Ends:
    """A way by its id, its ends and its mode."""

    id: str
    tail: str
    head: str
    mode: str


def link_ends(link: Link) -> _Ends:
    """Give a link by its id, its ends and its mode."""
    return _Ends(str(link.id), str(link.from_place), str(link.to_place), link.mode.value)


def _each(scenario: Scenario, way: _Ends, usd_t: float, periods: Periods) -> tuple[Carried, ...]:
    """Give the kinds that may go a way in some period, with what a tonne pays on it."""
    base = scenario.base
    found = []
    for kind in COMMODITIES:
        cost = usd_t
        rules = [row for row in base.rule if row.link == way.id and covers(row.commodity, kind)]
        if any(all(closed_in(row, periods)) for row in rules):
            continue
        cost += sum(row.usd_t for row in rules)
        cost += sum(
            charge.usd_t
            for charge in base.charge
            if charge.mode == way.mode
            and charge.place == (way.tail if charge.direction == "out" else way.head)
            and covers(charge.commodity, kind)
        )
        found.append(Carried(commodity=kind, cost=cost))
    return tuple(found)


def _left(prices: Prices, commodity: str) -> float:
    """What a tonne left in the ground costs."""
    return prices.shut_in_usd_t + (prices.blend_more_usd_t if commodity == BLEND else 0.0)


def _market(scenario: Scenario, periods: Periods) -> Iterator[Volume]:
    """What is sold: the market takes all there can be."""
    base = scenario.base
    room = sum(row.mt_per_y for row in base.supply) * 1000.0 + sum(row.kt for row in base.tank)
    for kind in COMMODITIES:
        yield Volume(
            id=f"{MARKET} {kind}",
            place=MARKET,
            commodity=kind,
            amount=(room,) * periods.count,
            price=0.0,
        )


def _stocks(scenario: Scenario, periods: Periods, start: Start | None) -> Iterator[Stock]:
    prices = scenario.base.prices
    months = months_a_period(scenario, periods)
    before = start.stock_kt if start else {}
    for tank in scenario.base.tank:
        for kind in COMMODITIES:
            yield Stock(
                place=tank.place,
                commodity=kind,
                limit=tank.kt,
                initial=before.get((tank.place, kind), 0.0),
                cost=prices.holding_usd_t_month * months,
                worth_at_end=-prices.shut_in_usd_t,
                tank=tank.place,
            )
