"""The oil of a year, made from dated rows of tables: what is lifted, refined, allowed and paid.

What a field lifts is its published figure of the year. Where there is none:

1. a part of the year is counted up by what the country made in the whole year and in that part;
2. else the nearest year is carried, the earlier of two, with 10 % more doubt on both sides.

What the country lifts beside the fields with figures of their own is spread over the others by the
shares of `oil_shares.csv`. A year without a national figure has what was exported and refined, and
the share of own use. Own use, losses and small refineries take a share of the country's output. The
large fields, whose figures are of oil that is sold, lose little of it, and so does Azerbaijan; the
rest of the share falls on the other fields, which feed the small refineries.

Where a part of a year is told, or a rate of some months, the months differ (`oil_months.csv`).

A base year is a year in which nothing fails. Where an outage took output of a field, or shut oil
in for want of a way, it lifts more on all days, so that with the outages it lifts what was
published. What the ways took is no fact; it is what the plan of the year as it went leaves in the
ground (`tools/oil_shut_in.py`), spread over all fields of the same oil, for they share the ways.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, Generic, TypeVar

from karvan.domain.errors import NotFound
from karvan.network.demand import Basis, DemandKind, DemandRow, SupplyRow
from karvan.services.planning.oil_months import MonthRate, of_months
from karvan.services.planning.scenario import (
    BlendPoint,
    Charge,
    FleetLeg,
    LeastFlow,
    LineMinimum,
    LineVolume,
    Loss,
    OilBase,
    Outlet,
    Prices,
    Quality,
    RailWay,
    RampLimit,
    RouteCap,
    Rule,
    ShipFleet,
    Source,
    TankRoom,
    Terminal,
    Volume,
)

T = TypeVar("T")

#: Years that can be a base.
YEARS: Final = (2019, 2021, 2022, 2023, 2024, 2025)
#: The year of each base by the name that a scenario gives it.
OIL_YEARS: Final = MappingProxyType({f"oil-{year}": year for year in YEARS})
COUNTRY: Final = "KZ"
CRUDE: Final = "crude_oil"
LIGHT, BLEND, AZERI = "kazakh light", "kazakh blend", "azeri"
#: Fields that ship by CPC, and have figures of their own.
CPC_FIELDS: Final = ("KZ-TEN", "KZ-KASHAG", "KZ-KARACH")
#: How much further off a figure carried from another year may be, on either side.
CARRIED: Final = 0.10


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated(Generic[T]):
    """A row that holds in the base years from a first to a last, None for all later ones."""

    first_year: int
    last_year: int | None
    row: T

    def holds_in(self, year: int) -> bool:
        """Whether the row is one of a base year."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(Source):
    """A share of the `output`, the `refined` or the `own_use` of the country, by place.

    `own_use_large` is the share that the fields with figures of their own lose.
    """

    of: str
    place: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ShutIn(Source):
    """Share of what fields could lift of a commodity that stayed for want of a way."""

    commodity: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount(Source):
    """A `supply` or `demand` at a place, or what the country `refined`, in Mt a year."""

    kind: str
    place: str
    commodity: str
    mt_per_y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OilTables:
    """What the oil of all years is made from.

    Attributes
    ----------
    lifted, moved
        Rows of demand/supply.csv and demand/demand.csv.
    lost
        Share of its year that a field lost in outages of its own, by place and year.
    shut_in
        What fields lost besides in outages of the ways, by the plan of the year as it went.
    """

    lifted: tuple[SupplyRow, ...]
    moved: tuple[DemandRow, ...]
    share: tuple[Dated[Share], ...]
    amount: tuple[Dated[Amount], ...]
    outlet: tuple[Dated[Outlet], ...]
    way: tuple[Dated[RailWay], ...]
    terminal: tuple[Dated[Terminal], ...]
    tank: tuple[Dated[TankRoom], ...]
    fleet: tuple[Dated[ShipFleet], ...]
    leg: tuple[Dated[FleetLeg], ...]
    cap: tuple[Dated[RouteCap], ...]
    charge: tuple[Dated[Charge], ...]
    prices: tuple[Dated[Prices], ...]
    rule: tuple[Rule, ...]
    ramp: tuple[RampLimit, ...]
    lost: Mapping[tuple[str, int], float] = field(default_factory=dict)
    quality: tuple[Quality, ...] = ()
    blend: tuple[BlendPoint, ...] = ()
    least: tuple[Dated[LeastFlow], ...] = ()
    shut_in: tuple[Dated[ShutIn], ...] = ()
    months: tuple[Dated[MonthRate], ...] = ()
    line: tuple[LineVolume, ...] = ()
    minimum: tuple[LineMinimum, ...] = ()
    loss: tuple[Loss, ...] = ()


