"""What waits in which yard, period by period, over all plans of a study."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from karvan.engines.planner.problem import Floats
from karvan.services.planning.freight_yards import YARD
from karvan.services.planning.stages import Stage

#: Amounts below this share of a unit are rounding.
_LEAST: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class InYard:
    """A yard, its room, and what waits in it at the end of each period, all goods together."""

    yard: str
    unit: str
    room: float
    held: tuple[float, ...]


def in_yards(stages: Sequence[Stage]) -> Iterator[InYard]:
    """Tell the yards in which something waits, in the order of their names."""
    held: dict[str, list[Floats]] = {}
    room: dict[str, tuple[str, float]] = {}
    for stage in stages:
        problem = stage.plan.problem
        for number, (name, unit) in enumerate(
            zip(problem.tanks.ids, problem.tanks.unit, strict=True)
        ):
            if name.endswith(f", {YARD}"):
                rows = problem.stocks.tank == number
                taken = stage.plan.stock[rows] * problem.stocks.room[rows, None]
                held.setdefault(name, []).append(taken.sum(axis=0)[: stage.periods])
                room[name] = unit, float(problem.tanks.limit[number])
    for name in sorted(held):
        amounts = np.concatenate(held[name])
        if amounts.max() > _LEAST:
            unit, limit = room[name]
            yield InYard(yard=name, unit=unit, room=limit, held=tuple(amounts.tolist()))


def yard_json(row: InYard) -> Mapping[str, object]:
    """Amounts with one decimal."""
    return {
        "yard": row.yard,
        "unit": row.unit,
        "room": round(row.room, 1),
        "held": [round(each, 1) + 0.0 for each in row.held],
    }
