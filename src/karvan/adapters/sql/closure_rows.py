"""A row of the table of closures as an entry."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from karvan.domain.errors import InvalidInput, StoreDamaged
from karvan.domain.instants import parse_instant
from karvan.services.situation.closures import Closure, Deed, Interval, TargetKind


def closure_of(row: Row[Any]) -> Closure:
    """Turn a row into an entry.

    Raises
    ------
    StoreDamaged
        A column holds what no entry can.
    """
    found = dict(row._mapping)
    text = {name: str(value) for name, value in found.items() if value is not None}
    try:
        reopening = None
        if "reopens_low" in text:
            names = ("reopens_low", "reopens_likely", "reopens_high")
            low, likely, high = (parse_instant(text[name]) for name in names)
            reopening = Interval(low=low, likely=likely, high=high)
        return Closure(
            id=text["closure_id"],
            version=int(text["version"]),
            seq=int(text["seq"]),
            deed=Deed(text["deed"]),
            recorded_at=parse_instant(text["recorded_at"]),
            actor=text["actor"],
            target=text["target"],
            kind=TargetKind(text["kind"]),
            cause=text["cause"],
            since=parse_instant(text["since"]),
            reopening=reopening,
            share_lost_pct=int(text["share_lost_pct"]),
            note=text["note"],
            source=text["source"],
        )
    except (ValueError, KeyError, InvalidInput):
        raise StoreDamaged("a stored closure is damaged", seq=found.get("seq")) from None
