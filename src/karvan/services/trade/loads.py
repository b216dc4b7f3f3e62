"""What trade would load on the corridor: tonnes and TEU, from money and stated factors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from karvan.network.trade import ANY, FactorKind, Goods, TradeFactor, TradeTables, TradeValue
from karvan.services.trade.turnover import Trade, TradeYear

_KG_PER_T = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A figure with its low and high end."""

    low: float
    value: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What goods of a year weigh, and the containers for those that go in containers.

    Attributes
    ----------
    of
        All goods of a way, or a basket of new ones.
    weighed
        Whether the tonnes were counted, and not worked out from what a tonne is worth.
    factors
        What it was worked out with.
    """

    year: int
    origin: str
    destination: str
    of: Goods
    scope: str
    usd: float
    tonnes: Span
    teu: Span
    weighed: bool
    factors: tuple[TradeFactor, ...]


def loads_of(tables: TradeTables, trade: Trade) -> tuple[Load, ...]:
    """Loads of the last year of the main count by way, and of each basket.

    A load in euros is not told: the factors are of US dollars.
    """
    found = []
    for year in _last_whole(trade.series):
        for origin, destination, usd in (
            (trade.pair.first, trade.pair.second, year.there),
            (trade.pair.second, trade.pair.first, year.back),
        ):
            if usd:
                mass_kg = _mass_kg(year.rows, origin)
                ends = (origin, destination)
                found.append(_load(tables, ends, year.year, usd, Goods.ALL, "all goods", mass_kg))
    for basket in trade.baskets:
        if basket.currency == "USD":
            ends = (basket.origin, basket.destination)
            found.append(
                _load(tables, ends, basket.year, basket.money, Goods.BASKET, basket.scope, None)
            )
    return tuple(found)


def _last_whole(series: Sequence[TradeYear]) -> Iterator[TradeYear]:
    told = [each for each in series if each.currency == "USD" and (each.there or each.back)]
    if told:
        yield told[-1]


def _mass_kg(rows: Sequence[TradeValue], origin: str) -> float | None:
    return next((row.net_kg for row in rows if row.origin == origin and row.net_kg), None)


def _load(
    tables: TradeTables,
    ends: tuple[str, str],
    year: int,
    usd: float,
    of: Goods,
    scope: str,
    mass_kg: float | None,
) -> Load:
    """Work out a load.

    With v US dollars, w US dollars a tonne, a share s in containers and l tonnes in a TEU the mass
    is v / w and the containers are v / w * s / l. The low end takes every factor at the end that
    makes it least, the high end at the other: both are wider than what is likely.
    """
    worth = factor(tables, ends, FactorKind.WORTH, of)
    share = factor(tables, ends, FactorKind.IN_BOXES, of)
    load = factor(tables, ends, FactorKind.LOAD, of)
    if mass_kg is None:
        tonnes = Span(low=usd / worth.high, value=usd / worth.value, high=usd / worth.low)
    else:
        mass_t = mass_kg / _KG_PER_T
        tonnes = Span(low=mass_t, value=mass_t, high=mass_t)
    teu = Span(
        low=tonnes.low * share.low / load.high,
        value=tonnes.value * share.value / load.value,
        high=tonnes.high * share.high / load.low,
    )
    used = (share, load) if mass_kg is not None else (worth, share, load)
    origin, destination = ends
    return Load(
        year=year,
        origin=origin,
        destination=destination,
        of=of,
        scope=scope,
        usd=usd,
        tonnes=tonnes,
        teu=teu,
        weighed=mass_kg is not None,
        factors=used,
    )


def factor(tables: TradeTables, ends: tuple[str, str], kind: FactorKind, of: Goods) -> TradeFactor:
    """The factor of a pair, else of any pair; of new goods, else of all goods."""
    mine = [
        row
        for row in tables.factors
        if row.factor is kind
        and row.of in {of, Goods.ALL}
        and row.origin in {ends[0], ANY}
        and row.destination in {ends[1], ANY}
    ]
    return max(mine, key=lambda row: (row.of is of, row.origin != ANY, row.destination != ANY))
