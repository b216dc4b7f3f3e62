"""The corridor's oil as a part of a plan: thousand tonnes, thousand US dollars.

Pipelines and tanker legs are the network's, with the capacity in force on the first day of each
period; a link that is closed then has none. A link without a planning tariff is no way. What is
sold goes from an outlet to one market, at the discount of the outlet. Rail for oil runs on the
tracks of the freight network, the shortest way, and shares them. Kazakh oil is of two kinds: the
light oil of the fields that ship by CPC, and the blend of all others; rules say which way is open
to which. A word for a commodity covers every kind whose name begins with it: `kazakh` both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from karvan.domain.errors import InvalidTables, TableFault
from karvan.engines.planner.problem import PlanningProblem
from karvan.network.links import CapacityUnit, Link, Mode, find_capacity
from karvan.network.network import Network
from karvan.services.planning.assembly import assemble
from karvan.services.planning.change_faults import scenario_faults
from karvan.services.planning.changing import Setting, Ships, change_all
from karvan.services.planning.freight import Freight, freight_in
from karvan.services.planning.freight_closing import told
from karvan.services.planning.laying import lay_events
from karvan.services.planning.parts import (
    ByPeriod,
    Carried,
    Commodity,
    Contract,
    Fleet,
    Joint,
    Part,
    Ramp,
    Stock,
    Take,
    Tank,
    Volume,
    Way,
)
from karvan.services.planning.periods import Periods, periods_of
from karvan.services.planning.scenario import (
    OIL,
    Event,
    PeriodLength,
    RailWay,
    RouteCap,
    Rule,
    Scenario,
    What,
    covers,
)
from karvan.services.planning.scenario import Volume as OilVolume
from karvan.services.planning.tracks import (
    KT_IN,
    KT_PER_D,
    line_joints,
    line_takes,
    shortest_path,
)

MARKET = "market"
COMMODITIES = ("kazakh light", "kazakh blend", "russian", "azeri", "turkmen")
#: Mean length of a month.
DAYS_A_MONTH = 365 / 12
#: What costs and shortfalls of a plan are in.
CURRENCY = "1000 USD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What was decided before the first month: kt a day by arc, kt by tank, kt under caps."""

    carried_kt_d: Mapping[str, float]
    stock_kt: Mapping[tuple[str, str], float]
    under_cap_kt: Mapping[str, float]


def oil_problem(
    network: Network,
    scenario: Scenario,
    *,
    events: Sequence[Event],
    skip: int = 0,
    start: Start | None = None,
) -> PlanningProblem:
    """Make the problem of a scenario's parts, oil and what it plans besides, from period `skip`.

    Raises
    ------
    InvalidTables
        The scenario names places, links or assets that are not there; all are told.
    """
    faults = list(faults_of(network, scenario))
    if faults:
        raise InvalidTables(faults)
    whole = periods_of(scenario)
    rest = whole.after(skip)
    setting = _setting(network, scenario, whole, rest, start)
    freight = freight_in(network, scenario, rest)
    parts = _parts(network, scenario, freight, rest, whole, start)
    bare = assemble(parts, rest, currency=CURRENCY)
    changed = change_all(bare, scenario.change, scenario.contract, setting)
    return lay_events(changed, told(freight, events), rest, network)


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
    network: Network, scenario: Scenario, whole: Periods, rest: Periods, start: Start | None
) -> Setting:
    return Setting(
        network=network,
        periods=rest,
        whole=whole,
        fleets={
            fleet.id: Ships(ships=fleet.ships, place=fleet.place) for fleet in scenario.base.fleet
        },
        used=start.under_cap_kt if start else {},
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
    ways = tuple(_ways(network, scenario, periods))
    paths = rail_paths(network, scenario, periods.first_days[0])
    lines = tuple(line_joints(network, (link for path in paths for link in path), periods))
    places = {place for way in ways for place in (way.tail, way.head)}
    days = (whole or periods).days.sum()
    return Part(
        name="oil",
        commodities=tuple(Commodity(id=kind, unit="kt") for kind in COMMODITIES),
        ways=ways,
        supplies=tuple(_volumes(base.supply, places, periods, prices.shut_in_usd_t)),
        demands=(
            *_volumes(base.demand, places, periods, prices.unserved_usd_t),
            *_market(scenario, periods),
        ),
        tanks=tuple(Tank(id=tank.place, unit="kt", limit=tank.kt) for tank in base.tank),
        stocks=tuple(_stocks(scenario, periods, start)),
        joints=(*_terminals(scenario, periods), *lines),
        fleets=tuple(
            Fleet(
                id=fleet.id,
                hours=tuple((fleet.ships * 24 * periods.days * fleet.working_share).tolist()),
            )
            for fleet in base.fleet
        ),
        ramps=tuple(_ramps(scenario, ways, periods, start)),
        contracts=(
            *_caps(scenario, ways, float(days), start),
            *(least for _, least in _leasts(scenario, ways, periods)),
            *_closed_at_times(scenario, ways, periods),
        ),
        takes=(
            *_takes(scenario, ways),
            *_of_caps(scenario, ways, periods),
            *_of_closures(scenario, ways, periods),
            *_of_tracks(scenario, paths, lines),
        ),
    )


def faults_of(network: Network, scenario: Scenario) -> Iterator[TableFault]:
    """Tell every place, link and asset that a scenario names and that is not there."""
    base = scenario.base
    named = {
        "supply": [row.place for row in base.supply],
        "demand": [row.place for row in base.demand],
        "outlet": [row.place for row in base.outlet],
        "terminal": [row.place for row in base.terminal],
        "tank": [row.place for row in base.tank],
        "fleet": [row.place for row in base.fleet],
        "charge": [row.place for row in base.charge],
        "way": [place for row in rails(scenario) for place in (row.from_place, row.to_place)],
    }
    known = {str(place) for place in network.places}
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
        ("rule", [row.link for row in base.rule]),
        ("ramp", [row.link for row in base.ramp]),
        ("leg", [row.link for row in base.leg]),
    ):
        for link in sorted(set(given) - links):
            yield TableFault(
                scenario.base_file, None, f"{name}, {link}", "unknown-link", "no link has this id"
            )
    whole = periods_of(scenario)
    parts = _parts(network, scenario, freight_in(network, scenario, whole), whole, whole, None)
    bare = assemble(parts, whole, currency=CURRENCY)
    setting = _setting(network, scenario, whole, whole, None)
    yield from scenario_faults(bare, scenario, setting)


