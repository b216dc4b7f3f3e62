"""A small drawing: how much of each month the ports are closed, a line a port."""

from __future__ import annotations

from collections.abc import Sequence

from karvan.adapters.files.service_tables import MONTHS
from karvan.network.performance import WeatherRow

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 44, 130, 20, 34
STEP_PERCENT = 5
#: Told apart by people who see no red or green. Source: the palette of Okabe and Ito.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")


def weather_picture(rows: Sequence[WeatherRow]) -> str:
    top = 100 * max(share for row in rows for share in row.closed_share)
    steps = int(top // STEP_PERCENT) + 1
    inner, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(month: int) -> float:
        return LEFT + inner * month / 11

    def y(percent: float) -> float:
        return TOP + tall * (1 - percent / (steps * STEP_PERCENT))

    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
    font = 'font-family="sans-serif" font-size="12" fill="#333333"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {font}>',
        "<title>Share of time closed by weather, by month</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    for step in range(steps + 1):
        at = y(step * STEP_PERCENT)
        ends = f'x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}"'
        parts.append(f'<line {ends} stroke="#dddddd"/>')
        label = f"{step * STEP_PERCENT} %"
        parts.append(f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{label}</text>')
    for number, month in enumerate(MONTHS):
        name = month.capitalize()
        at = f'x="{x(number):.1f}" y="{HEIGHT - 12}" text-anchor="middle"'
        parts.append(f"<text {at}>{name}</text>")
    for row, colour in zip(rows, COLOURS, strict=False):
        points = " ".join(
            f"{x(month):.1f},{y(100 * share):.1f}" for month, share in enumerate(row.closed_share)
        )
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
    for place, (row, colour) in enumerate(zip(rows, COLOURS, strict=False)):
        at = TOP + 10 + 20 * place
        start = WIDTH - RIGHT + 14
        ends = f'x1="{start}" x2="{start + 20}" y1="{at}" y2="{at}"'
        parts.append(f'<line {ends} stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{start + 26}" y="{at + 4}">{row.id}</text>')
    return "\n".join((*parts, "</svg>")) + "\n"
