"""The corridor's freight as a part of a plan: boxes, grain, metals, fertiliser, uranium, trucks.

A good from one place, and where it can wait to one place, is a commodity of its own, so that it
goes where it is asked for and nowhere else. Empty boxes go back to where laden ones came from, or
are left at a price. What a way costs is what the tariff book asks on average for the good, and a
price of time. Ways dearer than leaving the cargo are not made. Costs are thousand US dollars.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from karvan.network.links import Link
from karvan.network.network import Network
from karvan.services.planning import freight_boxes
from karvan.services.planning.freight_base import FreightBase, FreightDemand, Good
from karvan.services.planning.freight_limits import (
    Limits,
    is_sailed,
    limits_of,
    own_capacity,
    refuses,
)
from karvan.services.planning.freight_network import Chain, contracted, named, single
from karvan.services.planning.freight_reach import useful
from karvan.services.planning.freight_seasons import Season, shares_of
from karvan.services.planning.freight_wagons import border_h, wagon_fleets, wagon_takes
from karvan.services.planning.freight_yards import Held, Moved, Waiting, waiting
from karvan.services.planning.parts import (
    Carried,
    Commodity,
    Fleet,
    Joint,
    Part,
    Take,
    Volume,
    Way,
)
from karvan.services.planning.periods import Periods, periods_of
from karvan.services.planning.scenario import FREIGHT, Scenario

EMPTIES = "empties"
H_PER_D = 24
#: Share of a period below which a way counts as at once. Each that takes longer ties a period to
#: the next, and a plan of all of them takes ten times as long.
AT_ONCE = 1 / 4
#: Frames that are kept: one for each stage of a study whose events are many.
_FRAMES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Cargo:
    """A commodity of the plan: a good from one place, with what it avoids, and maybe where it goes.

    Attributes
    ----------
    kind
        Its id without where it goes.
    """

    id: str
    kind: str
    good: Good
    origin: str
    avoids: frozenset[str]
    day_usd: float
    rows: tuple[FreightDemand, ...]

    @property
    def ends(self) -> frozenset[str]:
        """Where it is asked for."""
        return frozenset(_ends(self))

    @property
    def unserved(self) -> float:
        """Price of a unit that is not carried, thousand US dollars."""
        return unserved_price(self.good)


@dataclass(frozen=True, slots=True, kw_only=True)
class Freight:
    """The freight of some periods: the part, and what its names stand for."""

    part: Part
    chains: Mapping[str, Chain]
    cargoes: Mapping[str, Cargo]
    returns: freight_boxes.Returns


def unserved_price(good: Good) -> float:
    """Thousand US dollars for a unit; the table has tonnes where the unit is kilotonnes."""
    return good.unserved_usd * (good.t_per_unit if good.unit == "kt" else 1.0) / 1000


def freight_in(
    network: Network,
    scenario: Scenario,
    periods: Periods,
    before: Held | None = None,
    *,
    waits: bool = True,
) -> Freight | None:
    """Make the freight of a scenario, None where it plans none.

    Parameters
    ----------
    before
        What waits before the first of the periods, where the study has begun.
    waits
        Whether anything can; never where the scenario is one period.
    """
    asked = scenario.freight
    if asked is None or FREIGHT not in scenario.parts:
        return None
    waits = waits and periods_of(scenario).count > 1
    return freight_of(
        network,
        asked.base,
        periods,
        year=asked.year,
        scale=asked.scale,
        before=(before or {}) if waits else None,
    )


def freight_of(
    network: Network,
    base: FreightBase,
    periods: Periods,
    *,
    year: int,
    scale: Mapping[str, float] | None = None,
    contract: bool = True,
    before: Held | None = None,
) -> Freight:
    """Make the freight of a year's demand a part.

    Parameters
    ----------
    year
        Whose rows of the demand are taken, spread over the days of the periods.
    scale
        Factor of the demand by its group, or by group and good; 1 for those not named.
    contract
        False leaves every place in: the same answer, later.
    before
        What waits before the first period; None where nothing can wait. Then a good from one place
        is one commodity, wherever it goes: the same answer, sooner.
    """
    rows = [row for row in base.demand if row.year == year and row.volume > 0]
    apart = before is not None
    cargoes = {cargo.id: cargo for cargo in _cargoes(base, rows, apart=apart)}
    frame = frame_of(Layout.of(network, base, periods, rows, contract=contract, apart=apart))
    returns = freight_boxes.returns_of(cargoes, EMPTIES)
    supplies, demands = _volumes(base.seasons, cargoes, periods, scale or {}, returns)
    waits = Waiting()
    if before is not None:
        moved = Moved(
            cargoes=cargoes, ways=frame.ways, supplies=supplies, demands=demands, returns=returns
        )
        waits = waiting(base.yards, periods, moved, before)
    return Freight(
        part=Part(
            name="freight",
            commodities=tuple(Commodity(id=c.id, unit=c.good.unit) for c in cargoes.values()),
            ways=frame.ways,
            supplies=tuple(supplies),
            demands=tuple(demands),
            tanks=waits.tanks,
            stocks=waits.stocks,
            joints=frame.joints,
            fleets=frame.fleets,
            takes=(*frame.of_limits, *freight_boxes.takes(returns, frame.ways), *frame.of_wagons),
            blends=tuple(freight_boxes.limits(returns)),
        ),
        chains=frame.chains,
        cargoes=cargoes,
        returns=returns,
    )


@dataclass(frozen=True, slots=True)
class Layout:
    """All that the ways of the freight and their limits depend on: everything but the amounts."""

    network: Network
    base: FreightBase
    periods: Periods
    contract: bool
    apart: bool

    @classmethod
    def of(
        cls,
        network: Network,
        base: FreightBase,
        periods: Periods,
        rows: Sequence[FreightDemand],
        *,
        contract: bool,
        apart: bool,
    ) -> Layout:
        """The layout of some rows of the demand, whose volumes are told as 1."""
        bare = (replace(row, volume=1.0, low=None, high=None) for row in rows)
        yards = (replace(yard, room=1.0, low=None, high=None) for yard in base.yards)
        bare_base = replace(base, demand=tuple(bare), yards=tuple(yards))
        return cls(network, bare_base, periods, contract, apart)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Layout)
            and self.network is other.network
            and self.contract == other.contract
            and self.apart == other.apart
            and self.periods.bounds == other.periods.bounds
            and self.base == other.base
        )

    def __hash__(self) -> int:
        return hash((id(self.network), self.contract, self.apart, self.periods.bounds))


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Ways, limits, and what a unit on a way takes of them: the freight without its amounts."""

    chains: Mapping[str, Chain]
    ways: tuple[Way, ...]
    joints: tuple[Joint, ...]
    fleets: tuple[Fleet, ...]
    of_limits: tuple[Take, ...]
    of_wagons: tuple[Take, ...]