def _ways(network: Network, scenario: Scenario, periods: Periods) -> Iterator[Way]:
    opened = {change.asset for change in scenario.change if change.what is What.OPEN}
    for link in sorted(network.links.values(), key=lambda each: each.id):
        if link.mode not in {Mode.PIPELINE, Mode.TANKER} or link.tariff_usd_t is None:
            continue
        months = periods.first_days
        found = [find_capacity(link, network.capacities, month) for month in months]
        kt_d = tuple(
            each[0] * KT_PER_D
            if each and each[1] is CapacityUnit.MT_PER_Y and link.is_open_on(month)
            else 0.0
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
        )
    for rail in rails(scenario):
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
        if any(all(_closed(row, periods)) for row in rules):
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


def _closed(rule: Rule, periods: Periods) -> tuple[bool, ...]:
    """Whether a rule closes its way in each period, by the first day of the period."""
    return tuple(
        rule.closed
        and (rule.first_day is None or rule.first_day <= day)
        and (rule.last_day is None or day <= rule.last_day)
        for day in periods.first_days
    )


def _passing(scenario: Scenario, ways: Sequence[Way], periods: Periods) -> Iterator[Rule]:
    """Rules that close a way in some of the periods and not in all."""
    there = {way.id for way in ways}
    for rule in scenario.base.rule:
        closed = _closed(rule, periods)
        if rule.link in there and any(closed) and not all(closed):
            yield rule


def _closed_at_times(
    scenario: Scenario, ways: Sequence[Way], periods: Periods
) -> Iterator[Contract]:
    for rule in _passing(scenario, ways, periods):
        at = np.flatnonzero(_closed(rule, periods))
        yield Contract(id=rule.id, unit="kt", most=0.0, first=int(at[0]), last=int(at[-1]))


def _of_closures(scenario: Scenario, ways: Sequence[Way], periods: Periods) -> Iterator[Take]:
    carried = {way.id: [each.commodity for each in way.carries] for way in ways}
    for rule in _passing(scenario, ways, periods):
        for kind in carried[rule.link]:
            if covers(rule.commodity, kind):
                yield Take(of=rule.id, way=rule.link, per_unit=1.0, commodity=kind)


def _volumes(
    rows: Sequence[OilVolume], places: set[str], periods: Periods, price: float
) -> Iterator[Volume]:
    """What is produced or refined at places that a way reaches."""
    for row in rows:
        if row.place in places:
            amount: ByPeriod = tuple((row.mt_per_y * KT_PER_D * periods.days).tolist())
            yield Volume(
                id=row.place,
                place=row.place,
                commodity=row.commodity,
                amount=amount,
                price=price,
            )


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
    months_a_period = _months(scenario, periods)
    before = start.stock_kt if start else {}
    for tank in scenario.base.tank:
        for kind in COMMODITIES:
            yield Stock(
                place=tank.place,
                commodity=kind,
                limit=tank.kt,
                initial=before.get((tank.place, kind), 0.0),
                cost=prices.holding_usd_t_month * months_a_period,
                worth_at_end=-prices.shut_in_usd_t,
                tank=tank.place,
            )


def _terminals(scenario: Scenario, periods: Periods) -> Iterator[Joint]:
    for terminal in scenario.base.terminal:
        per_day = (terminal.mt_per_y * KT_PER_D,) * periods.count
        yield Joint(id=terminal.id, unit="kt", per_day=per_day)


