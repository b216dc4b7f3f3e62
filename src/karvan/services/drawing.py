"""What a drawing of the network is asked for, and the port through which it is made.

A drawing is text of one kind, an SVG; the same port turns it into a picture of dots. What is
asked for is read here, so that every interface understands and refuses the same words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Protocol

from karvan.domain.errors import InvalidInput
from karvan.network.links import Mode
from karvan.network.network import Network

#: The narrowest map whose legend fits, and the widest a viewer opens without trouble.
WIDTHS_PX: Final = (1200, 6000)
USUAL_WIDTH_PX: Final = 1600


class Theme(StrEnum):
    """Paper or night."""

    LIGHT = "light"
    DARK = "dark"


class Look(StrEnum):
    """How a line is drawn: the five families of modes a map tells apart."""

    RAIL = "rail"
    FERRY = "ferry"
    SEA = "sea"
    ROAD = "road"
    PIPELINE = "pipeline"


LOOK_OF: Final = {
    Mode.RAIL: Look.RAIL,
    Mode.ROAD: Look.ROAD,
    Mode.RAIL_FERRY: Look.FERRY,
    Mode.RORO: Look.FERRY,
    Mode.FEEDER: Look.SEA,
    Mode.DEEP_SEA: Look.SEA,
    Mode.CANAL: Look.SEA,
    Mode.BULK: Look.SEA,
    Mode.TANKER: Look.SEA,
    Mode.CHARTERED_SHIP: Look.SEA,
    Mode.PIPELINE: Look.PIPELINE,
}


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the globe between two meridians and two parallels, in degrees."""

    name: str
    west_deg: float
    south_deg: float
    east_deg: float
    north_deg: float


AREAS: Final = {
    area.name: area
    for area in (
        Area("corridor", 26.5, 34.5, 84.0, 53.0),
        Area("caspian", 46.0, 36.4, 56.5, 47.6),
        Area("world", -95.0, -38.0, 130.0, 66.0),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MapRequest:
    """What to draw.

    Attributes
    ----------
    day
        Lines open and capacities in force on this day; printed in the foot.
    """

    day: date
    area: Area = AREAS["corridor"]
    modes: frozenset[Mode] = frozenset(Mode)
    theme: Theme = Theme.LIGHT
    width_px: int = USUAL_WIDTH_PX

    def __post_init__(self) -> None:
        if not WIDTHS_PX[0] <= self.width_px <= WIDTHS_PX[1]:
            raise InvalidInput(
                "the width of a map is out of range",
                width_px=self.width_px,
                least_px=WIDTHS_PX[0],
                most_px=WIDTHS_PX[1],
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnMap:
    """A map as SVG, and what is on it.

    Attributes
    ----------
    unlabelled
        Ids of places that have a mark but no room for their name, sorted.
    """

    svg: str
    width_px: int
    height_px: int
    places: int
    lines: int
    labels: int
    unlabelled: tuple[str, ...]


class MapDrawer(Protocol):
    """Draws the network."""

    def draw(self, network: Network, request: MapRequest) -> DrawnMap:
        """Draw a map as SVG; the same arguments give the same text."""

    def to_png(self, svg: str) -> bytes:
        """Turn an SVG into a PNG of its own size; raises `NotFound` without any font."""


def parse_area(text: str) -> Area:
    """Read `corridor`, `caspian`, `world` or `WEST,SOUTH,EAST,NORTH` in degrees.

    Raises
    ------
    InvalidInput
        When it is neither, or the numbers do not span an area that can be drawn.
    """
    if text in AREAS:
        return AREAS[text]
    how = f"one of {', '.join(sorted(AREAS))}, or WEST,SOUTH,EAST,NORTH in degrees"
    try:
        west, south, east, north = (float(item) for item in text.split(","))
    except ValueError:
        raise InvalidInput("no such area", given=text, expected=how) from None
    if not (-180 <= west < east <= 180 and -85 <= south < north <= 85):
        raise InvalidInput(
            "an area needs west < east within 180 degrees and south < north within 85",
            given=text,
            expected=how,
        )
    if east - west < 1 or north - south < 1:
        raise InvalidInput("an area spans at least one degree each way", given=text, expected=how)
    return Area(text, west, south, east, north)


def parse_modes(text: str) -> frozenset[Mode]:
    """Read modes with commas between: `rail,ferry`, `tanker`; a family stands for all of its own.

    Raises
    ------
    InvalidInput
        When a word is neither a mode nor a family of modes.
    """
    known = sorted({*Mode, *Look})
    found: set[Mode] = set()
    for word in (item.strip() for item in text.split(",")):
        if word not in known:
            raise InvalidInput("no such mode", given=word, known=known)
        if word in set(Look):
            found |= {mode for mode, look in LOOK_OF.items() if look == word}
        else:
            found.add(Mode(word))
    return frozenset(found)