@lru_cache(maxsize=_FRAMES)
def frame_of(layout: Layout) -> Frame:
    """Make what all amounts share; runs that draw the demand anew make it once a worker."""
    network, base, periods = layout.network, layout.base, layout.periods
    cargoes = {cargo.id: cargo for cargo in _cargoes(base, base.demand, apart=layout.apart)}
    links = [
        link
        for _, link in sorted(network.links.items())
        if any(link.mode in good.modes for good in base.goods)
        and any(link.is_open_on(day) for day in periods.first_days)
        and is_sailed(network, link)
    ]
    kept = {place for row in base.demand for place in (row.origin, row.destination)}
    kept |= {port.place for port in base.ports} | {yard.place for yard in base.yards}
    chains = named(contracted(links, kept) if layout.contract else single(links))
    hours = {str(link.id): _hours(network, link) for link in links}
    ways = tuple(_ways(network, base, periods, cargoes, chains, hours))
    limits = limits_of(network, base, periods, {way.id: chains[way.id] for way in ways})
    loads = {cargo.id: (cargo.good, cargo.origin) for cargo in cargoes.values()}
    return Frame(
        chains=chains,
        ways=ways,
        joints=limits.joints,
        fleets=(*limits.fleets, *wagon_fleets(base, periods)),
        of_limits=tuple(_takes(ways, cargoes, limits)),
        of_wagons=tuple(wagon_takes(network, base, ways, chains, hours, loads)),
    )


