"""Amounts as bars on one scale: A above B, so that the eye compares lengths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from karvan.adapters.reports.markup import Child, Markup, tag
from karvan.adapters.reports.telling import LEAST_MT, number, table
from karvan.services.planning.comparing import most
from karvan.services.words import phrase

_WIDTH, _HEIGHT = 100.0, 26.0
_THICK = 11.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """An amount of A, and of B where there are two cases; `hatched` for what does not move."""

    name: Child
    a: float
    b: float | None = None
    hatched: bool = False


def bars(
    caption: str, rows: Sequence[Bar], *, unit: str, decimals: int = 2, of: str = ""
) -> Markup:
    """Bars as a table, each with its figures: chart and table in one; `of` heads the names."""
    paired = any(row.b is not None for row in rows)
    scale = _WIDTH / most([value for row in rows for value in (row.a, row.b or 0.0)])
    unseen = tag("span", phrase("Bars"), class_="vh")
    heads: list[Child] = [of or phrase("Where"), unseen, *(("A", "B") if paired else (unit,))]
    cells = [
        (
            row.name,
            _drawn(row, scale, paired=paired),
            number(row.a, decimals),
            *([number(row.b or 0.0, decimals)] if paired else []),
        )
        for row in rows
    ]
    return tag("div", table(f"{caption}, {unit}", heads, cells, numbers=(2, 3)), class_="bars")


def told(rows: Sequence[Bar]) -> list[Bar]:
    """Only rows of which a page of two decimals has anything to say."""
    return [row for row in rows if max(row.a, row.b or 0.0) >= LEAST_MT]


def _drawn(row: Bar, scale: float, *, paired: bool) -> Markup:
    if not paired:
        drawn = [_rect(0.0, 4.0, row.a * scale, 18.0, "hatch" if row.hatched else "fill-b")]
    else:
        drawn = [
            _rect(0.0, 1.0, row.a * scale, _THICK, "hatch" if row.hatched else "fill-a"),
            _rect(0.0, 13.5, (row.b or 0) * scale, _THICK, "hatch" if row.hatched else "fill-b"),
        ]
    return tag(
        "svg",
        drawn,
        viewBox=f"0 0 {_WIDTH:g} {_HEIGHT:g}",
        preserveAspectRatio="none",
        class_="bar",
        aria_hidden="true",
    )


def _rect(x: float, y: float, width: float, height: float, style: str) -> Markup:
    return tag("rect", x=x, y=y, width=round(max(width, 0.0), 2), height=height, class_=style)
