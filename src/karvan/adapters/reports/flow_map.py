"""The map of flows: a layer a case, and one of the difference, told apart without a script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from karvan.adapters.drawing.frame import Box, Frame, Point, path_data
from karvan.adapters.drawing.ground import ground_of
from karvan.adapters.drawing.labels import Label, Name, place_names, text_width
from karvan.adapters.drawing.symbols import RADIUS_PX, Shape, mark, shape_of
from karvan.adapters.reports.map_lines import (
    WIDTHS_PX,
    Line,
    Scale,
    frame_of,
    full_ways,
    lines_of,
    scale_of,
)
from karvan.adapters.reports.map_views import View, views_of
from karvan.adapters.reports.markup import Child, Markup, joined, tag
from karvan.adapters.reports.telling import (
    LEAST_MT,
    as_table,
    change,
    number,
    plain,
    section,
    spans_words,
    table,
)
from karvan.network.network import Network
from karvan.network.places import PlaceId
from karvan.services.drawing import Look
from karvan.services.planning.naming import Names
from karvan.services.planning.reporting import Report
from karvan.services.planning.scenario import Event
from karvan.services.words import phrase

#: Where along a line its figure may stand, the preferred first.
_STOPS: Final = (0.5, 0.38, 0.62, 0.28, 0.72, 0.85)
_PILL_PX: Final = 19.0
_FEWEST_PX: Final = 4.0
_MOST_PILLS: Final = 18
_WATERS: Final = (("Caspian Sea", 41.9, 50.6), ("Black Sea", 43.3, 34.2))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layer:
    """What is drawn of a view of the goods in a case, or of the difference.

    Attributes
    ----------
    view
        Number of the view.
    key
        `a`, `b` or `diff`.
    """

    view: int
    key: str
    lines: tuple[Line, ...]
    scale: Scale
    unit: str
    left: Mapping[str, float]
    signed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Closed:
    """A place that lost something, and what."""

    at: Point
    place: str
    text: str


def map_section(report: Report) -> Markup:
    """The section of the map, with a switch between the cases and their difference."""
    views = views_of(report)
    ways = [way for view in views for each in view.amounts for way in each]
    frame = frame_of(report.network, ways)
    layers = [
        layer for number, view in enumerate(views) for layer in _layers(report, frame, view, number)
    ]
    closed = tuple(_closures(report, frame))
    keys = list(dict.fromkeys(layer.key for layer in layers))
    sheet = tag(
        "svg",
        _ground(frame),
        [_drawn(report.network, frame, layer, closed) for layer in layers],
        viewBox=f"0 0 {frame.width_px} {frame.height_px}",
        role="img",
        aria_label=_label(report, keys[-1]),
        class_="map",
    )
    return section(
        "map",
        phrase("Where it flows"),
        tag(
            "div",
            tag(
                "div",
                _switch("of", phrase("Goods"), [str(n) for n in range(len(views))], views),
                _switch("show", phrase("Show"), keys),
                class_="segs",
            ),
            tag(
                "div",
                sheet,
                class_="sheet",
                tabindex="0",
                role="region",
                aria_label=phrase("Map of flows"),
            ),
            [_legend(layer) for layer in layers],
            [_table(report, view, number) for number, view in enumerate(views)],
            class_="mapbox",
        ),
        aside=spans_words(report.cases),
        wide="mapcard",
    )


def _switch(
    name: str, legend: str, keys: Sequence[str], views: Sequence[View] = ()
) -> Markup | None:
    """Buttons of which one is down; the first of the goods, the last of the cases. None of one."""
    if len(keys) < 2:
        return None
    down = keys[0] if views else keys[-1]
    words = [view.name for view in views] or [_key_word(key) for key in keys]
    parts: list[Markup] = []
    for key, word in zip(keys, words, strict=True):
        id_ = f"{name}-{key}"
        parts += [
            tag("input", type="radio", name=name, id=id_, class_="vh", checked=key == down),
            tag("label", word, for_=id_, class_="chip tog"),
        ]
    return tag("fieldset", tag("legend", legend, class_="vh"), parts, class_="seg")


def _key_word(key: str) -> str:
    return {"a": "A", "b": "B", "diff": "B \N{MINUS SIGN} A"}[key]


def _layers(report: Report, frame: Frame, view: View, number: int) -> tuple[_Layer, ...]:
    amounts = view.amounts
    scale = scale_of([value for each in amounts for value in each.values()])
    layers = [
        _Layer(
            view=number,
            key=key,
            lines=lines_of(report.network, frame, each, full_ways(case, each)),
            scale=scale,
            unit=view.unit,
            left=left,
            signed=False,
        )
        for key, case, each, left in zip("ab", report.cases, amounts, view.left, strict=False)
    ]
    if len(amounts) == 2:
        before, after = amounts
        changes = {
            way: after.get(way, 0.0) - before.get(way, 0.0)
            for way in dict.fromkeys((*before, *after))
        }
        left_a, left_b = view.left
        layers.append(
            _Layer(
                view=number,
                key="diff",
                unit=view.unit,
                lines=lines_of(report.network, frame, changes, frozenset()),
                scale=scale_of([abs(value) for value in changes.values()]),
                left={
                    place: left_b.get(place, 0.0) - left_a.get(place, 0.0)
                    for place in {**left_a, **left_b}
                },
                signed=True,
            )
        )
    return tuple(layers)


def _closures(report: Report, frame: Frame) -> Iterator[_Closed]:
    """What lost capacity in the case that is told: of each asset, where it lost most."""
    scenario, network = report.told.scenario, report.network
    terminals = {row.id: row.place for row in scenario.base.terminal}
    worst: dict[str, Event] = {}
    for event in scenario.event:
        before = worst.get(event.asset)
        if event.share_lost > 0 and (before is None or _lost(event) > _lost(before)):
            worst[event.asset] = event
    names = Names(network)
    for asset, event in worst.items():
        ends = terminals.get(asset, asset).partition(":")[0].split("--")
        found = [place for end in ends if (place := network.places.get(PlaceId(end)))]
        if not found:
            continue
        at = [frame.place(place.lon_deg, place.lat_deg) for place in found]
        what = names.short_way(asset)
        yield _Closed(
            at=(sum(x for x, _ in at) / len(at), sum(y for _, y in at) / len(at)),
            place=str(found[0].id) if len(found) == 1 else "",
            text=phrase("{asset}: {share} out", asset=what, share=f"{event.share_lost:.0%}"),
        )


def _lost(event: Event) -> float:
    """Days of an event, each as much as it loses."""
    return ((event.last_day - event.first_day).days + 1) * event.share_lost


def _ground(frame: Frame) -> Markup:
    ground = ground_of(frame)
    return joined(
        [
            tag("rect", width=frame.width_px, height=frame.height_px, class_="sea"),
            tag("path", d=ground.land, fill_rule="evenodd", class_="land"),
            tag("path", d=ground.borders, class_="borders"),
            tag("path", d=ground.lakes, class_="lakes"),
        ]
    )


def _drawn(network: Network, frame: Frame, layer: _Layer, closed: Sequence[_Closed]) -> Markup:
    spots = _spots(network, frame, layer)
    rings = list(_rings(layer, spots))
    lost = [box for ring in rings for box in (_ring_box(ring.at), ring.words)]
    signs = [(x - 12, y - 12, x + 12, y + 12) for x, y in (each.at for each in closed)]
    pills = list(_pills(layer, frame, [*signs, *lost]))
    boxes = [*lost, *(box for _, _, box in pills)]
    names = Names(network)
    labels = _labels(network, names, frame, layer, spots, boxes, closed)
    return tag(
        "g",
        [_stroke(names, line, layer) for line in reversed(layer.lines)],
        [_arrow(line, layer) for line in layer.lines],
        [_ring(ring, layer) for ring in rings],
        [_mark(network, place, at) for place, at in spots.items()],
        [_sign(each) for each in closed],
        [_pill(line, text, box) for line, text, box in pills],
        [_text(label) for label in labels],
        class_=_shown_as("layer", layer),
    )  # fmt: skip


def _shown_as(kind: str, layer: _Layer) -> str:
    """Classes by which the switches show a layer or its legend."""
    return f"{kind} v{layer.view} c{layer.key}"


def _spots(network: Network, frame: Frame, layer: _Layer) -> dict[str, Point]:
    spots: dict[str, Point] = {}
    ids = [end for line in layer.lines for end in (line.way.start, line.way.end)]
    for id_ in dict.fromkeys((*ids, *layer.left)):
        place = network.places.get(PlaceId(id_))
        if place is not None:
            at = frame.place(place.lon_deg, place.lat_deg)
            if frame.holds(at):
                spots[id_] = at
    return spots


def _stroke(names: Names, line: Line, layer: _Layer) -> Markup:
    data = path_data([line.points])
    width = layer.scale.width_px(abs(line.amount))
    title = tag("title", _told(names, line, layer))
    if layer.signed:
        if abs(line.amount) < LEAST_MT:
            return tag("g", title, _path(data, 1.0, "same"), class_="flow")
        if line.amount > 0:
            drawn = [_path(data, width + 2.4, "case"), _path(data, width, "more")]
        else:
            thick = max(width, 3.0)
            drawn = [
                _path(data, thick + 2.4, "case"),
                _path(data, thick, "less"),
                _path(data, thick * 0.48, "inside"),
            ]
        return tag("g", title, drawn, class_="flow")
    look = line.way.look
    drawn = [_path(data, width + 2.4, "case"), _path(data, width, f"m-{look.value}")]
    if look is Look.RAIL and width >= _FEWEST_PX:
        drawn.append(_path(data, width * 0.5, "ties"))
    return tag("g", title, drawn, class_="flow")


def _path(data: str, width: float, style: str) -> Markup:
    return tag("path", d=data, stroke_width=round(width, 1), class_=style)


def _told(names: Names, line: Line, layer: _Layer) -> str:
    amount = change(line.amount) if layer.signed else number(line.amount)
    way = names.way(f"{line.way.start}--{line.way.end}:{line.way.mode}")
    return f"{way}: {amount} {layer.unit}" + (f", {phrase('full')}" if line.full else "")


def _arrow(line: Line, layer: _Layer) -> Markup | None:
    """A small head in the middle of the way, where it is wide enough to be seen."""
    width = layer.scale.width_px(abs(line.amount))
    if width < _FEWEST_PX or line.length_px < 60 or (layer.signed and abs(line.amount) < LEAST_MT):
        return None
    (x, y), (dx, dy) = line.at(0.72)
    size = 3.0 + width * 0.3
    tip = (x + dx * size, y + dy * size)
    left = (x - dx * size * 0.6 - dy * size, y - dy * size * 0.6 + dx * size)
    right = (x - dx * size * 0.6 + dy * size, y - dy * size * 0.6 - dx * size)
    corners = " ".join(f"{u:.1f},{v:.1f}" for u, v in (left, tip, right))
    return tag("polygon", points=corners, class_="head-of-flow")


def _pills(layer: _Layer, frame: Frame, taken: Sequence[Box]) -> Iterator[tuple[Line, str, Box]]:
    """Figures on lines, the largest first, where they meet no other."""
    boxes: list[Box] = list(taken)
    kept = 0
    for line in layer.lines:
        width = layer.scale.width_px(abs(line.amount))
        quiet = abs(line.amount) < LEAST_MT if layer.signed else width < _FEWEST_PX
        if quiet or kept == _MOST_PILLS:
            continue
        text = change(line.amount) if layer.signed else number(line.amount)
        if line.full:
            text = f"{text} {phrase('full')}"
        half = (text_width(text, 12.0, bold=True) + 10) / 2
        if line.length_px < 2 * half:
            continue
        for stop in _STOPS:
            (x, y), _ = line.at(stop)
            box = (x - half, y - _PILL_PX / 2, x + half, y + _PILL_PX / 2)
            inside = box[0] > 4 and box[2] < frame.width_px - 4 and 4 < y < frame.height_px - 12
            if inside and not any(_meet(box, other) for other in boxes):
                boxes.append(box)
                kept += 1
                yield line, text, box
                break


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _pill(line: Line, text: str, box: Box) -> Markup:
    left, top, right, bottom = box
    return tag(
        "g",
        tag(
            "rect",
            x=round(left, 1),
            y=round(top, 1),
            width=round(right - left, 1),
            height=round(bottom - top, 1),
            rx=4,
        ),
        tag("text", text, x=round((left + right) / 2, 1), y=round(bottom - 5.5, 1)),
        class_="pill full" if line.full else "pill",
    )


def _mark(network: Network, id_: str, at: Point) -> Markup:
    return tag("g", Markup(mark(shape_of(network.places[PlaceId(id_)]), *at)), class_="place")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ring:
    """What is left behind at a place, and where its figure stands."""

    at: Point
    text: str
    words: Box


def _rings(layer: _Layer, spots: Mapping[str, Point]) -> Iterator[_Ring]:
    """Rings, the largest first; a figure stands where it meets no ring and no other figure."""
    amounts = {
        place: amount
        for place, amount in layer.left.items()
        if place in spots and abs(amount) >= LEAST_MT
    }
    taken = [_ring_box(spots[place]) for place in amounts]
    for place in sorted(amounts, key=lambda each: -abs(amounts[each])):
        text = change(amounts[place]) if layer.signed else number(amounts[place])
        x, y = spots[place]
        half = text_width(text, 12.0, bold=True) / 2 + 2
        boxes = [
            (x + across - half, y + down - 8, x + across + half, y + down + 8)
            for across, down in ((0, 20), (0, -20), (13 + half, 0), (-13 - half, 0))
        ]
        free = (box for box in boxes if not any(_meet(box, other) for other in taken))
        words = next(free, boxes[0])
        taken.append(words)
        yield _Ring(at=(x, y), text=text, words=words)


def _ring(ring: _Ring, layer: _Layer) -> Markup:
    """A hatched ring with its figure."""
    x, y = (round(value, 1) for value in ring.at)
    left, _, right, bottom = ring.words
    return tag(
        "g",
        tag("title", phrase("{amount} {unit} left behind", amount=ring.text, unit=layer.unit)),
        tag("circle", cx=x, cy=y, r=11, class_="ring"),
        tag("text", ring.text, x=round((left + right) / 2, 1), y=round(bottom - 3, 1),
            class_="lost"),
    )  # fmt: skip


def _ring_box(at: Point) -> Box:
    x, y = at
    return x - 11, y - 11, x + 11, y + 11


def _sign(closed: _Closed) -> Markup:
    x, y = closed.at
    corners = [(-4, -9), (4, -9), (9, -4), (9, 4), (4, 9), (-4, 9), (-9, 4), (-9, -4)]
    return tag(
        "g",
        tag("title", closed.text),
        tag(
            "polygon",
            points=" ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners),
            class_="closed",
        ),
        tag("path", d=f"M{x - 5:.1f} {y:.1f}h10", class_="closedbar"),
    )


def _labels(
    network: Network,
    told: Names,
    frame: Frame,
    layer: _Layer,
    spots: Mapping[str, Point],
    pills: Sequence[Box],
    closed: Sequence[_Closed],
) -> tuple[Label, ...]:
    """Names of places, what is closed before all others; names of waters where there is room."""
    through: dict[str, float] = {}
    for line in layer.lines:
        for end in (line.way.start, line.way.end):
            through[end] = through.get(end, 0.0) + abs(line.amount)
    order = sorted(spots, key=lambda id_: (-through.get(id_, 0.0), id_))
    shut = {each.place for each in closed}
    names = [
        Name(
            id=f"closed {number_}", text=each.text, at=each.at, radius_px=10.0, rank=0,
            bold=True, size_px=13.0,
        )
        for number_, each in enumerate(closed)
    ]  # fmt: skip
    for number_, id_ in enumerate(order):
        if id_ not in shut:
            place = network.places[PlaceId(id_)]
            rank = 1 if number_ < 10 else 3
            names.append(
                Name(
                    id=id_,
                    text=told.short_way(id_),
                    at=spots[id_],
                    radius_px=RADIUS_PX[shape_of(place)],
                    rank=rank,
                    bold=rank == 1,
                    size_px=13.0 if rank == 1 else 12.0,
                )
            )
    for words, lat, lon in _WATERS:
        middle = frame.place(lon, lat)
        if frame.holds(middle):
            names.append(
                Name(
                    id=f"water {words}", text=phrase(words), at=middle, radius_px=0.0, rank=4,
                    bold=False, size_px=14.0,
                )
            )  # fmt: skip
    marks = {id_: (at, RADIUS_PX[Shape.PORT] + 1) for id_, at in spots.items()}
    marks |= {f"closed {number_}": (each.at, 11.0) for number_, each in enumerate(closed)}
    sheet = (4.0, 4.0, frame.width_px - 4.0, frame.height_px - 4.0)
    return place_names(names, marks, [line.points for line in layer.lines], sheet, pills)


def _text(label: Label) -> Markup:
    style = "lb"
    if label.id.startswith("water "):
        style = "lb water"
    elif label.id.startswith("closed "):
        style = "lb hot"
    elif not label.bold:
        style = "lb minor"
    x, y = (round(value, 1) for value in label.base)
    leader: Child = None
    if label.leader:
        leader = tag("path", d=path_data([label.leader]), class_="leader")
    return joined([leader, tag("text", label.text, x=x, y=y, class_=style)])


def _legend(layer: _Layer) -> Markup:
    """Widths with their limits; patterns of modes, or more and less."""
    limits = layer.scale.limits
    words = [
        phrase("under {limit}", limit=plain(limits[0])),
        *(f"{plain(low)}-{plain(high)}" for low, high in pairwise(limits)),
        phrase("{limit} and more", limit=plain(limits[-1])),
    ]
    style = "more" if layer.signed else "plain"
    widths = [_key(style, width, text) for width, text in zip(WIDTHS_PX, words, strict=True)]
    if layer.signed:
        kinds = [
            _key("more", 6.0, phrase("more")),
            _key("less", 6.0, phrase("less")),
            _key("same", 1.0, phrase("same")),
        ]
    else:
        looks = {line.way.look for line in layer.lines}
        kinds = [_key(f"m-{look.value}", 5.0, _look(look)) for look in Look if look in looks]
    title = phrase("B minus A, {unit}", unit=layer.unit) if layer.signed else layer.unit
    return tag(
        "div",
        tag("b", title),
        widths,
        tag("span", class_="gap"),
        kinds,
        class_=_shown_as("legend", layer),
    )


def _look(look: Look) -> str:
    return {
        Look.RAIL: phrase("rail"),
        Look.FERRY: phrase("ferry"),
        Look.SEA: phrase("ship"),
        Look.ROAD: phrase("road"),
        Look.PIPELINE: phrase("pipeline"),
    }[look]


def _key(style: str, width: float, text: str) -> Markup:
    drawn = [_path("M2 8H32", width, style)]
    if style == "less":
        drawn.append(_path("M2 8H32", width * 0.48, "inside"))
    sample = tag("svg", drawn, viewBox="0 0 34 16", aria_hidden="true")
    return tag("span", sample, text, class_="k")


def _label(report: Report, key: str) -> str:
    if key == "diff":
        return phrase("Map: difference of flows, B minus A. {finding}", finding=report.finding)
    return phrase("Map of flows. {finding}", finding=report.finding)


def _table(report: Report, view: View, place: int) -> Markup:
    names, amounts = Names(report.network), view.amounts
    both = dict.fromkeys(way for each in amounts for way in each)
    rows = []
    for way in sorted(both, key=lambda each: -max(part.get(each, 0.0) for part in amounts)):
        values = [part.get(way, 0.0) for part in amounts]
        told = [number(value) for value in values]
        if len(values) == 2:
            told.append(change(values[1] - values[0]))
        rows.append((names.way(f"{way.start}--{way.end}:{way.mode}"), *told))
    heads = [
        phrase("Way"),
        *(["A", "B", "B \N{MINUS SIGN} A"] if len(amounts) == 2 else [view.unit]),
    ]
    title = phrase("{goods} over all months, {unit}", goods=view.name, unit=view.unit)
    made = as_table(table(title, heads, rows, numbers=(1, 2, 3)))
    return tag("div", made, class_=f"v{place}")
