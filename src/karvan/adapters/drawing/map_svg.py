"""The network as one SVG: ground, lines, places, names, legend.

Text stays text, nothing is fetched from elsewhere and nothing runs in it; the same network and
request give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

from karvan.adapters.drawing import legend
from karvan.adapters.drawing.colours import PALETTES, Palette
from karvan.adapters.drawing.frame import Frame, path_data
from karvan.adapters.drawing.ground import Ground, ground_of
from karvan.adapters.drawing.labels import Label, rank_of
from karvan.adapters.drawing.lines import UNKNOWN_WIDTH_PX, lines_of
from karvan.adapters.drawing.raster import font_stack, to_png
from karvan.adapters.drawing.spots import WATER_PX, Spot, labels_of, spots_of
from karvan.adapters.drawing.symbols import mark, pale_stroke, strokes
from karvan.adapters.drawing.tracks import Track, tracks_of
from karvan.network.network import Network
from karvan.network.places import PlaceStatus
from karvan.services.drawing import Area, DrawnMap, Look, MapRequest

TITLES: Final = {
    "corridor": "The Trans-Caspian corridor: what carries cargo, and how much",
    "caspian": "Across the Caspian: ferries, feeders, tankers and what leads to them",
    "world": "The Trans-Caspian corridor and its rivals",
}
#: From below to above; within a look the wide lie below the narrow.
ORDER: Final = (Look.PIPELINE, Look.SEA, Look.ROAD, Look.RAIL, Look.FERRY)


class SvgDrawer:
    """The `MapDrawer` port."""

    def draw(self, network: Network, request: MapRequest) -> DrawnMap:
        """Draw a map as SVG; the same arguments give the same text."""
        frame = Frame.of(request.area, request.width_px)
        tracks = tracks_of(network, lines_of(network, request.modes, request.day), frame)
        spots = spots_of(network, request, tracks, frame)
        labels = labels_of(spots, tracks, frame)
        named = {label.id for label in labels}
        sheet = Sheet(network, request, frame, tracks, spots, labels)
        return DrawnMap(
            svg=sheet.svg(),
            width_px=frame.width_px,
            height_px=sheet.height_px,
            places=len(spots),
            lines=len(tracks),
            labels=sum(spot.place.id in named for spot in spots),
            unlabelled=tuple(spot.place.id for spot in spots if spot.place.id not in named),
        )

    def to_png(self, svg: str) -> bytes:
        """Turn an SVG into a PNG of its own size; raises `NotFound` without any font."""
        return to_png(svg)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that is drawn, and how it becomes text."""

    network: Network
    request: MapRequest
    frame: Frame
    tracks: tuple[Track, ...]
    spots: tuple[Spot, ...]
    labels: tuple[Label, ...]

    @property
    def height_px(self) -> int:
        """Height of the whole picture."""
        return legend.HEAD_PX + self.frame.height_px + legend.LEGEND_PX + legend.FOOT_PX

    @property
    def palette(self) -> Palette:
        """Colours of the theme."""
        return PALETTES[self.request.theme]

    def svg(self) -> str:
        """Write the picture."""
        return "\n".join([*self._open(), *self._map(), *self._around(), "</svg>", ""])

    def _open(self) -> Iterator[str]:
        size = f'width="{self.frame.width_px}" height="{self.height_px}"'
        box = f'viewBox="0 0 {self.frame.width_px} {self.height_px}"'
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} role="img" '
            'aria-labelledby="title desc" lang="en">'
        )
        yield f'<title id="title">{escape(title_of(self.request.area))}</title>'
        yield f'<desc id="desc">{escape(self._described())}</desc>'
        yield f"<style>{_style(self.palette)}</style>"
        yield f'<rect width="100%" height="100%" fill="#{self.palette.page}"/>'

    def _looks(self) -> frozenset[Look]:
        return frozenset(track.line.look for track in self.tracks)

    def _described(self) -> str:
        looks = self._looks()
        kinds = ", ".join(legend.LOOK_WORDS[look].lower() for look in Look if look in looks)
        return (
            f"Map of {len(self.spots)} places and {len(self.tracks)} lines ({kinds or 'none'}) on "
            f"{self.request.day.isoformat()}. The pattern and colour of a line tell its mode, its "
            "width the capacity in million tonnes a year."
        )

    def _map(self) -> Iterator[str]:
        width, height = self.frame.width_px, self.frame.height_px
        yield f'<clipPath id="sheet"><rect width="{width}" height="{height}"/></clipPath>'
        yield f'<g transform="translate(0 {legend.HEAD_PX})"><g clip-path="url(#sheet)">'
        yield f'<rect width="{width}" height="{height}" fill="#{self.palette.sea}"/>'
        yield from _ground(ground_of(self.frame), self.palette)
        yield from self._lines()
        yield from self._leaders()
        yield from self._places()
        yield from (_label(label) for label in self.labels)
        if self.frame.true_to_scale:
            yield from legend.scale_bar(self.palette, width - 16, height - 16, self.frame.km_per_px)
        yield "</g></g>"

    def _lines(self) -> Iterator[str]:
        def layer(track: Track) -> tuple[bool, int, float]:
            return track.line.open, ORDER.index(track.line.look), -track.line.width_px

        yield '<g fill="none" stroke-linejoin="round">'
        for track in sorted(self.tracks, key=layer):
            line, data = track.line, path_data(track.parts)
            known = line.capacity_mt_per_y is not None
            about = f'data-links="{" ".join(line.links)}"'
            state = "" if line.open else ' data-state="not-open"'
            yield f'<g class="line {line.mode.value}" {about}{state}>'
            yield f"<title>{escape(self._told(track))}</title>"
            if line.open:
                palette = self.palette
                colour = palette.looks[line.look] if known else palette.unknown(line.look)
                px = max(UNKNOWN_WIDTH_PX, line.width_px * self.frame.scale)
                yield from strokes(line.look, data, px, colour, self.palette)
            else:
                yield pale_stroke(data, self.palette.pale(line.look))
            yield "</g>"
        yield "</g>"

    def _leaders(self) -> Iterator[str]:
        ends = [label.leader for label in self.labels if label.leader]
        if ends:
            yield (
                f'<path class="leaders" d="{path_data(ends)}" fill="none" '
                f'stroke="#{self.palette.ink2}" stroke-width="0.8"/>'
            )

    def _told(self, track: Track) -> str:
        line = track.line
        names = " - ".join(self.network.places[end].name for end in (line.start, line.end))
        capacity = line.capacity_mt_per_y
        amount = "capacity not known" if capacity is None else f"{capacity:.3g} Mt a year"
        return f"{names}, {line.mode.value.replace('_', ' ')}, {amount}" + (
            "" if line.open else ", not open"
        )

    def _places(self) -> Iterator[str]:
        def layer(spot: Spot) -> tuple[int, str]:
            return -rank_of(spot.place, spot.shape), spot.place.id

        for spot in sorted(self.spots, key=layer):
            state = "" if spot.place.status is PlaceStatus.OPEN else " planned"
            drawn = mark(spot.shape, *spot.at, self.frame.scale)
            yield (
                f'<g class="mark{state} {spot.shape.value}" data-place="{spot.place.id}">'
                f"<title>{escape(spot.place.name)}</title>{drawn}</g>"
            )

    def _around(self) -> Iterator[str]:
        width, below = self.frame.width_px, legend.HEAD_PX + self.frame.height_px
        told = (
            f"{len(self.spots)} places, {len(self.tracks)} lines. Width of a line: capacity. "
            "Straight lines join the places; they are not surveyed tracks."
        )
        yield from legend.head(title_of(self.request.area), told)
        for y in (legend.HEAD_PX, below, below + legend.LEGEND_PX):
            yield f'<path d="M0 {y}H{width}" stroke="#{self.palette.rule}"/>'
        yield from legend.legend(self.palette, self._looks(), below, width, self.frame.scale)
        yield from legend.foot(
            below + legend.LEGEND_PX,
            "Source: the network tables of Karvan, each figure with its own source; many are "
            "estimates. Ground: Natural Earth, public domain; borders as it draws them.",
            f"{self.request.day.day} {self.request.day:%b %Y} · {self.frame.projection.name} · "
            f"network {self.network.hashes.network}",
        )