def _cargoes(base: FreightBase, rows: Sequence[FreightDemand], *, apart: bool) -> Iterator[Cargo]:
    """One by good, origin and what it avoids; the empties of each way back are one too.

    Parameters
    ----------
    apart
        One by destination too: what comes late must come to where it was asked for.
    """

    def key(row: FreightDemand) -> tuple[str, str, tuple[str, ...], float, str]:
        good = base.good(row.good)
        day = good.day_usd if row.day_usd is None else row.day_usd
        return (
            row.good,
            row.origin,
            tuple(sorted(row.avoids)),
            day,
            row.destination if apart else "",
        )

    def kind(row: FreightDemand) -> str:
        without = f" without {' '.join(sorted(row.avoids))}" if row.avoids else ""
        return f"{row.good} {row.origin}{without}"

    ends: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        ends[kind(row)].add(row.destination)
    for (name, origin, avoids, day, end), found in groupby(sorted(rows, key=key), key):
        sent = tuple(found)
        alone = kind(sent[0])
        yield Cargo(
            id=f"{alone} to {end}" if apart and len(ends[alone]) > 1 else alone,
            kind=alone,
            good=base.good(name),
            origin=origin,
            avoids=frozenset(avoids),
            day_usd=day,
            rows=sent,
        )
    back = [row for row in rows if row.returns > 0]
    for origin, found in groupby(sorted(back, key=lambda row: row.origin), lambda row: row.origin):
        sent = tuple(found)
        yield Cargo(
            id=f"{EMPTIES} {origin}",
            kind=f"{EMPTIES} {origin}",
            good=base.good(EMPTIES),
            origin=origin,
            avoids=frozenset(),
            day_usd=base.good(EMPTIES).day_usd,
            rows=sent,
        )


def _hours(network: Network, link: Link) -> float:
    """Running, and half the time between ships on a leg by sea."""
    headways = [
        service.headway_h
        for service in network.services.values()
        if service.headway_h is not None
        and service.mode is link.mode
        and service.calls[0].place == link.from_place
        and any(call.place == link.to_place for call in service.calls)
    ]
    by_sea = link.mode.value not in {"rail", "road"}
    return (link.running_h or 0.0) + (min(headways, default=0.0) / 2 if by_sea else 0.0)


def _ways(
    network: Network,
    base: FreightBase,
    periods: Periods,
    cargoes: Mapping[str, Cargo],
    chains: Mapping[str, Chain],
    hours: Mapping[str, float],
) -> Iterator[Way]:
    costs = {
        cargo.id: dict(_costs(network, base, cargo, chains, hours)) for cargo in cargoes.values()
    }
    kept = {
        cargo.id: useful(
            chains,
            costs[cargo.id],
            begins=_begins(cargo),
            ends=_ends(cargo),
            most=cargo.unserved,
        )
        for cargo in cargoes.values()
    }
    for name, chain in chains.items():
        carries = tuple(
            Carried(
                commodity=cargo.id,
                cost=costs[cargo.id][name],
                use=cargo.good.t_per_unit / 1000,
            )
            for cargo in cargoes.values()
            if name in kept[cargo.id]
        )
        if carries:
            yield Way(
                id=name,
                tail=chain.tail,
                head=chain.head,
                mode=chain.mode.value,
                per_day=own_capacity(network, chain, periods),
                unit="kt",
                carries=carries,
                carrier=chain.links[0].operator,
                country=";".join(dict.fromkeys(c for link in chain.links for c in link.countries)),
                hours=sum(hours[str(link.id)] for link in chain.links),
                travel_h=_travel_h(network, chain, hours, periods),
            )


