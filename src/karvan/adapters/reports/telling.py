"""Numbers and small parts that every section of a report tells in the same way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from karvan.adapters.reports.markup import Child, Markup, tag
from karvan.services.planning.cases import Case, Ends
from karvan.services.planning.comparing import signed
from karvan.services.planning.sampled_amounts import Amount
from karvan.services.words import phrase, phrase_count, spoken

#: Amounts below this many Mt are nothing on a page of two decimals.
LEAST_MT = 0.005
#: A cell of so few letters is never broken.
_SHORT = 12
MINUS = "\N{MINUS SIGN}"


def number(value: float, decimals: int = 2) -> str:
    """A number as people read it, with a true minus."""
    return spoken().number(round(value, decimals) + 0.0, decimals).replace("-", MINUS)


def plain(value: float) -> str:
    """A round number with no more decimals than it has."""
    _, _, decimals = f"{value:f}".rstrip("0").partition(".")
    return number(value, len(decimals))


def change(value: float, decimals: int = 2) -> str:
    """A difference with its sign, with a true minus."""
    return signed(value, decimals).replace("-", MINUS)


def span(ends: Ends, decimals: int) -> Markup:
    """Low and high below a figure; a dash between two minus signs could not be read."""
    low, high = (number(end, decimals) for end in ends)
    told = (
        f"{low}\N{EN DASH}{high}" if ends[0] >= 0 else phrase("{low} to {high}", low=low, high=high)
    )
    return tag("span", told, class_="xs dim block")


def with_ends(told: Child, ends: Ends | None, decimals: int = 2) -> Child:
    """A figure with its ends below, where runs give them."""
    return told if ends is None else [told, span(ends, decimals)]


def ends_of(case: Case, what: str, of: str, good: str = "", unit: str = "Mt") -> Ends | None:
    """The ends of an amount of a case; of one that no run tells, none."""
    return case.spread.amounts.get(Amount(what, of, good, unit)) if case.spread else None


def section(id_: str, title: str, *children: Child, aside: str = "", wide: str = "") -> Markup:
    """A card with a heading that names it."""
    head = tag(
        "div",
        tag("h2", title, id=id_),
        tag("span", aside, class_="aside") if aside else None,
        class_="head",
    )
    return tag("section", head, *children, class_=f"card {wide}".strip(), aria_labelledby=id_)


def table(
    caption: str,
    heads: Sequence[Child],
    rows: Iterable[Sequence[Child]],
    *,
    numbers: Sequence[int] = (),
    seen: bool = False,
) -> Markup:
    """A table; the first cell of a row is its heading.

    Parameters
    ----------
    numbers
        Columns of numbers, from 0.
    seen
        Whether the caption is shown, or only read aloud.
    """

    def style(at: int) -> str | None:
        return "num" if at in numbers else None

    head = tag(
        "tr", [tag("th", text, scope="col", class_=style(at)) for at, text in enumerate(heads)]
    )
    body = [
        tag(
            "tr",
            tag("th", row[0], scope="row", class_=style(0) or _whole(row[0])),
            [
                tag("td", cell, class_=style(at) or _whole(cell))
                for at, cell in enumerate(row[1:], 1)
            ],
        )
        for row in rows
    ]
    return tag(
        "div",
        tag(
            "table",
            tag("caption", caption, class_=None if seen else "vh"),
            tag("thead", head),
            tag("tbody", body),
        ),
        class_="scroll",
        tabindex="0",
        role="region",
        aria_label=phrase("Table: {caption}", caption=caption),
    )


def _whole(cell: Child) -> str | None:
    """The class of a cell that is a period or another short word: it never breaks."""
    return "whole" if isinstance(cell, str) and len(cell) <= _SHORT else None


def as_table(made: Markup) -> Markup:
    """The table of a chart, folded away."""
    return tag("details", tag("summary", phrase("As a table")), made)


def estimate() -> Markup:
    """The chip of a figure that nobody published."""
    return tag("span", phrase("estimate"), class_="chip est")


def letter(case: str) -> Markup:
    """The letter of a case, as it stands in every chart."""
    return tag("span", case, class_=f"letter {case.lower()}")


def by_month(case: Case) -> bool:
    """Whether the periods of a case are months, not weeks or days."""
    return len(case.results.months[0]) == len("2025-12")


def spans_words(cases: Sequence[Case]) -> str:
    """How long the cases are, each by itself where they differ."""
    words = [span_words(case) for case in cases]
    if len(set(words)) == 1:
        return words[0]
    return phrase("A: {a}; B: {b}", a=words[0], b=words[1])


def span_words(case: Case) -> str:
    """How long a case is."""
    count = len(case.results.months)
    if by_month(case):
        return phrase_count("In {count} month", "In {count} months", count)
    return phrase_count("In {count} period", "In {count} periods", count)
