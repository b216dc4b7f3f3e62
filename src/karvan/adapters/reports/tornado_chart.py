"""What each estimate does to a figure: bars from its low to its high end."""

from __future__ import annotations

from typing import Final

from karvan.adapters.reports.markup import Markup, joined, tag
from karvan.adapters.reports.telling import number, section, table
from karvan.services.planning.figures import FIGURES, NAMES
from karvan.services.planning.naming import Names
from karvan.services.planning.reporting import Report
from karvan.services.planning.sampled_words import about_chance
from karvan.services.planning.tornado import Swing, Tornado
from karvan.services.words import phrase

_SHOWN: Final = 8
_WIDTH, _HEIGHT, _THICK = 100.0, 26.0, 16.0


def tornado_section(report: Report) -> Markup:
    """The section of what to find out next; empty where no runs were made."""
    names = Names(report.network)
    charts = [_chart(names, each) for each in report.tornados if each.moving]
    if not charts:
        return Markup("")
    words = phrase(
        "Each bar is one estimate: light to its low end, full to its high end, all others as told. "
        "The share is how much of the order of all runs it explains."
    )
    words = f"{words} {about_chance(report.tornados[0])}"
    return section(
        "find-out",
        phrase("What to find out next"),
        tag("p", words, class_="pad sm mut"),
        tag("div", charts, class_="wide-names"),
        aside=phrase("which estimate matters most"),
    )


def _chart(names: Names, found: Tornado) -> Markup:
    rows = found.moving[:_SHOWN]
    ends = [end for row in rows for end in (row.at_low, row.at_high)]
    least, most = min(*ends, found.value), max(*ends, found.value)
    decimals = 2 if _unit(found.figure) == "Mt" else 0
    told = f"{number(found.value, decimals)} {_unit(found.figure)}"
    title = phrase("{figure}: {value} as told", figure=_name(found.figure), value=told)
    heads = [
        phrase("Estimate"),
        f"{number(least, decimals)} - {number(most, decimals)}",
        phrase("At its low end"),
        phrase("At its high end"),
        phrase("Share"),
    ]
    cells = [
        (
            _estimate(names, row),
            _drawn(row, found.value, least, most),
            number(row.at_low, decimals),
            number(row.at_high, decimals),
            f"{row.share:.0%}" if row.share is not None and row.apart else "-",
        )
        for row in rows
    ]
    drawn = tag("div", table(title, heads, cells, numbers=(2, 3, 4)), class_="bars")
    return tag("div", tag("h3", title), drawn)


def _estimate(names: Names, row: Swing) -> list[str | Markup]:
    each = row.estimate
    name = " ".join(names.short_way(word) for word in each.name.split(" "))
    ends = f"{each.low:.3g} - {each.high:.3g}"
    return [name, tag("span", ends, class_="xs dim block")]


def _drawn(row: Swing, value: float, least: float, most: float) -> Markup:
    def at(figure: float) -> float:
        return (figure - least) / ((most - least) or 1.0) * _WIDTH

    parts = []
    for end, style in ((row.at_low, "fill-a"), (row.at_high, "fill-b")):
        first, last = sorted((at(end), at(value)))
        top = (_HEIGHT - _THICK) / 2
        width = round(last - first, 2)
        parts.append(
            tag("rect", x=round(first, 2), y=top, width=width, height=_THICK, class_=style)
        )
    middle = min(max(at(value) - 0.4, 0.0), _WIDTH - 0.8)
    parts.append(
        tag("rect", x=round(middle, 2), y=1.0, width=0.8, height=_HEIGHT - 2, class_="as-told")
    )
    return tag(
        "svg",
        joined(parts),
        viewBox=f"0 0 {_WIDTH:g} {_HEIGHT:g}",
        preserveAspectRatio="none",
        class_="bar",
        aria_hidden="true",
    )


def _name(figure: str) -> str:
    return phrase("What the events cost") if figure == "extra_cost" else NAMES[figure]


def _unit(figure: str) -> str:
    return "M USD" if figure == "extra_cost" else FIGURES[figure].unit