def _takes(scenario: Scenario, ways: Sequence[Way]) -> Iterator[Take]:
    """What ways take of terminals and fleets."""
    for terminal in scenario.base.terminal:
        for way in ways:
            place = way.tail if terminal.direction == "out" else way.head
            if way.mode == terminal.mode and terminal.place == place:
                for each in way.carries:
                    if covers(terminal.commodity, each.commodity):
                        yield Take(
                            of=terminal.id, way=way.id, per_unit=1.0, commodity=each.commodity
                        )
    share = {(leg.fleet, leg.link): leg.share for leg in scenario.base.leg}
    for fleet in scenario.base.fleet:
        for way in ways:
            if way.mode == "tanker" and way.tail == fleet.place:
                hours = (2 * way.hours + fleet.port_hours) / fleet.parcel_kt
                hours *= share.get((fleet.id, way.id), 1.0)
                yield Take(of=fleet.id, way=way.id, per_unit=hours)


def _of_caps(scenario: Scenario, ways: Sequence[Way], periods: Periods) -> Iterator[Take]:
    carried = {way.id: [each.commodity for each in way.carries] for way in ways}
    there = [cap for cap in scenario.base.cap if cap.link in carried]
    rows = [(cap, cap.id) for cap in there]
    rows += [(cap, least.id) for cap, least in _leasts(scenario, ways, periods)]
    for cap, name in rows:
        for kind in carried[cap.link]:
            if covers(cap.commodity, kind):
                yield Take(of=name, way=cap.link, per_unit=1.0, commodity=kind)


def _months(scenario: Scenario, periods: Periods) -> float:
    """How many months a period is."""
    if scenario.period is PeriodLength.MONTH:
        return 1.0
    return float(periods.days[0]) / DAYS_A_MONTH


def _ramps(
    scenario: Scenario, ways: Sequence[Way], periods: Periods, start: Start | None
) -> Iterator[Ramp]:
    """Rail, tanker legs that a fleet serves, lines with a ramp; free in the first month of all."""
    a_period = _months(scenario, periods)
    slow = {row.link: row.months_to_full / a_period for row in scenario.base.ramp}
    served = {fleet.place for fleet in scenario.base.fleet}
    months = scenario.base.prices.rail_and_tanker_months_to_full / a_period
    carried = start.carried_kt_d if start else {way.id: max(way.per_day) for way in ways}
    for way in ways:
        if way.mode == "rail" or (way.mode == "tanker" and way.tail in served) or way.id in slow:
            yield Ramp(
                way=way.id,
                rise=tuple(each / slow.get(way.id, months) for each in way.per_day),
                before=carried.get(way.id, 0.0),
            )


def _caps(
    scenario: Scenario, ways: Sequence[Way], days: float, start: Start | None
) -> Iterator[Contract]:
    """The most over all periods, as agreed by the year."""
    used = start.under_cap_kt if start else {}
    there = {way.id for way in ways}
    for cap in scenario.base.cap:
        if cap.link in there:
            most = max(0.0, cap.mt_per_y * KT_PER_D * days - used.get(cap.id, 0.0))
            yield Contract(id=cap.id, unit="kt", most=most)


def _leasts(
    scenario: Scenario, ways: Sequence[Way], periods: Periods
) -> Iterator[tuple[RouteCap, Contract]]:
    """The least of each period, for ships and pumps are booked by the month; what lacks is paid.

    What is agreed for a calendar year is spread over the months in which no rule closes the way.
    """
    there = {way.id for way in ways}
    for cap in scenario.base.cap:
        if cap.link not in there or cap.least_mt_per_y <= 0:
            continue
        rules = _of_cap(scenario, cap)
        shut = [any(each) for each in zip(*(_closed(rule, periods) for rule in rules), strict=True)]
        for number, (first, beyond) in enumerate(periods.spans):
            year = Periods.months(date(first.year, 1, 1), 12)
            closed = [_closed(rule, year) for rule in rules]
            open_days = sum(
                days
                for month, days in enumerate(year.days.tolist())
                if not any(each[month] for each in closed)
            )
            if open_days and not (shut and shut[number]):
                least = Contract(
                    id=f"{cap.id}, least of {periods.ids[number]}",
                    unit="kt",
                    least=cap.least_mt_per_y * 1000 * (beyond - first).days / open_days,
                    price=cap.short_usd_t,
                    first=number,
                    last=number,
                )
                yield cap, least


def _of_cap(scenario: Scenario, cap: RouteCap) -> tuple[Rule, ...]:
    """Rules on the way of an agreement that close all that it covers, or a kind that can meet it.

    Those that hold always are no matter of time.
    """
    return tuple(
        rule
        for rule in scenario.base.rule
        if rule.link == cap.link
        and covers(cap.commodity, rule.commodity)
        and (rule.first_day is not None or rule.last_day is not None)
    )
