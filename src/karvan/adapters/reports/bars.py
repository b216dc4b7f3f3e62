"""Amounts as bars on one scale: A above B, so that the eye compares lengths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from karvan.adapters.reports.markup import Child, Markup, tag
from karvan.adapters.reports.telling import LEAST_MT, number, table, with_ends
from karvan.services.planning.cases import Ends
from karvan.services.planning.comparing import most
from karvan.services.words import phrase

_WIDTH, _HEIGHT = 100.0, 26.0
_THICK = 11.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """An amount of A, and of B where there are two cases; `hatched` for what does not move.

    Attributes
    ----------
    a_ends, b_ends
        Where most of many runs lie; a whisker on the bar.
    """

    name: Child
    a: float
    b: float | None = None
    hatched: bool = False
    a_ends: Ends | None = None
    b_ends: Ends | None = None

    @property
    def most(self) -> float:
        """The largest of all it shows."""
        ends = (each[1] for each in (self.a_ends, self.b_ends) if each is not None)
        return max(self.a, self.b or 0.0, *ends)


def bars(
    caption: str, rows: Sequence[Bar], *, unit: str, decimals: int = 2, of: str = ""
) -> Markup:
    """Bars as a table, each with its figures: chart and table in one; `of` heads the names."""
    paired = any(row.b is not None for row in rows)
    scale = _WIDTH / most([row.most for row in rows])
    unseen = tag("span", phrase("Bars"), class_="vh")
    heads: list[Child] = [of or phrase("Where"), unseen, *(("A", "B") if paired else (unit,))]
    cells = [
        (
            row.name,
            _drawn(row, scale, paired=paired),
            with_ends(number(row.a, decimals), row.a_ends, decimals),
            *([with_ends(number(row.b or 0.0, decimals), row.b_ends, decimals)] if paired else []),
        )
        for row in rows
    ]
    return tag("div", table(f"{caption}, {unit}", heads, cells, numbers=(2, 3)), class_="bars")


def told(rows: Sequence[Bar]) -> list[Bar]:
    """Only rows of which a page of two decimals has anything to say."""
    return [row for row in rows if row.most >= LEAST_MT]


def _drawn(row: Bar, scale: float, *, paired: bool) -> Markup:
    if not paired:
        drawn = [
            _rect(0.0, 4.0, row.a * scale, 18.0, "hatch" if row.hatched else "fill-b"),
            *_whisker(row.a_ends, scale, 13.0),
        ]
    else:
        drawn = [
            _rect(0.0, 1.0, row.a * scale, _THICK, "hatch" if row.hatched else "fill-a"),
            *_whisker(row.a_ends, scale, 6.5),
            _rect(0.0, 13.5, (row.b or 0) * scale, _THICK, "hatch" if row.hatched else "fill-b"),
            *_whisker(row.b_ends, scale, 19.0),
        ]
    return tag(
        "svg",
        drawn,
        viewBox=f"0 0 {_WIDTH:g} {_HEIGHT:g}",
        preserveAspectRatio="none",
        class_="bar",
        aria_hidden="true",
    )


def _whisker(ends: Ends | None, scale: float, middle: float) -> list[Markup]:
    """A line from the low to the high end, with a stroke at each."""
    if ends is None or ends[0] == ends[1]:
        return []
    low, high = (min(max(end * scale, 0.0), _WIDTH - 0.5) for end in ends)
    return [
        _rect(low, middle - 2.0, high - low, 4.0, "halo"),
        _rect(low, middle - 0.75, high - low, 1.5, "as-told"),
        *(_rect(end, middle - 4.0, 0.5, 8.0, "as-told") for end in (low, high)),
    ]


def _rect(x: float, y: float, width: float, height: float, style: str) -> Markup:
    return tag("rect", x=x, y=y, width=round(max(width, 0.0), 2), height=height, class_=style)
