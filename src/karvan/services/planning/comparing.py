"""Two cases side by side: what differs between them, and what that changes.

A difference whose interval holds zero may be chance, and is said to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Final

from karvan.services.planning.cases import Case, Spread, differences
from karvan.services.planning.figures import FIGURES, Trade, left_by_month, outlets, ways_out
from karvan.services.planning.result_tables import Table, table_of
from karvan.services.planning.results import About
from karvan.services.planning.sampled_amounts import FREIGHT_LEFT, LEFT_BEHIND, Amount
from karvan.services.words import phrase, spoken

#: Ends of a figure that no runs give.
_UNSURE: Final[tuple[float | None, float | None]] = (None, None)
#: What the cost of a tonne is rounded to.
_DIME_USD: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureLine:
    """A figure of both cases; the ends are None where no runs give them."""

    key: Annotated[str, About("name of the figure")]
    a: Annotated[float, About("in case A")]
    b: Annotated[float, About("in case B")]
    difference: Annotated[float, About("B less A")]
    low: Annotated[float | None, About("low end of the difference")]
    high: Annotated[float | None, About("high end of the difference")]
    a_low: Annotated[float | None, About("low end in case A")] = None
    a_high: Annotated[float | None, About("high end in case A")] = None
    b_low: Annotated[float | None, About("low end in case B")] = None
    b_high: Annotated[float | None, About("high end in case B")] = None

    @property
    def may_be_chance(self) -> bool:
        """Whether the interval of the difference holds zero, and more than that."""
        if self.low is None or self.high is None:
            return False
        return self.low <= 0 <= self.high and self.low < self.high

    @property
    def decimals(self) -> int:
        """Decimals it is told with."""
        return FIGURES[self.key].decimals


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedAmount:
    """An amount of both cases."""

    what: Annotated[str, About("`ways out`, `sold at`, `left behind`, or a part of the freight")]
    of: Annotated[str, About("id of a link or a place, or a month")]
    unit: Annotated[str, About("its unit: Mt is a million tonnes")]
    a: Annotated[float, About("in case A")]
    b: Annotated[float, About("in case B")]
    difference: Annotated[float, About("B less A")]
    low: Annotated[float | None, About("low end of the difference; empty without runs")] = None
    high: Annotated[float | None, About("high end of the difference")] = None
    a_low: Annotated[float | None, About("low end in case A; empty without runs")] = None
    a_high: Annotated[float | None, About("high end in case A")] = None
    b_low: Annotated[float | None, About("low end in case B; empty without runs")] = None
    b_high: Annotated[float | None, About("high end in case B")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Case B against case A.

    Attributes
    ----------
    differs
        What differs between the scenarios, a sentence each.
    spread
        Of the differences B - A, run by run; None without runs.
    """

    a: Case
    b: Case
    differs: tuple[str, ...]
    figures: tuple[FigureLine, ...]
    amounts: tuple[PairedAmount, ...]
    spread: Spread | None = None

    def line(self, key: str) -> FigureLine:
        """A figure by its key."""
        return next(each for each in self.figures if each.key == key)


def compare(a: Case, b: Case, spread: Spread | None = None) -> Comparison:
    """Compare two cases; `spread` is that of the differences, run by run."""
    before = {each.key: each.value for each in a.figures}
    after = {each.key: each.value for each in b.figures}
    lines = tuple(
        _line(key, (before[key], after[key]), (spread, a.spread, b.spread))
        for key in before
        if key in after
    )
    amounts = (
        *paired("ways out", ways_out(a.told), ways_out(b.told)),
        *paired("sold at", outlets(a.told), outlets(b.told)),
        *paired("left behind", *_left(a, b)),
        *_freight_beside(a, b),
    )
    return Comparison(
        a=a,
        b=b,
        differs=(*_time(a, b), *differences(a.scenario, b.scenario)),
        figures=lines,
        amounts=tuple(_sure(each, (spread, a.spread, b.spread)) for each in amounts),
        spread=spread,
    )