def title_of(area: Area) -> str:
    """Give the heading of an area."""
    if area.name in TITLES:
        return TITLES[area.name]
    return (
        f"The network between {_degrees(area.west_deg, 'EW')} and {_degrees(area.east_deg, 'EW')},"
        f" {_degrees(area.south_deg, 'NS')} and {_degrees(area.north_deg, 'NS')}"
    )


def _degrees(value: float, sides: str) -> str:
    return f"{abs(value):g}° {sides[value < 0]}"


def _ground(ground: Ground, palette: Palette) -> Iterator[str]:
    yield (
        f'<path class="land" d="{ground.land}" fill="#{palette.land}" fill-rule="evenodd" '
        f'stroke="#{palette.coast}" stroke-width="0.8"/>'
    )
    yield (f'<path class="borders" d="{ground.borders}" fill="none" stroke="#{palette.border}"/>')
    yield (
        f'<path class="lakes" d="{ground.lakes}" fill="#{palette.sea}" '
        f'stroke="#{palette.coast}" stroke-width="0.8"/>'
    )


def _label(label: Label) -> str:
    water = label.id.startswith("water:")
    style = "water" if water else ("name bold" if label.bold else "name")
    x, y = label.base
    about = "" if water else f' data-label="{label.id}"'
    return f'<text class="{style} halo" x="{x:.1f}" y="{y:.1f}"{about}>{escape(label.text)}</text>'


def _style(palette: Palette) -> str:
    return (
        f"text{{font-family:{font_stack()};font-size:12px;fill:#{palette.ink2}}}"
        f".h1{{font-size:20px;font-weight:bold;fill:#{palette.ink}}}"
        f".sub{{font-size:13px}}.h2{{font-size:13px;font-weight:bold;fill:#{palette.ink}}}"
        f".key{{fill:#{palette.ink}}}"
        f".name{{fill:#{palette.ink}}}.bold{{font-size:13px;font-weight:bold}}"
        f".water{{font-size:{WATER_PX:g}px;font-style:italic;fill:#{palette.water}}}"
        f".halo{{paint-order:stroke;stroke:#{palette.land};stroke-width:3px;"
        "stroke-linejoin:round;stroke-opacity:.85}"
        f".water.halo{{stroke:#{palette.sea}}}"
        f".mark{{fill:#{palette.surface};stroke:#{palette.ink};stroke-width:1.6}}"
        f".planned{{stroke:#{palette.ink2};stroke-dasharray:2 1.6;fill:#{palette.land}}}"
    )