@dataclass(frozen=True, slots=True)
class _Figure:
    """Mt of a year, how far it may be off, and where it is from."""

    mt: float
    low: float
    high: float
    estimate: bool
    source: str


def oil_base(tables: OilTables, year: int) -> OilBase:
    """Make the oil of a year.

    Raises
    ------
    NotFound
        The year is none of `YEARS`.
    """
    if year not in YEARS:
        raise NotFound("no such base year", given=str(year), known=tuple(map(str, YEARS)))
    (prices,) = _of(tables.prices, year)
    return OilBase(
        title=f"The oil of {year}",
        supply=tuple(_supply(tables, year)),
        demand=tuple(_demand(tables, year)),
        outlet=_of(tables.outlet, year),
        rail=_of(tables.way, year),
        terminal=_of(tables.terminal, year),
        tank=_of(tables.tank, year),
        fleet=_of(tables.fleet, year),
        cap=_of(tables.cap, year),
        prices=prices,
        leg=_of(tables.leg, year),
        charge=_of(tables.charge, year),
        rule=tables.rule,
        ramp=tables.ramp,
        quality=tables.quality,
        blend=tables.blend,
        least=_of(tables.least, year),
        line=tables.line,
        minimum=tables.minimum,
        loss=tables.loss,
    )


def _of(rows: Sequence[Dated[T]], year: int) -> tuple[T, ...]:
    return tuple(each.row for each in rows if each.holds_in(year))


def _shares(tables: OilTables, year: int, of: str) -> Mapping[str, Share]:
    return {each.place: each for each in _of(tables.share, year) if each.of == of}


def _supply(tables: OilTables, year: int) -> Iterator[Volume]:
    of_all = _shares(tables, year, "own_use")[COUNTRY]
    of_large = _shares(tables, year, "own_use_large")[COUNTRY]
    national = _national(tables, year)
    rates, of_country = _of(tables.months, year), (COUNTRY, national.mt)
    fields = {place: _field(tables, place, year) for place in CPC_FIELDS}
    large = tuple(_volume(place, LIGHT, figure, of_large) for place, figure in fields.items())
    for each in large:
        own = each.place, fields[each.place].mt
        by_month = of_months(rates, (own, of_country), year)
        yield replace(_unlost(tables, year, each), by_month=by_month)
    rest = national.mt * (1 - of_all.share) - sum(each.mt_per_y for each in large)
    for place, share in _shares(tables, year, "output").items():
        small = Volume(
            place=place,
            commodity=BLEND,
            mt_per_y=rest * share.share,
            low=rest * (share.share if share.low is None else share.low),
            high=rest * (share.share if share.high is None else share.high),
            estimate=True,
            source=f"{share.share:g} of what is left of {national.source}, "
            f"less {of_all.share:.1%} of own use",
        )
        by_month = of_months(rates, (of_country,), year)
        yield replace(_unlost(tables, year, small), by_month=by_month)
    for row in _of(tables.amount, year):
        if row.kind == "supply":
            found = Volume(
                place=row.place,
                commodity=row.commodity,
                mt_per_y=row.mt_per_y,
                low=row.low,
                high=row.high,
                estimate=row.estimate,
                source=row.source,
            )
            left = 1 - of_large.share
            yield _times(found, left) if row.commodity == AZERI else found


def _volume(place: str, commodity: str, figure: _Figure, own: Share) -> Volume:
    """What a field hands over: its output without own use."""
    left = 1 - own.share
    return Volume(
        place=place,
        commodity=commodity,
        mt_per_y=figure.mt * left,
        low=figure.low * left,
        high=figure.high * left,
        estimate=True,
        source=f"{figure.source}, less {own.share:.1%} of own use",
    )


def _unlost(tables: OilTables, year: int, row: Volume) -> Volume:
    """What a field would have handed over without the outages of the year."""
    lost = tables.lost.get((row.place, year), 0.0)
    for each in _of(tables.shut_in, year):
        if each.commodity == row.commodity:
            lost = 1 - (1 - lost) * (1 - each.share)
    if not lost:
        return row
    source = f"{row.source}, without the {lost:.1%} that outages took"
    return replace(_times(row, 1 / (1 - lost)), source=source)


def _times(row: Volume, factor: float) -> Volume:
    low, high = (None if edge is None else edge * factor for edge in (row.low, row.high))
    return replace(row, mt_per_y=row.mt_per_y * factor, low=low, high=high)