def _line(key: str, values: tuple[float, float], spreads: tuple[Spread | None, ...]) -> FigureLine:
    """A figure, with the ends of the difference and of both cases."""
    a, b = values
    ends = [each.figures.get(key, _UNSURE) if each else _UNSURE for each in spreads]
    (low, high), (a_low, a_high), (b_low, b_high) = ends
    return FigureLine(
        key=key,
        a=a,
        b=b,
        difference=b - a,
        low=low,
        high=high,
        a_low=a_low,
        a_high=a_high,
        b_low=b_low,
        b_high=b_high,
    )


def _sure(amount: PairedAmount, spreads: tuple[Spread | None, ...]) -> PairedAmount:
    """An amount with the ends of its difference and of both cases, where runs give them."""
    name = Amount(amount.what, amount.of, "", amount.unit)
    # What no run names is nothing in all of them; months of other times have no name in common.
    unnamed = _UNSURE if amount.what in {LEFT_BEHIND, FREIGHT_LEFT} else (0.0, 0.0)
    (low, high), (a_low, a_high), (b_low, b_high) = (
        each.amounts.get(name, unnamed) if each else _UNSURE for each in spreads
    )
    return replace(
        amount, low=low, high=high, a_low=a_low, a_high=a_high, b_low=b_low, b_high=b_high
    )


def _freight_beside(a: Case, b: Case) -> tuple[PairedAmount, ...]:
    """Amounts of the freight, where the oil is told first."""
    if not all(len(case.trades) > 1 for case in (a, b)):
        return ()
    one, other = (case.telling(Trade.FREIGHT) for case in (a, b))
    return (
        *paired("freight over borders", ways_out(one.told), ways_out(other.told)),
        *paired("freight delivered", outlets(one.told), outlets(other.told)),
        *paired("freight left behind", *_left(one, other)),
    )


def paired(what: str, a: Mapping[str, float], b: Mapping[str, float]) -> tuple[PairedAmount, ...]:
    """Amounts of both cases in Mt, in the order of A, then what only B has."""
    return tuple(
        PairedAmount(
            what=what,
            of=of,
            unit="Mt",
            a=a.get(of, 0.0),
            b=b.get(of, 0.0),
            difference=b.get(of, 0.0) - a.get(of, 0.0),
        )
        for of in dict.fromkeys((*a, *b))
    )


def tables_of(found: Comparison) -> tuple[Table, ...]:
    """The figures and the amounts as tables."""
    return (
        table_of("figures", FigureLine, found.figures),
        table_of("amounts", PairedAmount, found.amounts),
    )


def as_json(found: Comparison) -> Mapping[str, object]:
    """Everything that is told of a comparison."""
    return {
        "a": _case(found.a),
        "b": _case(found.b),
        "differs": list(found.differs),
        "finding": finding(found),
        "runs": found.spread.runs if found.spread else 0,
        "figures": [
            {
                "figure": line.key,
                "unit": FIGURES[line.key].unit,
                "a": _told(line.a),
                "b": _told(line.b),
                "difference": _told(line.difference),
                "interval": _ends(line.low, line.high),
                "a_interval": _ends(line.a_low, line.a_high),
                "b_interval": _ends(line.b_low, line.b_high),
                "may_be_chance": line.may_be_chance,
            }
            for line in found.figures
        ],
        **{
            what.replace(" ", "_"): [
                {
                    "of": each.of,
                    "a": _told(each.a),
                    "b": _told(each.b),
                    "difference": _told(each.difference),
                    "interval": _ends(each.low, each.high),
                    "a_interval": _ends(each.a_low, each.a_high),
                    "b_interval": _ends(each.b_low, each.b_high),
                }
                for each in found.amounts
                if each.what == what
            ]
            for what in _always_and(each.what for each in found.amounts)
        },
    }


def _always_and(told: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(("ways out", "sold at", "left behind", *told)))


