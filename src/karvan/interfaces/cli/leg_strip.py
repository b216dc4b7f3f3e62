"""The leg strip: one way drawn on an axis of days that all ways share.

Letters are legs by mode, hatching is waiting and handling; the strip ends at the median, a
thin line goes on to the 90th percentile and a dotted one to the 95th.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from karvan.network.activities import Activity, HoursKind
from karvan.network.links import Mode
from karvan.services.quoting.answer import Alternative

LETTER: Final = {
    Mode.RAIL: "R",
    Mode.ROAD: "T",
    Mode.RAIL_FERRY: "F",
    Mode.RORO: "F",
    Mode.FEEDER: "S",
    Mode.DEEP_SEA: "S",
    Mode.TANKER: "S",
    Mode.BULK: "S",
    Mode.CHARTERED_SHIP: "S",
    Mode.PIPELINE: "P",
}

#: Styles of the letters in a terminal: rail in its own ink, the others on a ground.
STYLE: Final = {
    "░": "dim",
    "R": "bold reverse",
    "T": "bold white on orange4",
    "F": "bold black on spring_green3",
    "S": "bold white on blue",
    "P": "bold black on yellow3",
}


WAITING: Final = "░"
MEDIAN: Final = "┃"
TO_P90: Final = "─"
TO_P95: Final = "╌"

#: Hours and the letter of the leg, '' while waiting or handled.
Piece = tuple[float, str, int]


def pieces(alternative: Alternative) -> tuple[Piece, ...]:
    """What happens in order: hours, letter and number of the leg, scaled to the median."""
    found: list[Piece] = []
    leg = -1
    hours = alternative.times.element_p50_h
    for element, each in zip(alternative.elements, hours, strict=True):
        boards = isinstance(element, Activity) and element.name == "transfer"
        if boards and leg + 1 < len(alternative.legs):
            leg += 1
        moving = isinstance(element, Activity) and element.kind is HoursKind.MOVING
        letter = LETTER[alternative.legs[leg].service.mode] if moving else ""
        found.append((each, letter, leg))
    total = sum(each for each, _, _ in found)
    scale = alternative.times.p50_h / total if total > 0 else 0.0
    return tuple((each * scale, letter, leg) for each, letter, leg in found)


def strip(alternative: Alternative, *, width: int, axis_h: float) -> str:
    """Draw one way in `width` characters for `axis_h` hours."""
    cell_h = axis_h / width
    times = alternative.times
    end = _cell(times.p50_h, cell_h, width)
    cells = _legs(pieces(alternative), end, cell_h)
    cells.append(MEDIAN)
    for until_h, mark in ((times.p90_h, TO_P90), (times.p95_h, TO_P95)):
        cells.extend(mark * (_cell(until_h, cell_h, width) + 1 - len(cells)))
    return "".join(cells)[:width].ljust(width)


def _cell(hours: float, cell_h: float, width: int) -> int:
    return min(width - 1, int(hours / cell_h))


def _legs(what: Sequence[Piece], end: int, cell_h: float) -> list[str]:
    """The cells before the median; a leg too short for one of its own still gets one."""
    moving = [0.0] * end
    letters = [""] * end
    middle: dict[int, tuple[int, str]] = {}
    begin = 0.0
    for hours, letter, leg in what:
        if letter:
            for i in range(int(begin / cell_h), min(end, int((begin + hours) / cell_h) + 1)):
                overlap = min(begin + hours, (i + 1) * cell_h) - max(begin, i * cell_h)
                moving[i] += max(0.0, overlap)
                letters[i] = letters[i] or letter
            middle.setdefault(leg, (int((begin + hours / 2) / cell_h), letter))
        begin += hours
    cells = [letters[i] if moving[i] * 2 >= cell_h and letters[i] else WAITING for i in range(end)]
    for i, letter in middle.values():
        if end and letter not in cells[max(0, i - 1) : i + 2]:
            cells[min(i, end - 1)] = letter
    return cells


def axis(*, width: int, axis_h: float) -> str:
    """The numbers below the strips, in days."""
    days = axis_h / 24
    step = next((s for s in (1, 2, 5, 10, 20, 50, 100) if days / s <= max(2, width // 6)), 200)
    cells = [" "] * (width + 4)
    for value in range(0, int(days) + 1, step):
        at = round(value * 24 / axis_h * width)
        text = str(value)
        if at + len(text) <= width:
            cells[at : at + len(text)] = text
    return "".join(cells).rstrip()


def longest_h(alternatives: Sequence[Alternative]) -> float:
    """The end of the common axis: the latest 95th percentile, in hours."""
    return max((each.times.p95_h for each in alternatives), default=24.0) * 1.02
