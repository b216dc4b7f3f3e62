"""The trade of two countries as people read it: sentences, bars and tables, for any medium."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from karvan.network.trade import (
    ANY,
    Flow,
    TradeFactor,
    TradeTables,
    TradeValue,
    ValueKind,
)
from karvan.services.trade.loads import Load, Span
from karvan.services.trade.turnover import ChapterShare, Trade, TradeYear, chapters_of
from karvan.services.words import Labels, phrase, spoken, tell_message

#: Chapters that are shown of a way.
SHOWN: Final = 8
_MILLION: Final = 1e6

FACTORS: Final = Labels(
    "trade-factor",
    {
        "worth": "what a tonne is worth",
        "in boxes": "share in containers",
        "load": "load of a container",
    },
)
OF: Final = Labels("trade-goods", {"all": "all goods", "basket": "new goods"})
KINDS: Final = Labels(
    "trade-kind",
    {
        "growth": "growth",
        "goal": "goal",
    },
)
UNITS: Final = Labels(
    "trade-unit",
    {
        "%": "%",
        "M USD": "M USD",
        "bn USD": "bn USD",
        "bn EUR": "bn EUR",
        "M EUR": "M EUR",
        "USD/t": "USD/t",
        "t/TEU": "t/TEU",
        "share": "share",
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A table: its heading, its columns, its rows, which columns are numbers, what stands under."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TradePaper:
    """Everything that is told of a pair, in the language of the reader.

    Attributes
    ----------
    facts
        Sentences under the finding.
    turnover
        The years of the main count: label, and millions of the currency.
    years, more
        The table of the years, and the others.
    """

    title: str
    finding: str
    facts: tuple[str, ...]
    turnover: tuple[tuple[str, float], ...]
    unit: str
    years: Listed | None
    more: tuple[Listed, ...]


def paper_of(tables: TradeTables, trade: Trade, loads: Sequence[Load]) -> TradePaper:
    """Tell a pair."""
    first, second = country(trade.pair.first), country(trade.pair.second)
    told = [each for each in trade.series if each.turnover]
    more = [*_chapters(tables, trade), *_goods(trade), *_loads(loads), *_others(trade.others)]
    return TradePaper(
        title=phrase("The trade of {first} and {second}", first=first, second=second),
        finding=_finding(trade),
        facts=(*_mirrors(trade), *_baskets(trade)),
        turnover=tuple((str(each.year), (each.turnover or 0.0) / _MILLION) for each in told),
        unit=_unit(f"M {told[-1].currency}") if told else "",
        years=_years(trade) if trade.years else None,
        more=tuple(more),
    )


def country(code: str) -> str:
    """Name of a country in the language of the reader; its code in English tables."""
    return spoken().country(code)


def _unit(of: str) -> str:
    return UNITS.get(of, of)


def _way(origin: str, destination: str) -> str:
    return f"{origin} > {destination}"


def _finding(trade: Trade) -> str:
    told = [each for each in trade.series if each.turnover]
    if not told:
        return phrase("No turnover of a whole year is known.")
    last = told[-1]
    lines = [
        phrase(
            "{amount} M {currency} in {year}, as {who} counts.",
            amount=_told(last.turnover),
            currency=last.currency,
            year=str(last.year),
            who=country(last.reporter) if last.reporter else "?",
        )
    ]
    amount = last.turnover or 0.0
    if last.growth is not None:
        lines.append(
            phrase(
                "{growth} on the {amount} of {before}.",
                growth=_percent(last.growth),
                amount=_told(amount / (1 + last.growth)),
                before=str(last.year - 1),
            )
        )
    if last.times is not None and last.times_of != last.year - 1:
        lines.append(
            phrase(
                "{times} times the {amount} of {first}.",
                times=spoken().number(last.times, 1),
                amount=_told(amount / last.times),
                first=str(last.times_of),
            )
        )
    return " ".join(lines)


def _mirrors(trade: Trade) -> Iterator[str]:
    """How far the two counts of the last year of both lie apart."""
    for mirror in trade.mirrors[-1:]:
        words = phrase("{share} more", share=_percent(abs(mirror.apart), sign=False))
        if mirror.apart < 0:
            words = phrase("{share} less", share=_percent(abs(mirror.apart), sign=False))
        yield phrase(
            "{other} counts {amount} M {currency} in {year}, {apart} than {one}: the two never"
            " agree, and none is corrected here.",
            other=country(trade.pair.second),
            amount=_told(mirror.second.turnover),
            currency=mirror.second.currency,
            year=str(mirror.year),
            apart=words,
            one=country(trade.pair.first),
        )


def _baskets(trade: Trade) -> Iterator[str]:
    for row in trade.baskets:
        yield phrase(
            "New goods, {way}, told for {year}: {scope}, {amount} {unit}.",
            way=_way(row.origin, row.destination),
            year=str(row.year),
            scope=tell_message(row.scope),
            amount=spoken().number(row.money / _MILLION, 0),
            unit=_unit(f"M {row.currency}"),
        )
    if trade.basket_years:
        yield phrase(
            "New goods that are ready to be sold are told for other years: {years}.",
            years=", ".join(map(str, trade.basket_years)),
        )


def _years(trade: Trade) -> Listed:
    first, second = trade.pair.first, trade.pair.second
    rows = tuple(
        (
            str(each.year),
            each.reporter or "?",
            _told(each.there) + _mark(each, Flow.GOODS, first),
            _told(each.back) + _mark(each, Flow.GOODS, second),
            _told(each.turnover) + _mark(each, Flow.TURNOVER),
            "" if each.growth is None else _percent(each.growth),
            _unit(f"M {each.currency}"),
            ", ".join(dict.fromkeys(key for row in each.rows for key in row.source)),
        )
        for each in trade.years
    )
    heads = (
        phrase("year"), phrase("count of"), _way(first, second), _way(second, first),
        phrase("both"), phrase("growth"), phrase("in"), phrase("source"),
    )  # fmt: skip
    starred = any(each.estimate for each in trade.years)
    notes = (phrase("* an estimate"),) if starred else ()
    title = phrase("Turnover by year, each count by itself")
    return Listed(
        title=title, heads=heads, rows=rows, numbers=(2, 3, 4, 5), notes=(*notes, *_notes(trade))
    )


def _mark(year: TradeYear, flow: Flow, origin: str = "") -> str:
    """A star beside what is an estimate."""
    rows = [row for row in year.rows if row.flow is flow and origin in {"", row.origin}]
    return " *" if any(row.estimate for row in rows) else ""


def _notes(trade: Trade) -> Iterator[str]:
    for each in trade.years:
        for row in each.rows:
            if row.note:
                both = row.flow is Flow.TURNOVER
                way = "" if both else f", {_way(row.origin, row.destination)}"
                yield f"{each.year}, {each.reporter or '?'}{way}: {tell_message(row.note)}"


def _chapters(tables: TradeTables, trade: Trade) -> Iterator[Listed]:
    pair = trade.pair
    for each in trade.years:
        for ends in ((pair.first, pair.second), (pair.second, pair.first)):
            shares = chapters_of(tables, *ends, each.year, each.reporter)
            if shares:
                yield _of_chapters(shares, _way(*ends), each)


def _of_chapters(shares: Sequence[ChapterShare], way: str, year: TradeYear) -> Listed:
    rows = [
        (
            share.chapter,
            share.title,
            spoken().number(share.value_usd / _MILLION, 1),
            _percent(share.share, sign=False),
            "" if share.net_kg is None else spoken().number(share.net_kg / 1000, 0),
        )
        for share in shares[:SHOWN]
    ]
    rest = shares[SHOWN:]
    if rest:
        left = spoken().number(sum(share.value_usd for share in rest) / _MILLION, 1)
        part = _percent(sum(share.share for share in rest), sign=False)
        rows.append(("", phrase("others"), left, part, ""))
    return Listed(
        title=phrase(
            "Chapters of {way} in {year}, count of {who}",
            way=way,
            year=str(year.year),
            who=year.reporter,
        ),
        heads=("HS", phrase("goods"), _unit("M USD"), phrase("share"), phrase("t")),
        rows=tuple(rows),
        numbers=(2, 3, 4),
    )


def _goods(trade: Trade) -> Iterator[Listed]:
    if not trade.goods:
        return
    rows = []
    for row in trade.goods:
        headings = ", ".join(code for code in row.hs if len(code) > 2)
        chapter = ", ".join(dict.fromkeys(code[:2] for code in row.hs))
        hs = f"{chapter} ({headings})" if headings else chapter
        rows.append(
            (
                _way(row.origin, row.destination),
                str(row.year),
                tell_message(row.goods),
                f"{hs} *" if row.estimate else hs,
                tell_message(row.note),
                ", ".join(row.source),
            )
        )
    starred = any(row.estimate for row in trade.goods)
    yield Listed(
        title=phrase("Goods that are named, with HS chapter and headings"),
        heads=(
            phrase("way"), phrase("year"), phrase("goods"), "HS", phrase("what is told"),
            phrase("source"),
        ),
        rows=tuple(rows),
        notes=(phrase("* an estimate"),) if starred else (),
    )  # fmt: skip


def _loads(loads: Sequence[Load]) -> Iterator[Listed]:
    if not loads:
        return
    rows = []
    for load in loads:
        tonnes = _span(load.tonnes, 1000)
        mass = phrase("{mass}, weighed", mass=tonnes) if load.weighed else tonnes
        way = _way(load.origin, load.destination)
        rows.append((way, str(load.year), tell_message(load.scope), mass, _span(load.teu, 1)))
    factors = {row.id: row for load in loads for row in load.factors}
    yield Listed(
        title=phrase("What this would load on the corridor, low and high in brackets"),
        heads=(
            phrase("way"), phrase("year"), phrase("goods"), phrase("thousand t a year"),
            phrase("TEU a year"),
        ),
        rows=tuple(rows),
        numbers=(3, 4),
        notes=tuple(map(_factor, factors.values())),
    )  # fmt: skip


def _factor(each: TradeFactor) -> str:
    ends = phrase("any pair")
    if ANY not in {each.origin, each.destination}:
        ends = _way(each.origin, each.destination)
    return phrase(
        "Factor: {factor}, {of}, {ends}: {value} ({low} to {high}) {unit}; {note}.",
        factor=FACTORS[each.factor.value],
        of=OF[each.of.value],
        ends=ends,
        value=_plain(each.value),
        low=_plain(each.low),
        high=_plain(each.high),
        unit=_unit(each.unit),
        note=tell_message(each.note),
    )


def _others(rows: Sequence[TradeValue]) -> Iterator[Listed]:
    if not rows:
        return
    listed = []
    for row in rows:
        goods = row.flow is Flow.GOODS
        way = _way(row.origin, row.destination) if goods else phrase("both ways")
        what = f"{way}, {tell_message(row.scope)}"
        if row.kind is not ValueKind.COUNTED:
            what = f"{what}, {KINDS.get(row.kind.value, row.kind.value)}"
        months = "" if row.whole_year else f"{row.first_month}-{row.last_month}"
        listed.append(
            (
                str(row.year), months, row.reporter, what, _plain(row.value), _unit(row.unit),
                ", ".join(row.source),
            )
        )  # fmt: skip
    yield Listed(
        title=phrase("Parts of years, growth and goals as they were told"),
        heads=(
            phrase("year"), phrase("months"), phrase("count of"), phrase("what"),
            phrase("value"), "", phrase("source"),
        ),
        rows=tuple(listed),
        numbers=(4,),
    )  # fmt: skip


def _told(amount: float | None) -> str:
    return "" if amount is None else spoken().number(amount / _MILLION, 1)


def _percent(share: float, *, sign: bool = True) -> str:
    told = spoken().number(abs(share) * 100, 1)
    mark = "" if not sign else "-" if share < 0 else "+"
    return f"{mark}{told}%"


def _plain(value: float) -> str:
    """A number with the decimals it has."""
    _, _, decimals = f"{value:g}".partition(".")
    return spoken().number(value, len(decimals))


def _span(span: Span, unit: float) -> str:
    low, value, high = (
        spoken().number(each / unit, 0) for each in (span.low, span.value, span.high)
    )
    return value if span.low == span.high else f"{value} ({low} - {high})"
