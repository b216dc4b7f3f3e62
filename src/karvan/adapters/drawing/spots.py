"""Places of a map: where they lie on the sheet, and the names that are written there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from karvan.adapters.drawing.frame import Box, Frame, Point
from karvan.adapters.drawing.labels import Label, Name, place_names, rank_of, short_name
from karvan.adapters.drawing.symbols import RADIUS_PX, Shape, shape_of
from karvan.adapters.drawing.tracks import Track
from karvan.network.links import Mode
from karvan.network.network import Network
from karvan.network.places import Place
from karvan.services.drawing import MapRequest

#: Names of waters; of each, the first position with room is taken.
WATERS: Final = (
    ("Caspian Sea", 41.6, 50.9),
    ("Caspian Sea", 39.0, 51.4),
    ("Caspian Sea", 44.6, 50.0),
    ("Caspian Sea", 42.2, 49.9),
    ("Caspian Sea", 45.6, 50.2),
    ("Caspian Sea", 38.1, 51.0),
    ("Black Sea", 43.4, 34.2),
    ("Black Sea", 43.3, 38.4),
    ("Black Sea", 43.5, 38.0),
    ("Black Sea", 42.4, 33.0),
    ("Black Sea", 44.9, 32.3),
    ("Aral Sea", 45.3, 59.9),
    ("Lake Balkhash", 46.1, 74.3),
    ("Mediterranean Sea", 33.9, 29.0),
    ("Mediterranean Sea", 34.0, 19.0),
    ("Arabian Sea", 14.0, 64.0),
    ("Indian Ocean", -14.0, 78.0),
    ("Atlantic Ocean", 20.0, -45.0),
    ("South China Sea", 14.0, 114.0),
)
WATER_PX: Final = 14.0
WATER_RANK: Final = 3


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the sheet."""

    place: Place
    shape: Shape
    at: Point


def spots_of(
    network: Network, request: MapRequest, tracks: Sequence[Track], frame: Frame
) -> tuple[Spot, ...]:
    """Give the places on the sheet; of some modes only, those that their lines touch."""
    touched = {end for track in tracks for end in (track.line.start, track.line.end)}
    spots = []
    for _, place in sorted(network.places.items()):
        at = frame.place(place.lon_deg, place.lat_deg)
        wanted = request.modes == frozenset(Mode) or place.id in touched
        if wanted and frame.holds(at):
            spots.append(Spot(place, shape_of(place), at))
    return tuple(spots)


def labels_of(spots: Sequence[Spot], tracks: Sequence[Track], frame: Frame) -> tuple[Label, ...]:
    """Write the names: of places, those with more lines before others of their rank; of waters."""
    degree: dict[str, int] = {}
    for track in tracks:
        for end in (track.line.start, track.line.end):
            degree[end] = degree.get(end, 0) + 1
    names = [
        Name(
            id=spot.place.id,
            text=short_name(spot.place.name),
            at=spot.at,
            radius_px=RADIUS_PX[spot.shape] * frame.scale,
            rank=rank,
            bold=rank <= 1,
            size_px=13.0 if rank <= 1 else 12.0,
        )
        for spot in sorted(spots, key=lambda each: (-degree.get(each.place.id, 0), each.place.id))
        for rank in (rank_of(spot.place, spot.shape),)
    ]
    marks = {
        str(spot.place.id): (spot.at, (RADIUS_PX[spot.shape] + 1) * frame.scale) for spot in spots
    }
    return place_names(
        [*names, *_waters(frame)],
        marks,
        [part for track in tracks for part in track.parts],
        (4.0, 4.0, frame.width_px - 4.0, frame.height_px - 4.0),
        [_scale_box(frame)],
        led=frame.scale == 1,
    )


def _waters(frame: Frame) -> Iterator[Name]:
    for words, lat, lon in WATERS:
        at = frame.place(lon, lat)
        if frame.holds(at):
            yield Name(
                id=f"water:{words}",
                text=words,
                at=at,
                radius_px=0.0,
                rank=WATER_RANK,
                bold=False,
                size_px=WATER_PX,
            )


def _scale_box(frame: Frame) -> Box:
    return frame.width_px - 230.0, frame.height_px - 44.0, frame.width_px, frame.height_px
