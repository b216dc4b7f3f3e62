"""The frontier as a picture: net present value over outlay, a step for each set of projects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from karvan.services.planning.investment_telling import InvestmentStudy, projects_told

_WIDTH, _HEIGHT = 760, 460
_LEFT, _RIGHT, _TOP, _BOTTOM = 80, 24, 56, 64
_ROUND = (1, 1.5, 2, 2.5, 3, 4, 5, 7.5)
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#1d2733}.title{font-size:16px;font-weight:600}"
    ".quiet{fill:#5b6b7b}.grid{stroke:#e3e8ee}.line{fill:none;stroke:#0b6e8f;stroke-width:2.5}"
    ".point{fill:#0b6e8f}.open{fill:#fff;stroke:#0b6e8f;stroke-width:2}"
)


def frontier_svg(found: InvestmentStudy) -> str:
    """Draw the frontier; a point that is not proven is hollow."""
    points = [(found.m_eur(each.spent), found.m_eur(each.npv)) for each in found.points]
    right = _nice(max([x for x, _ in points] + [1e-9]))
    top = _nice(max([y for _, y in points] + [1e-9]))

    def across(x: float) -> float:
        return _LEFT + x / right * (_WIDTH - _LEFT - _RIGHT)

    def up(y: float) -> float:
        return _HEIGHT - _BOTTOM - y / top * (_HEIGHT - _TOP - _BOTTOM)

    title = f"What each budget can buy: {found.asked.scenario.title}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">',
        f"<style>{_STYLE}</style>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        f'<text class="title" x="{_LEFT}" y="26">{escape(title)}</text>',
    ]
    for k in range(6):
        x, y = right * k / 5, top * k / 5
        parts.append(
            f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{up(y):.1f}" '
            f'y2="{up(y):.1f}"/>'
            f'<text class="quiet" x="{_LEFT - 10}" y="{up(y) + 4:.1f}" text-anchor="end">{y:,.0f}'
            f"</text>"
            f'<text class="quiet" x="{across(x):.1f}" y="{_HEIGHT - _BOTTOM + 20}" '
            f'text-anchor="middle">{x:,.0f}</text>'
        )
    parts.append(
        f'<text x="{_WIDTH - _RIGHT}" y="{_HEIGHT - 16}" text-anchor="end">outlay, M EUR</text>'
        f'<text x="{_LEFT}" y="46" class="quiet">net present value, M EUR</text>'
    )
    parts.append(f'<path class="line" d="{_steps([(across(x), up(y)) for x, y in points])}"/>')
    before: frozenset[tuple[str, int]] = frozenset()
    for (x, y), each in zip(points, found.points, strict=True):
        kind = "point" if each.proven else "open"
        told = escape(f"{x:,.1f} M EUR: {y:,.1f} M EUR; {projects_told(each) or 'nothing'}")
        parts.append(
            f'<circle class="{kind}" cx="{across(x):.1f}" cy="{up(y):.1f}" r="5">'
            f"<title>{told}</title></circle>"
        )
        now = frozenset((one.project, one.units) for one in each.chosen)
        change = [f"+ {name}" for name in _named(now - before)]
        change += [
            f"- {name}"
            for name in _named(before - now)
            if name.partition(" x ")[0] not in dict(now)
        ]
        before = now
        place = f'x="{across(x) + 9:.1f}" y="{up(y) + 18:.1f}"'
        parts.append(f'<text class="quiet" {place}>{escape(" ".join(change))}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _named(those: Iterable[tuple[str, int]]) -> list[str]:
    return [name if units == 1 else f"{name} x {units}" for name, units in sorted(those)]


def _steps(points: Sequence[tuple[float, float]]) -> str:
    """Level until the next point can be paid for, then up; level to the edge after the last."""
    path, before = [], 0.0
    for n, (x, y) in enumerate(points):
        path.append(f"M{x:.1f},{y:.1f}" if n == 0 else f"L{x:.1f},{before:.1f} L{x:.1f},{y:.1f}")
        before = y
    return " ".join([*path, f"L{_WIDTH - _RIGHT},{before:.1f}"])


def _nice(value: float) -> float:
    """A round number from the value up, whose fifth is round too."""
    size = 1.0
    while size * 10 <= value:
        size *= 10
    while size > value:
        size /= 10
    return next(
        (size * each for each in (1, 1.5, 2, 2.5, 3, 4, 5, 7.5) if size * each >= value), size * 10
    )
