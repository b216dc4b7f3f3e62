"""Turnover of two countries by year and way, each country's own count apart from the other's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from karvan.domain.errors import NotFound
from karvan.network.trade import (
    ChapterValue,
    Flow,
    TradedGood,
    TradeTables,
    TradeValue,
    ValueKind,
)

ALL_GOODS = "all goods"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two countries; amounts `there` go from the first to the second, `back` the other way."""

    first: str
    second: str

    def has(self, row: TradeValue | TradedGood | ChapterValue) -> bool:
        """Whether a row is of the two."""
        return {row.origin, row.destination} == {self.first, self.second}


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeYear:
    """A year of trade as one country counts it.

    Attributes
    ----------
    there, back, turnover
        In whole units of the currency; None where nobody says. A turnover is the one told; where
        none is, or where a direction was imported, it is the sum of both.
    growth
        Share by which the turnover is above that of the year before in the same count.
    times
        Turnover over that of `times_of`, the first year of the same count.
    """

    year: int
    reporter: str
    currency: str
    there: float | None
    back: float | None
    turnover: float | None
    growth: float | None
    times: float | None
    times_of: int | None
    rows: tuple[TradeValue, ...]

    @property
    def estimate(self) -> bool:
        """Whether a figure of it is one."""
        return any(row.estimate for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirror:
    """The turnover of a year by both counts, and how much the other is above the first."""

    year: int
    first: TradeYear
    second: TradeYear
    apart: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterShare:
    """What a chapter is of a way of a year, in a count that was imported."""

    chapter: str
    title: str
    value_usd: float
    share: float
    net_kg: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """Everything that is told of a pair.

    Attributes
    ----------
    main
        Whose count is told first; empty where nobody says whose it is.
    others
        Figures of a part of a year or of some goods, growth as told, goals.
    baskets
        New goods that are ready to be sold.
    basket_years
        Other years of which such are told, where one year alone was asked for.
    """

    pair: Pair
    main: str
    years: tuple[TradeYear, ...]
    mirrors: tuple[Mirror, ...]
    others: tuple[TradeValue, ...]
    baskets: tuple[TradeValue, ...]
    goods: tuple[TradedGood, ...]
    basket_years: tuple[int, ...] = ()

    @property
    def series(self) -> tuple[TradeYear, ...]:
        """The years of the main count."""
        return tuple(each for each in self.years if each.reporter == self.main)


def known_pairs(tables: TradeTables) -> tuple[str, ...]:
    """Pairs of which something is known, as `KZ AZ`; the one with more figures first."""
    count: dict[frozenset[str], int] = defaultdict(int)
    words: dict[frozenset[str], str] = {}
    for row in tables.values:
        both = frozenset({row.origin, row.destination})
        count[both] += 1
        words.setdefault(both, f"{row.origin} {row.destination}")
    return tuple(
        words[each] for each in sorted(words, key=lambda both: (-count[both], words[both]))
    )


def trade_of(tables: TradeTables, first: str, second: str, year: int | None = None) -> Trade:
    """Tell the trade of two countries, or one year of it.

    Raises
    ------
    NotFound
        There is no such country, or nothing is known of the pair, or of that year.
    """
    pair = Pair(first=first.strip().upper(), second=second.strip().upper())
    for name in (pair.first, pair.second):
        if name not in tables.countries:
            known = ", ".join(sorted(tables.countries))
            raise NotFound("no country has this code", given=name, known=known)
    mine = [row for row in tables.values if pair.has(row)]
    if not mine or pair.first == pair.second:
        known = "; ".join(known_pairs(tables))
        raise NotFound(
            "nothing is known of the trade of these two", given=f"{first} {second}", known=known
        )
    years = _years(pair, mine)
    goods = tuple(row for row in tables.goods if pair.has(row))
    whole = {id(row) for each in years for row in each.rows}
    others = [row for row in mine if id(row) not in whole and row.kind is not ValueKind.BASKET]
    baskets = [row for row in mine if row.kind is ValueKind.BASKET]
    elsewhere: list[int] = []
    if year is not None:
        told = sorted({row.year for row in mine})
        if year not in told:
            raise NotFound("no figure of this year", given=year, known=told)
        years = [each for each in years if each.year == year]
        others = [row for row in others if row.year == year]
        goods = tuple(row for row in goods if row.year == year)
        elsewhere = sorted({row.year for row in baskets} - {year})
        baskets = [row for row in baskets if row.year == year]
    return Trade(
        pair=pair,
        main=_main(pair, years),
        years=tuple(years),
        mirrors=tuple(_mirrors(pair, years)),
        others=tuple(sorted(others, key=lambda row: (row.year, row.last_month, row.id))),
        baskets=tuple(baskets),
        goods=goods,
        basket_years=tuple(elsewhere),
    )


def chapters_of(
    tables: TradeTables, origin: str, destination: str, year: int, reporter: str
) -> tuple[ChapterShare, ...]:
    """Chapters of a way of a year in an imported count, the largest first; empty without one."""
    mine = [
        row
        for row in tables.by_chapter
        if (row.origin, row.destination, row.year, row.reporter)
        == (origin, destination, year, reporter)
    ]
    total = sum(row.value_usd for row in mine)
    return tuple(
        ChapterShare(
            chapter=row.chapter,
            title=tables.chapters.get(row.chapter, ""),
            value_usd=row.value_usd,
            share=row.value_usd / total if total else 0.0,
            net_kg=row.net_kg,
        )
        for row in sorted(mine, key=lambda row: (-row.value_usd, row.chapter))
    )


def _years(pair: Pair, rows: Sequence[TradeValue]) -> list[TradeYear]:
    """Whole years of all goods by count, with growth within each count."""
    apart: dict[tuple[int, str, str], list[TradeValue]] = defaultdict(list)
    for row in rows:
        if row.kind is ValueKind.COUNTED and row.whole_year and row.scope == ALL_GOODS:
            apart[row.year, row.reporter, row.currency].append(row)
    turnovers = {key: _turnover(pair, mine) for key, mine in apart.items()}
    found = []
    for (year, reporter, currency), mine in sorted(apart.items()):
        turnover = turnovers[year, reporter, currency]
        before = turnovers.get((year - 1, reporter, currency))
        first = min(
            (y for (y, r, c), told in turnovers.items() if (r, c) == (reporter, currency) and told),
            default=year,
        )
        start = turnovers.get((first, reporter, currency))
        found.append(
            TradeYear(
                year=year,
                reporter=reporter,
                currency=currency,
                there=_way(mine, pair.first),
                back=_way(mine, pair.second),
                turnover=turnover,
                growth=turnover / before - 1 if turnover and before else None,
                times=turnover / start if turnover and start and first < year else None,
                times_of=first if first < year else None,
                rows=tuple(mine),
            )
        )
    return found


def _way(rows: Sequence[TradeValue], origin: str) -> float | None:
    told = [row for row in rows if row.flow is Flow.GOODS and row.origin == origin]
    return told[-1].money if told else None


def _turnover(pair: Pair, rows: Sequence[TradeValue]) -> float | None:
    told = [row.money for row in rows if row.flow is Flow.TURNOVER]
    ways = [_way(rows, each) for each in (pair.first, pair.second)]
    if told and not any(row.imported for row in rows):
        return told[-1]
    if None in ways:
        return None
    return sum(each for each in ways if each is not None)


def _main(pair: Pair, years: Sequence[TradeYear]) -> str:
    """The count with more years; of two, that of the country named first."""
    count: Mapping[str, int] = {
        name: sum(each.reporter == name for each in years) for name in (pair.first, pair.second)
    }
    if any(count.values()):
        return max(count, key=lambda name: (count[name], name == pair.first))
    return years[0].reporter if years else ""


def _mirrors(pair: Pair, years: Sequence[TradeYear]) -> Iterator[Mirror]:
    by_count = {(each.year, each.reporter): each for each in years}
    for each in years:
        other = by_count.get((each.year, pair.second))
        if each.reporter != pair.first or other is None or other.currency != each.currency:
            continue
        if each.turnover and other.turnover:
            apart = other.turnover / each.turnover - 1
            yield Mirror(year=each.year, first=each, second=other, apart=apart)
