"""Runs and tornados as tables: every figure with its interval, and what to find out next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from karvan.services.planning.estimates import Estimate
from karvan.services.planning.result_tables import Table, table_of
from karvan.services.planning.results import About
from karvan.services.planning.sampled_telling import LEAST_KT, UNITS, lines
from karvan.services.planning.sampling import Sample, Told, interval
from karvan.services.planning.tornado import Tornado

_DIGITS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledRow:
    """A figure over all periods, as told and where 8 in 10 runs lie."""

    what: Annotated[str, About("name of the figure, or what happens")]
    where: Annotated[
        str, About("id of the place, link or limit, name of the corridor or carrier; or empty")
    ]
    good: Annotated[str, About("of which good or trade; empty for all")]
    unit: Annotated[str, About("its unit")]
    told: Annotated[float, About("with every estimate as told", "`unit`")]
    low: Annotated[float, About("one run in ten lies below", "`unit`")]
    median: Annotated[float, About("half of the runs lie below", "`unit`")]
    high: Annotated[float, About("one run in ten lies above", "`unit`")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledMonthRow:
    """An amount of a month, where 8 in 10 runs lie."""

    what: Annotated[str, About("what happens")]
    where: Annotated[str, About("id of the place or link; empty for the whole")]
    month: Annotated[str, About("the month, like 2025-12")]
    unit: Annotated[str, About("kt: a thousand tonnes")]
    low: Annotated[float, About("one run in ten lies below", "kt")]
    median: Annotated[float, About("half of the runs lie below", "kt")]
    high: Annotated[float, About("one run in ten lies above", "kt")]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnRow:
    """An estimate that was drawn anew in each run."""

    estimate: Annotated[str, About("table and row")]
    figure: Annotated[str, About("name of the figure, with its unit at the end")]
    value: Annotated[float, About("as told")]
    low: Annotated[float, About("never below")]
    high: Annotated[float, About("never above")]
    source: Annotated[str, About("where it is from")]


@dataclass(frozen=True, slots=True, kw_only=True)
class TornadoRow:
    """What an estimate does to a figure; of each figure the widest swing first."""

    figure: Annotated[str, About("name of the figure")]
    unit: Annotated[str, About("its unit")]
    told: Annotated[float, About("with every estimate as told", "`unit`")]
    estimate: Annotated[str, About("table and row")]
    low: Annotated[float, About("low end of the estimate")]
    high: Annotated[float, About("its high end")]
    at_low: Annotated[float, About("the figure with the estimate there", "`unit`")]
    at_high: Annotated[float, About("the figure with the estimate there", "`unit`")]
    share: Annotated[
        float | None, About("how much of the order of the runs it explains, from 0 to 1")
    ]
    chance: Annotated[
        float | None, About("the largest share of all is beyond this by chance once in 20 samples")
    ]
    told_apart: Annotated[bool, About("whether the share is beyond that")]


#: Kinds of rows, by the name of their table.
KINDS: Final[Mapping[str, type[Any]]] = {
    "sampled": SampledRow,
    "sampled_months": SampledMonthRow,
    "drawn": DrawnRow,
    "tornado": TornadoRow,
}


def sampled_tables(drawn: Sample, told: Told, tornados: Mapping[str, Tornado]) -> tuple[Table, ...]:
    """All four tables of the first scenario of a sample."""
    return (
        table_of("sampled", SampledRow, list(_figures(drawn, told))),
        table_of("sampled_months", SampledMonthRow, list(_months(drawn))),
        drawn_table(drawn),
        table_of("tornado", TornadoRow, list(_swings(tornados))),
    )


def drawn_table(drawn: Sample) -> Table:
    """`drawn`: what was drawn."""
    return drawn_rows(drawn.estimates)


def drawn_rows(estimates: Sequence[Estimate]) -> Table:
    """`drawn`, of these estimates."""
    return table_of(
        "drawn",
        DrawnRow,
        [
            DrawnRow(
                estimate=each.name,
                figure=each.figure,
                value=float(each.value),
                low=float(each.low),
                high=float(each.high),
                source=each.source,
            )
            for each in estimates
        ],
    )


def _figures(drawn: Sample, told: Told) -> Iterator[SampledRow]:
    for line in lines(drawn.of[0], told):
        low, median, high = (
            float(each) for each in (line.found.low, line.found.median, line.found.high)
        )
        yield SampledRow(
            what=line.what,
            where=line.where,
            good=line.good,
            unit=line.unit,
            told=_rounded(line.told),
            low=_rounded(low),
            median=_rounded(median),
            high=_rounded(high),
        )


def _months(drawn: Sample) -> Iterator[SampledMonthRow]:
    sampled = drawn.of[0]
    for (what, where), draws in sampled.by_month.items():
        if draws.max() < LEAST_KT:
            continue
        found = interval(draws)
        for number, month in enumerate(sampled.months):
            yield SampledMonthRow(
                what=what,
                where=where,
                month=month,
                unit="kt",
                low=_rounded(float(found.low[number])),
                median=_rounded(float(found.median[number])),
                high=_rounded(float(found.high[number])),
            )


def _swings(tornados: Mapping[str, Tornado]) -> Iterator[TornadoRow]:
    for name, found in tornados.items():
        for each in found.swings:
            yield TornadoRow(
                figure=name,
                unit=UNITS[name],
                told=_rounded(found.value),
                estimate=each.estimate.name,
                low=float(each.estimate.low),
                high=float(each.estimate.high),
                at_low=_rounded(each.at_low),
                at_high=_rounded(each.at_high),
                share=None if each.share is None else _rounded(each.share),
                chance=None if found.chance is None else _rounded(found.chance),
                told_apart=each.apart,
            )


def _rounded(value: float) -> float:
    return round(value, _DIGITS) + 0.0
