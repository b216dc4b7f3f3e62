"""What is left behind over time: a line a case, its band where runs give one, events shaded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from math import floor, log10

from karvan.adapters.reports.markup import Markup, tag
from karvan.adapters.reports.telling import as_table, by_month, letter, number, section, table
from karvan.services.planning.cases import Case
from karvan.services.planning.figures import left_by_month
from karvan.services.planning.naming import Names
from karvan.services.planning.reporting import Report
from karvan.services.planning.scenario import Event
from karvan.services.words import phrase, tell_message

_WIDTH, _HEIGHT = 460.0, 240.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 14.0, 40.0, 30.0
_TICKS = 8
#: A span of fewer pixels has no room for its words.
_NARROW = 20.0
#: Rows of words above the chart; what comes after has its words on focus alone.
_ROWS = 2


def months_section(report: Report) -> Markup:
    """The section of what is left behind over time."""
    made = [(name, case) for name, case in zip("AB", report.cases, strict=False)]
    lines = [(name, case, left_by_month(case.told)) for name, case in made]
    months = _months(report)
    ends = [high for case in report.cases if case.spread for _, high in case.spread.left_behind]
    top = round_up(max([*ends, *(value for *_, line in lines for value in line)], default=0.0))
    names = Names(report.network)
    shown = [
        _grid(top),
        *(
            _span(names, event, (report.told.results.months, len(months)), row)
            for row, event in enumerate(_shaded(report))
        ),
        *(_band(case, name, months, top) for name, case, _ in lines if case.spread),
        *(_line(name, line, months, top) for name, _, line in lines),
        _axis(months),
    ]
    told_line = lines[-1][2]
    worst = max(range(len(told_line)), key=told_line.__getitem__)
    told = phrase(
        "{title}: most in {month}, {amount}",
        title=_title(report),
        month=report.told.results.months[worst],
        amount=number(told_line[worst]),
    )
    chart = tag(
        "svg",
        shown,
        viewBox=f"0 0 {_WIDTH:g} {_HEIGHT:g}",
        role="img",
        aria_label=told,
        class_="chart",
    )
    longest = max((line for *_, line in lines), key=len)
    rows = [
        (months[at] if at < len(months) else str(at + 1),
         *(number(line[at]) if at < len(line) else "-" for *_, line in lines))
        for at in range(len(longest))
    ]  # fmt: skip
    heads = [phrase("Month"), *(name for name, *_ in lines)]
    key = tag(
        "p",
        [[letter(name), " ", tell_message(case.title), "  "] for name, case in made],
        class_="key sm",
    )
    share = next((case.spread.share for case in report.cases if case.spread), "")
    if not any(value > 0 for value in (*ends, *(each for *_, line in lines for each in line))):
        nothing = phrase("Nothing is left behind in any of them.")
        return section(report.id("left"), _title(report), tag("p", nothing, class_="pad mut"))
    return section(
        report.id("left"),
        _title(report),
        tag("div", chart, key, as_table(table(told, heads, rows, numbers=(1, 2))), class_="pad"),
        aside=phrase("band: {share}", share=share) if share else "",
    )


def _months(report: Report) -> tuple[str, ...]:
    """Names of the periods; numbers where the cases are of other months."""
    told = [case.results.months for case in report.cases]
    if all(each == told[0] for each in told):
        return told[0]
    return tuple(str(number) for number in range(1, max(map(len, told)) + 1))


def _title(report: Report) -> str:
    months = by_month(report.told)
    if report.told.oil:
        return (
            phrase("Oil left behind, Mt a month")
            if months
            else phrase("Oil left behind, Mt a period")
        )
    return (
        phrase("Freight left behind, Mt a month")
        if months
        else phrase("Freight left behind, Mt a period")
    )


def _x(at: float, count: int) -> float:
    """Where the middle of a month lies; whole numbers are middles."""
    return _LEFT + (at + 0.5) / max(1, count) * (_WIDTH - _LEFT - _RIGHT)


def _y(value: float, top: float) -> float:
    return _HEIGHT - _BOTTOM - value / top * (_HEIGHT - _TOP - _BOTTOM)


def round_up(value: float) -> float:
    """The least of 1, 2, 4, 5, 8 times a power of ten that holds a value.

    >>> round_up(0.91), round_up(0.0)
    (1.0, 1.0)
    """
    if value <= 0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return next(each * power for each in (1, 2, 4, 5, 8, 10) if each * power >= value)


def _grid(top: float) -> list[Markup]:
    made = []
    decimals = 0 if top >= 4 else 1 if top >= 0.4 else 2
    for step in range(5):
        value = top * step / 4
        y = round(_y(value, top), 1)
        made.append(tag("line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=y, y2=y, class_="rule"))
        made.append(
            tag("text", number(value, decimals + (top * 10**decimals % 4 != 0)),
                x=_LEFT - 6, y=y + 4, class_="ax end")
        )  # fmt: skip
    return made


def _axis(periods: Sequence[str]) -> list[Markup]:
    """Names of some periods: year and month, of weeks and days month and day."""
    every = -(-len(periods) // _TICKS)
    return [
        tag(
            "text",
            _short(name),
            x=round(_x(at, len(periods)), 1),
            y=_HEIGHT - 10,
            class_="ax mid",
        )
        for at, name in enumerate(periods)
        if at % every == 0
    ]


def _short(period: str) -> str:
    """A month as year and month, a day or a week as month and day, a number as it is."""
    if not period[4:5]:
        return period
    return period[2:] if len(period) == len("2025-12") else period[5:]


def _shaded(report: Report) -> list[Event]:
    """Events of the case that is told which lose something; one for a span of days."""
    spans = {
        (event.first_day, event.last_day): event
        for event in report.told.scenario.event
        if event.share_lost > 0
    }
    longest = sorted(spans.values(), key=lambda event: event.first_day - event.last_day)
    return sorted(longest[:_ROWS], key=lambda event: event.first_day) + longest[_ROWS:]


def _span(names: Names, event: Event, told: tuple[Sequence[str], int], row: int) -> list[Markup]:
    """The days of an event, its words in a row of their own.

    Parameters
    ----------
    told
        Months of the case whose event it is, and how many the chart has.
    """
    months, count = told
    begin, end = _place(event.first_day, months), _place(event.last_day + timedelta(days=1), months)
    if end <= 0 or begin >= count:
        return []
    left = _x(max(0.0, begin) - 0.5, count)
    right = _x(min(float(count), end) - 0.5, count)
    label = phrase(
        "{share} of {asset} out",
        share=f"{event.share_lost:.0%}",
        asset=names.short_way(event.asset),
    )
    box = tag(
        "rect",
        x=round(left, 1),
        y=_TOP,
        width=round(max(1.5, right - left), 1),
        height=_HEIGHT - _TOP - _BOTTOM,
        class_="span",
    )
    if right - left <= _NARROW or row >= _ROWS:
        return [tag("g", tag("title", label), box)]
    late = left > _WIDTH / 2
    text = tag(
        "text",
        label,
        x=round(right if late else left, 1),
        y=14 + 15 * row,
        class_="ax hot end" if late else "ax hot",
    )
    return [box, text]


def _place(day: date, periods: Sequence[str]) -> float:
    """Where a day lies, in periods from the first; before them below 0, after them above all."""
    starts = [date.fromisoformat(each if len(each) > 7 else f"{each}-01") for each in periods]
    last = (starts[-1] - starts[-2]).days if len(starts) > 1 else 30
    starts.append(starts[-1] + timedelta(days=last))
    if day < starts[0]:
        return -1.0
    for at, (begin, beyond) in enumerate(pairwise(starts)):
        if day < beyond:
            return at + (day - begin).days / (beyond - begin).days
    return float(len(periods))


def _band(case: Case, name: str, months: Sequence[str], top: float) -> Markup | None:
    ends = case.spread.left_behind if case.spread else ()
    if not ends:
        return None
    points = [(at, high) for at, (_, high) in enumerate(ends)]
    points += [(at, low) for at, (low, _) in reversed(list(enumerate(ends)))]
    return tag("path", d=_path(points, len(months), top) + "z", class_=f"band {name.lower()}")


def _line(name: str, values: Sequence[float], months: Sequence[str], top: float) -> list[Markup]:
    points = list(enumerate(values))
    at, value = max(points, key=lambda point: point[1])
    made = [tag("path", d=_path(points, len(months), top), class_=f"line {name.lower()}")]
    made += [
        tag(
            "circle",
            cx=round(_x(at, len(months)), 1),
            cy=round(_y(value, top), 1),
            r=2.6,
            class_=f"dot {name.lower()}",
        )
        for at, value in points
    ]
    x, y = _x(at, len(months)), _y(value, top)
    made.append(
        tag("text", name, x=round(x + 8, 1), y=round(y - 4, 1), class_=f"name {name.lower()}")
    )
    return made


def _path(points: Sequence[tuple[float, float]], count: int, top: float) -> str:
    return "M" + "L".join(f"{_x(at, count):.1f},{_y(value, top):.1f}" for at, value in points)
