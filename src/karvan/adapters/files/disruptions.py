"""The table of disruptions, read from the package's data."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from karvan.adapters.files.cells import Cells
from karvan.adapters.files.corridor_tables import read_entities
from karvan.domain.errors import InvalidTables
from karvan.services.planning.disruptions import Disruption, Effect
from karvan.services.planning.scenario import Takes

NAME = "disruptions.csv"


@cache
def shipped_disruptions() -> tuple[Disruption, ...]:
    """Read the table; raises `InvalidTables` with every fault."""
    folder = files("karvan") / "data" / "planning"
    found, faults = read_entities(folder, NAME, "disruption", _disruption)
    if faults:
        raise InvalidTables(faults)
    return tuple(each.value for each in found)


def _disruption(row: Cells) -> Disruption:
    effect, takes = row.text("effect"), row.text("takes") or Takes.CAPACITY
    if effect not in set(Effect):
        row.fault("effect", "unknown-word", f"one of {', '.join(Effect)} is expected")
    if takes not in set(Takes):
        row.fault("takes", "unknown-word", f"one of {', '.join(Takes)} is expected")
    share = row.number("share_lost")
    if not 0 <= share <= 1:
        row.fault("share_lost", "out-of-range", "a share from 0 to 1 is expected")
    expected = row.whole("expected_days")
    return Disruption(
        id=row.text("id"),
        title=row.text("title"),
        assets=row.parts("asset"),
        takes=takes,
        commodity=row.text("commodity"),
        effect=Effect(effect) if effect in set(Effect) else Effect.NONE,
        first_day=row.day("first_day"),
        last_day=row.maybe_date("last_day"),
        share_lost=share,
        low=row.maybe_number("low"),
        high=row.maybe_number("high"),
        cause=row.text("cause"),
        expected_days=expected or None,
        opened_mt_y=row.maybe_number("opened_mt_y"),
        parts=row.parts("parts"),
        estimate=row.flag("estimate"),
        note=row.text("note"),
    )
