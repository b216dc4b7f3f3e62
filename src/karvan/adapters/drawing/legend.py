"""What stands round the map: title, legend and foot."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from html import escape
from typing import Final

from karvan.adapters.drawing.colours import Palette
from karvan.adapters.drawing.lines import (
    CLASS_LIMITS_MT,
    CLASS_WIDTHS_PX,
    LOAD_T,
    UNKNOWN_WIDTH_PX,
)
from karvan.adapters.drawing.symbols import SHAPE_WORDS, Shape, mark, pale_stroke, strokes
from karvan.services.drawing import Look

HEAD_PX: Final = 68
LEGEND_PX: Final = 134
FOOT_PX: Final = 64
EDGE_PX: Final = 20

LOOK_WORDS: Final = {
    Look.RAIL: "Rail",
    Look.FERRY: "Ferry, ro-ro",
    Look.SEA: "Ship: feeder, tanker, deep sea",
    Look.ROAD: "Road",
    Look.PIPELINE: "Oil pipeline",
}
ROW_PX: Final = 24
ROWS: Final = 4
#: In which look a width is told best.
PLAIN: Final = (Look.RAIL, Look.SEA, Look.ROAD, Look.PIPELINE, Look.FERRY)
UNKNOWN: Final = "Thin and greyed: capacity not known"
NOT_OPEN: Final = "Planned, suspended, idle or closed"
LONGEST_PX: Final = 180
BARS_KM: Final = (500, 200, 100, 50, 20, 10, 5, 2)
SAMPLE_PX: Final = 44
#: The narrowest sheet on which the three parts stand side by side.
NEEDED_PX: Final = 1200


def text(x: float, y: float, words: str, style: str) -> str:
    """Write a line of text in a class."""
    return f'<text class="{style}" x="{x:g}" y="{y:g}">{escape(words)}</text>'


def head(title: str, subtitle: str) -> Iterator[str]:
    """Draw the title."""
    yield text(EDGE_PX, 31, title, "h1")
    yield text(EDGE_PX, 53, subtitle, "sub")


def legend(
    palette: Palette, looks: Collection[Look], top: float, width: float, scale: float
) -> Iterator[str]:
    """Draw the legend in a strip below the map, of the lines only those that are on it."""
    spare = (width - NEEDED_PX) / 2
    shown = [look for look in LOOK_WORDS if look in looks] or list(LOOK_WORDS)
    yield from _lines(palette, shown, EDGE_PX, top, scale)
    plainest = min(shown, key=PLAIN.index)
    yield from _widths(palette, plainest, EDGE_PX + 510 + spare, top, scale)
    yield from _shapes(EDGE_PX + 800 + 2 * spare, top, scale)


def _lines(
    palette: Palette, looks: Sequence[Look], x: float, top: float, scale: float
) -> Iterator[str]:
    yield text(x, top + 24, "Lines", "h2")
    samples = [(LOOK_WORDS[look], look, 4 * scale, palette.looks[look]) for look in looks]
    quiet = looks[0]
    samples.append((UNKNOWN, quiet, UNKNOWN_WIDTH_PX, palette.unknown(quiet)))
    for row, (words, look, px, colour) in enumerate(samples):
        left, y = x + (row // ROWS) * 250, top + 44 + ROW_PX * (row % ROWS)
        yield from strokes(look, _sample(left, y), px, colour, palette)
        yield text(left + SAMPLE_PX + 10, y + 4, words, "key")
    left = x + (len(samples) // ROWS) * 250
    y = top + 44 + ROW_PX * (len(samples) % ROWS)
    yield pale_stroke(_sample(left, y), palette.pale(quiet))
    yield text(left + SAMPLE_PX + 10, y + 4, NOT_OPEN, "key")


def _widths(palette: Palette, look: Look, x: float, top: float, scale: float) -> Iterator[str]:
    yield text(x, top + 24, "Capacity, million tonnes a year", "h2")
    for row, px in enumerate(CLASS_WIDTHS_PX):
        y, left = top + 44 + ROW_PX * (row % 3), x + (row // 3) * 150
        shown, colour = max(UNKNOWN_WIDTH_PX, px * scale), palette.looks[look]
        yield from strokes(look, _sample(left, y), shown, colour, palette)
        yield text(left + SAMPLE_PX + 12, y + 4, _limits(row), "key")


def _limits(row: int) -> str:
    if row == 0:
        return f"under {CLASS_LIMITS_MT[0]:g}"
    if row == len(CLASS_LIMITS_MT):
        return f"{CLASS_LIMITS_MT[-1]:g} and more"
    return f"{CLASS_LIMITS_MT[row - 1]:g} to {CLASS_LIMITS_MT[row]:g}"


def _shapes(x: float, top: float, scale: float) -> Iterator[str]:
    yield text(x, top + 24, "Places", "h2")
    for row, (shape, words) in enumerate(SHAPE_WORDS.items()):
        y, left = top + 44 + ROW_PX * (row % 3), x + (row // 3) * 190
        yield f'<g class="mark">{mark(shape, left + 8, y, scale)}</g>'
        yield text(left + 22, y + 4, words, "key")
    yield f'<g class="mark planned">{mark(Shape.PORT, x + 8, top + 116, scale)}</g>'
    yield text(x + 22, top + 120, "dashed: planned or closed", "key")


def foot(top: float, source: str, identity: str) -> Iterator[str]:
    """Draw the source line and what the map was made from."""
    yield text(EDGE_PX, top + 18, source, "note")
    loads = ", ".join(f"{unit} {tonnes:g} t" for unit, tonnes in LOAD_T.items())
    counted = (
        "Capacity of railways and ferries: both directions together. Where trains or ships are "
        f"published, the width assumes {loads}."
    )
    yield text(EDGE_PX, top + 34, counted, "note")
    yield text(EDGE_PX, top + 52, identity, "note")


def scale_bar(palette: Palette, x: float, y: float, km_per_px: float) -> Iterator[str]:
    """Draw a bar of a round length, its right end at x."""
    rounds = (each for each in BARS_KM if each / km_per_px <= LONGEST_PX)
    km = next(rounds, BARS_KM[-1])
    left = x - km / km_per_px
    yield (
        f'<path d="M{left:.1f} {y - 4:g}v4H{x:.1f}v-4" fill="none" stroke="#{palette.ink2}" '
        'stroke-width="1.5"/>'
    )
    yield (f'<text class="note halo" text-anchor="end" x="{x:g}" y="{y - 8:g}">{km:,} km</text>')


def _sample(x: float, y: float) -> str:
    return f"M{x:g} {y:g}h{SAMPLE_PX}"