def _travel_h(
    network: Network, chain: Chain, hours: Mapping[str, float], periods: Periods
) -> float:
    """Hours on a way with its borders, 0 where that is little beside a period."""
    found = sum(hours[str(link.id)] + border_h(network, link) for link in chain.links)
    return found if found >= AT_ONCE * H_PER_D * float(periods.days.min()) else 0.0


def _begins(cargo: Cargo) -> set[str]:
    back = cargo.good.id == EMPTIES
    return {row.destination for row in cargo.rows} if back else {cargo.origin}


def _ends(cargo: Cargo) -> set[str]:
    back = cargo.good.id == EMPTIES
    return {cargo.origin} if back else {row.destination for row in cargo.rows}


def _costs(
    network: Network,
    base: FreightBase,
    cargo: Cargo,
    chains: Mapping[str, Chain],
    hours: Mapping[str, float],
) -> Iterator[tuple[str, float]]:
    """Thousand US dollars a unit on each chain that takes the cargo."""
    for name, chain in chains.items():
        if chain.mode not in cargo.good.modes or chain.mode.value in cargo.avoids:
            continue
        found = [base.costs.get((str(link.id), cargo.good.id)) for link in chain.links]
        if any(
            cost is None or set(link.countries) & cargo.avoids or refuses(network, link, cargo.good)
            for link, cost in zip(chain.links, found, strict=True)
        ):
            continue
        usd = sum(cost.usd for cost in found if cost is not None)
        days = sum(hours[str(link.id)] for link in chain.links) / H_PER_D
        yield name, (usd + days * cargo.day_usd) / 1000


def _volumes(
    seasons: Sequence[Season],
    cargoes: Mapping[str, Cargo],
    periods: Periods,
    scale: Mapping[str, float],
    returns: freight_boxes.Returns,
) -> tuple[list[Volume], list[Volume]]:
    """What comes from where, and what is asked for where."""
    supplies: list[Volume] = []
    demands: list[Volume] = []
    for cargo in cargoes.values():
        back = cargo.good.id == EMPTIES
        amounts: dict[str, list[float]] = {}
        shares = shares_of(seasons, cargo.good.id, cargo.origin, periods)
        for row in cargo.rows:
            volume = row.volume * _factor(scale, row) * (row.returns if back else 1.0)
            told = amounts.setdefault(row.destination, [0.0] * periods.count)
            amounts[row.destination] = [
                before + volume * share for before, share in zip(told, shares, strict=True)
            ]
        whole = tuple(sum(each) for each in zip(*amounts.values(), strict=True))
        away = [
            Volume(
                id=f"{cargo.kind} at {place}",
                place=place,
                commodity=cargo.id,
                amount=tuple(amount),
                price=cargo.unserved - _of_empties(cargo, place, cargoes, returns),
            )
            for place, amount in amounts.items()
        ]
        home = Volume(id=cargo.id, place=cargo.origin, commodity=cargo.id, amount=whole, price=0.0)
        (supplies if back else demands).extend(away)
        (demands if back else supplies).append(home)
    return supplies, demands


def _of_empties(
    cargo: Cargo, place: str, cargoes: Mapping[str, Cargo], returns: freight_boxes.Returns
) -> float:
    """What leaving the boxes would cost that come back of a unit: they were not there."""
    return sum(
        shares[cargo.id] * cargoes[back].unserved
        for (back, at), shares in returns.items()
        if at == place and cargo.id in shares
    )


def _factor(scale: Mapping[str, float], row: FreightDemand) -> float:
    """Factor of a row: that of its group and good, of its group, or 1."""
    return scale.get(f"{row.group} {row.good}", scale.get(row.group, 1.0))


def _takes(ways: Sequence[Way], cargoes: Mapping[str, Cargo], limits: Limits) -> Iterator[Take]:
    for way in ways:
        for carried in way.carries:
            yield from limits.takes(way.id, carried.commodity, cargoes[carried.commodity].good)