def finding(found: Comparison) -> str:
    """The one sentence that a comparison comes to."""
    common = [trade for trade in found.a.trades if trade in found.b.trades]
    if not common or found.a.oil is not found.b.oil:
        return phrase("A and B are of different goods")
    if len(common) == 1:
        sent = "exported" if found.b.oil else "carried"
        return _found(found, "left_behind", sent, "carriage_per_t")
    return phrase(
        "Oil: {oil}. Freight: {freight}",
        oil=_found(found, "left_behind", "exported", "carriage_per_t"),
        freight=_found(found, "freight_left_behind", "carried", "freight_per_t"),
    )


def _found(found: Comparison, left_behind: str, sent: str, cost: str) -> str:
    """The sentence of one trade, by its figures: what it leaves, what it sends, what that costs."""
    left = found.line(left_behind)
    number = spoken().number
    if left.may_be_chance:
        return phrase("What is left behind may differ by chance alone")
    # Less than 5 thousand tonnes is nothing at two decimals of a million.
    if abs(left.difference) < 0.005:
        out = found.line(sent)
        if abs(out.difference) < 0.005:
            return _same(found.line(cost))
        return phrase(
            "B sends out {more} Mt {direction} than A, and leaves behind the same",
            more=number(abs(out.difference), 2),
            direction=phrase("more") if out.difference > 0 else phrase("less"),
        )
    if left.difference < 0:
        return phrase(
            "B saves {saved} Mt of {a} Mt left behind",
            saved=number(-left.difference, 2),
            a=number(left.a, 2),
        )
    return phrase(
        "B leaves behind {b} Mt, {more} Mt more than A",
        b=number(left.b, 2),
        more=number(left.difference, 2),
    )


def _same(cost: FigureLine) -> str:
    """Of cases that move the same: which of them does so cheaper, by a dime a tonne or more."""
    if cost.may_be_chance or abs(cost.difference) < _DIME_USD / 2:
        return phrase("A and B send out and leave behind the same")
    return phrase(
        "A and B send out and leave behind the same; in B a tonne is {amount} USD {direction}",
        amount=spoken().number(abs(cost.difference), 1),
        direction=phrase("cheaper to carry") if cost.difference < 0 else phrase("dearer to carry"),
    )


def _case(case: Case) -> Mapping[str, object]:
    return {
        "scenario": case.scenario.name,
        "title": case.title,
        "scenario_hash": case.manifest.scenario_hash,
        "network": case.manifest.network,
        "months": list(case.results.months),
    }


def _time(a: Case, b: Case) -> tuple[str, ...]:
    """Say when the cases are of times that are not equally long."""
    counts = [len(case.results.months) for case in (a, b)]
    if counts[0] == counts[1]:
        return ()
    return (
        phrase(
            "A covers {a} periods and B {b}: their amounts are of different times",
            a=counts[0],
            b=counts[1],
        ),
    )


def _left(a: Case, b: Case) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Left behind by month; by the number of the month where the months are others."""
    same = a.results.months == b.results.months
    named = [
        case.results.months if same else [str(n) for n, _ in enumerate(case.results.months, 1)]
        for case in (a, b)
    ]
    left = [
        dict(zip(names, left_by_month(case.told), strict=True))
        for names, case in zip(named, (a, b), strict=True)
    ]
    return left[0], left[1]


def _ends(low: float | None, high: float | None) -> list[float] | None:
    return None if low is None or high is None else [_told(low), _told(high)]


def _told(value: float) -> float:
    return round(value, 6) + 0.0


def signed(value: float, decimals: int) -> str:
    """A difference with its sign; what rounds to nothing has none.

    >>> signed(0.5, 1), signed(-0.04, 1), signed(-2.0, 0)
    ('+0.5', '0.0', '-2')
    """
    told = round(value, decimals) + 0.0
    text = spoken().number(told, decimals)
    return f"+{text}" if told > 0 else text


def most(values: Sequence[float]) -> float:
    """The largest amount of a chart; 1 where there is none, so that it can be divided by."""
    return max(values, default=0.0) or 1.0
