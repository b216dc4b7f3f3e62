"""The route strip: a way on an axis of days, as shares of its length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from karvan.adapters.documents.answers import Object, member, members, number, text

Strip = dict[str, object]

LETTERS: Final = {
    "rail": "R",
    "road": "T",
    "rail_ferry": "F",
    "roro": "F",
    "feeder": "S",
    "deep_sea": "S",
    "tanker": "S",
    "bulk": "S",
    "chartered_ship": "S",
    "pipeline": "P",
}
#: Steps between the numbers below an axis, in days.
_STEPS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)
_MOST_TICKS: Final = 14


def axis_h(ways: Sequence[Object]) -> float:
    """The end of the axis that all ways share: the latest 95th percentile, in hours."""
    latest = (number(member(way, "transit_time_h"), "p95") or 0.0 for way in ways)
    return max(24.0, *latest, 0.0) * 1.02


def ticks(axis: float) -> list[Strip]:
    """The numbers below an axis of so many hours, in days."""
    whole = int(axis / 24)
    step = next((each for each in _STEPS if whole / each <= _MOST_TICKS), 1000)
    return [{"at": day * 24 / axis, "label": str(day)} for day in range(0, whole + 1, step)]


def strip(way: Object, axis: float) -> Strip:
    """What happens on a way in order, scaled to the median, on an axis of so many hours.

    Returns
    -------
    `pieces` with `at` and `length` as shares of the axis, `letter` of the mode ('' when nothing
    moves), `kind`, and `leg`, its number from 1; `p50`, `p90`, `p95` as shares.
    """
    times = member(way, "transit_time_h")
    calls = [(max(0.0, number(call, "hours_p50") or 0.0), call) for call in members(way, "calls")]
    total = sum(hours for hours, _ in calls)
    median = number(times, "p50") or 0.0
    scale = median / total / axis if total > 0 else 0.0
    modes = [text(leg, "mode") for leg in members(way, "legs")]
    pieces: list[Strip] = []
    leg, at = -1, 0.0
    for hours, call in calls:
        if text(call, "activity") == "transfer" and leg + 1 < len(modes):
            leg += 1
        kind = text(call, "kind", "waiting")
        moving = kind == "moving" and 0 <= leg < len(modes)
        letter = LETTERS.get(modes[leg], "?") if moving else ""
        length = hours * scale
        last = pieces[-1] if pieces else None
        if last is not None and (last["letter"], last["kind"], last["leg"]) == (
            letter,
            kind,
            leg + 1,
        ):
            last["length"] = at + length - float(str(last["at"]))
        elif length > 0:
            pieces.append(
                {"at": at, "length": length, "letter": letter, "kind": kind, "leg": leg + 1}
            )
        at += length
    shares = {name: min(1.0, (number(times, name) or 0.0) / axis) for name in ("p50", "p90", "p95")}
    return {"pieces": pieces, **shares}
