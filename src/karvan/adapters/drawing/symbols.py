"""Shapes of places and patterns of lines: what tells them apart without colour."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from math import cos, pi, sin
from typing import Final

from karvan.adapters.drawing.colours import Palette
from karvan.network.places import Facility, Place, PlaceKind
from karvan.services.drawing import Look

#: Lines from this width on have room for ties, beads and gaps inside.
ROOMY_PX: Final = 2.5


class Shape(StrEnum):
    """What a place is, seen from far."""

    PORT = "port"
    TERMINAL = "terminal"
    JUNCTION = "junction"
    BORDER = "border"
    OIL = "oil"
    FIELD = "field"


SHAPE_WORDS: Final = {
    Shape.PORT: "sea port",
    Shape.TERMINAL: "rail terminal, dry port",
    Shape.JUNCTION: "junction, other place",
    Shape.BORDER: "border, gauge change",
    Shape.OIL: "oil terminal, refinery",
    Shape.FIELD: "oil field, mine",
}

_SHAPES: Final = {
    PlaceKind.SEAPORT: Shape.PORT,
    PlaceKind.RAIL_FERRY: Shape.PORT,
    PlaceKind.BORDER: Shape.BORDER,
    PlaceKind.DRY_PORT: Shape.TERMINAL,
    PlaceKind.RAIL_TERMINAL: Shape.TERMINAL,
    PlaceKind.FIELD: Shape.FIELD,
    PlaceKind.URANIUM_MINE: Shape.FIELD,
    PlaceKind.OIL_STATION: Shape.OIL,
    PlaceKind.OIL_TERMINAL: Shape.OIL,
    PlaceKind.PUMP_STATION: Shape.OIL,
    PlaceKind.REFINERY: Shape.OIL,
}

#: Half the size of a mark.
RADIUS_PX: Final = {
    Shape.PORT: 4.5,
    Shape.TERMINAL: 4.2,
    Shape.JUNCTION: 2.6,
    Shape.BORDER: 5.2,
    Shape.OIL: 4.8,
    Shape.FIELD: 5.0,
}


def shape_of(place: Place) -> Shape:
    """Give the shape of a place; where the gauge changes inland, it is that of a border."""
    shape = _SHAPES.get(place.kind, Shape.JUNCTION)
    inland = shape in {Shape.TERMINAL, Shape.JUNCTION}
    return Shape.BORDER if inland and Facility.GAUGE_CHANGE in place.facilities else shape


def mark(shape: Shape, x: float, y: float, scale: float = 1.0) -> str:
    """Draw a mark; its colours come from the class of the group around it."""
    r = round(RADIUS_PX[shape] * scale, 2)
    if shape in {Shape.TERMINAL, Shape.JUNCTION}:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:g}"/>'
    if shape is Shape.PORT:
        return f'<rect x="{x - r:.1f}" y="{y - r:.1f}" width="{2 * r:g}" height="{2 * r:g}"/>'
    if shape is Shape.BORDER:
        corners = [(0.0, -r), (r, 0.0), (0.0, r), (-r, 0.0)]
    elif shape is Shape.OIL:
        corners = [(r * cos(i * pi / 3), r * sin(i * pi / 3)) for i in range(6)]
    else:
        corners = [(-r, -0.75 * r), (r, -0.75 * r), (0.0, r)]
    points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    return f'<polygon points="{points}"/>'


def strokes(
    look: Look, data: str, width: float, colour: str, palette: Palette, *, casing: bool = True
) -> Iterator[str]:
    """Draw a path in the pattern of its mode, from below to above."""

    def stroke(line: str, px: float, dash: str = "", *, round_: bool = False) -> str:
        more = f' stroke-dasharray="{dash}"' if dash else ""
        more += ' stroke-linecap="round"' if round_ else ""
        return f'<path d="{data}" stroke="#{line}" stroke-width="{px:g}"{more}/>'

    roomy = width >= ROOMY_PX
    if casing:
        yield stroke(palette.surface, width + (2.4 if roomy else 1.6))
    if look is Look.RAIL:
        yield stroke(colour, width)
        if roomy:
            yield stroke(palette.surface, round(width * 0.55, 2), "6 6")
        else:
            yield stroke(colour, width + 3.2, "1.1 7")
    elif look is Look.SEA:
        yield stroke(colour, width, "9 5")
    elif look is Look.FERRY:
        dot = max(width, 2.4)
        yield stroke(colour, dot, f"0.01 {dot * 1.75:.1f}", round_=True)
    elif look is Look.ROAD:
        yield stroke(colour, width + 2.4)
        yield stroke(palette.surface, max(1.2, width * 0.6))
    else:
        yield stroke(colour, max(0.9, width * 0.4))
        yield stroke(colour, width + 1.0, f"0.01 {9 + width:.0f}", round_=True)


def pale_stroke(data: str, colour: str) -> str:
    """Draw a path that is planned, suspended, idle or closed."""
    return f'<path d="{data}" stroke="#{colour}" stroke-width="1.6" stroke-dasharray="2.5 4"/>'
