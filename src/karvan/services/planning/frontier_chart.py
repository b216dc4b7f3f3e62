"""The frontier as a picture: net present value over outlay, a numbered step for each choice.

Points lie close together where little money buys much, so the projects of each are listed below.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10
from textwrap import wrap
from typing import Final
from xml.sax.saxutils import escape

from karvan.engines.planner.investment import Investment
from karvan.services.planning.investment_telling import InvestmentStudy
from karvan.services.planning.wording import unit
from karvan.services.words import phrase, spoken, tell_message

_WIDTH, _HEIGHT = 760, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 80, 24, 56, 64
#: A line of the list, and letters that it holds beside outlay and value.
_LINE, _LETTERS = 20, 104
_TICKS: Final = 5
_ROUND: Final = (1, 1.5, 2, 2.5, 3, 4, 5, 7.5)
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#1d2733}.title{font-size:16px;font-weight:600}"
    ".quiet{fill:#5b6b7b}.grid{stroke:#e3e8ee}.line{fill:none;stroke:#0b6e8f;stroke-width:2.5}"
    ".point{fill:#0b6e8f}.open{fill:#fff;stroke:#0b6e8f;stroke-width:2}"
)


def frontier_svg(found: InvestmentStudy) -> str:
    """Draw the frontier; a point that is not proven is hollow."""
    points = [(found.m_eur(each.spent), found.m_eur(each.npv)) for each in found.points]
    right = _round_up(max(x for x, _ in points))
    top = _round_up(max(y for _, y in points))
    placed = [
        (
            _LEFT + x / right * (_WIDTH - _LEFT - _RIGHT),
            _HEIGHT - _BOTTOM - y / top * (_HEIGHT - _TOP - _BOTTOM),
        )
        for x, y in points
    ]
    listed = [
        line for number, each in enumerate(found.points, 1) for line in _told(found, number, each)
    ]
    height = _HEIGHT + _LINE * len(listed)
    title = phrase(
        "What each budget can buy: {title}", title=tell_message(found.asked.scenario.title)
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">',
        f"<style>{_STYLE}</style>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        _text(_LEFT, 26, title, "title"),
        *_grid(right, top),
        f'<path class="line" d="{_steps(placed)}"/>',
    ]
    for number, ((x, y), each) in enumerate(zip(placed, found.points, strict=True), 1):
        kind = "point" if each.proven else "open"
        parts.append(f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="5"/>')
        # In turn above and below, for points may touch.
        across, down = (0, -10) if number % 2 else (10, 18)
        parts.append(_text(x + across, y + down, str(number), "quiet", "middle"))
    parts += [_text(_LEFT, _HEIGHT + _LINE * row, line, "") for row, line in enumerate(listed)]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _grid(right: float, top: float) -> list[str]:
    money = unit("M EUR")
    parts = [
        _text(_LEFT, 46, phrase("net present value, {unit}", unit=money), "quiet"),
        _text(_WIDTH - _RIGHT, _HEIGHT - 24, phrase("outlay, {unit}", unit=money), "quiet", "end"),
    ]
    for k in range(_TICKS + 1):
        x = _LEFT + k / _TICKS * (_WIDTH - _LEFT - _RIGHT)
        y = _HEIGHT - _BOTTOM - k / _TICKS * (_HEIGHT - _TOP - _BOTTOM)
        parts += [
            f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>',
            _text(_LEFT - 10, y + 4, _tick(k, top), "quiet", "end"),
            _text(x, _HEIGHT - _BOTTOM + 20, _tick(k, right), "quiet", "middle"),
        ]
    return parts


def _tick(number: int, most: float) -> str:
    return spoken().number(number * most / _TICKS, 0 if most >= _TICKS else 2)


def _told(found: InvestmentStudy, number: int, point: Investment) -> list[str]:
    """A point in words, on as many lines as it takes."""
    names = {each.id: tell_message(each.name) for each in found.asked.offered}
    built = "; ".join(
        names[each.project]
        + (f" \N{MULTIPLICATION SIGN} {each.units}" if each.units > 1 else "")
        + f", {each.begins}"
        for each in point.chosen
    )
    told = phrase(
        "{number}: {outlay} buys {npv}: {projects}",
        number=number,
        outlay=spoken().number(found.m_eur(point.spent), 1),
        npv=spoken().number(found.m_eur(point.npv), 1),
        projects=built or phrase("nothing"),
    )
    return wrap(told, _LETTERS, subsequent_indent="\N{EM SPACE}")


def _text(x: float, y: float, text: str, kind: str, anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text class="{kind}" {place}>{escape(text)}</text>'


def _steps(points: Sequence[tuple[float, float]]) -> str:
    """Level until the next point can be paid for, then up; level to the edge after the last."""
    path, before = [], 0.0
    for n, (x, y) in enumerate(points):
        path.append(f"M{x:.1f},{y:.1f}" if n == 0 else f"L{x:.1f},{before:.1f} L{x:.1f},{y:.1f}")
        before = y
    return " ".join([*path, f"L{_WIDTH - _RIGHT},{before:.1f}"])


def _round_up(value: float) -> float:
    """A round number from the value up, whose fifth is round too; 1 for nothing.

    >>> _round_up(301.2), _round_up(0.02), _round_up(0.0)
    (400.0, 0.02, 1.0)
    """
    if value <= 0:
        return 1.0
    size = 10.0 ** floor(log10(value))
    return next((size * each for each in _ROUND if size * each >= value), size * 10)