def _lifted(tables: OilTables, place: str, year: int, basis: Basis) -> SupplyRow | None:
    found = (
        row
        for row in tables.lifted
        if (row.place, row.commodity, row.year, row.kind, row.basis)
        == (place, CRUDE, year, DemandKind.PRODUCTION, basis)
    )
    return next(found, None)


def _figure(row: SupplyRow, factor: float = 1.0, *, doubt: float = 0.0, why: str = "") -> _Figure:
    mt = row.volume * factor
    low, high = (row.volume if edge is None else edge for edge in (row.low, row.high))
    return _Figure(
        mt=mt,
        low=low * factor - doubt * mt,
        high=high * factor + doubt * mt,
        estimate=row.estimate or bool(why),
        source=";".join(row.fact) + why,
    )


def _field(tables: OilTables, place: str, year: int) -> _Figure:
    whole = _lifted(tables, place, year, Basis.YEAR)
    if whole is not None:
        return _figure(whole)
    part = _lifted(tables, place, year, Basis.PART_YEAR)
    of_part = _lifted(tables, COUNTRY, year, Basis.PART_YEAR)
    of_year = _lifted(tables, COUNTRY, year, Basis.YEAR)
    if part and of_part and of_year and part.scope == of_part.scope:
        factor = of_year.volume / of_part.volume
        return _figure(part, factor, doubt=0.05, why=f", counted up from {part.scope}")
    near = min(
        (other for other in YEARS if _lifted(tables, place, other, Basis.YEAR)),
        key=lambda other: (abs(other - year), other),
    )
    row = _lifted(tables, place, near, Basis.YEAR)
    assert row is not None  # it is one of the years with a row
    return _figure(row, doubt=CARRIED, why=f", carried from {near}")


def _national(tables: OilTables, year: int) -> _Figure:
    row = _lifted(tables, COUNTRY, year, Basis.YEAR)
    if row is not None:
        return _figure(row)
    own = _shares(tables, year, "own_use")[COUNTRY]
    sent, refined = _moved(tables, "*", year), _refined(tables, year)
    if sent is None:
        raise NotFound("no output and no exports are told of the year", given=str(year))
    mt = (sent.volume + refined.mt) / (1 - own.share)
    source = f"{';'.join(sent.fact)} + {refined.source} + own use"
    return _Figure(mt=mt, low=mt * 0.98, high=mt * 1.02, estimate=True, source=source)


def _moved(tables: OilTables, destination: str, year: int) -> DemandRow | None:
    found = (
        row
        for row in tables.moved
        if (row.origin, row.destination, row.commodity, row.year, row.kind, row.basis)
        == (COUNTRY, destination, CRUDE, year, DemandKind.DEMAND, Basis.YEAR)
    )
    return next(found, None)


def _refined(tables: OilTables, year: int) -> _Figure:
    """What the refineries of the country took; of the next year that has a figure, if need be."""
    for own in (row for row in _of(tables.amount, year) if row.kind == "refined"):
        low, high = own.low or own.mt_per_y, own.high or own.mt_per_y
        return _Figure(own.mt_per_y, low, high, own.estimate, own.source)
    near = min(
        (other for other in YEARS if _moved(tables, COUNTRY, other)),
        key=lambda other: (abs(other - year), other),
    )
    row = _moved(tables, COUNTRY, near)
    assert row is not None  # it is one of the years with a row
    why = "" if near == year else f", carried from {near}"
    doubt = 0.02 if near == year else CARRIED
    mt = row.volume
    low, high = mt * (1 - doubt), mt * (1 + doubt)
    return _Figure(mt, low, high, row.estimate or bool(why), ";".join(row.fact) + why)


def _demand(tables: OilTables, year: int) -> Iterator[Volume]:
    refined = _refined(tables, year)
    for place, share in _shares(tables, year, "refined").items():
        low = share.share if share.low is None else share.low
        high = share.share if share.high is None else share.high
        yield Volume(
            place=place,
            commodity=BLEND,
            mt_per_y=refined.mt * share.share,
            low=refined.low * low,
            high=refined.high * high,
            estimate=True,
            source=f"{share.share:g} of {refined.source}",
        )
    for row in _of(tables.amount, year):
        if row.kind == "demand":
            yield Volume(
                place=row.place,
                commodity=row.commodity,
                mt_per_y=row.mt_per_y,
                low=row.low,
                high=row.high,
                estimate=row.estimate,
                source=row.source,
            )
