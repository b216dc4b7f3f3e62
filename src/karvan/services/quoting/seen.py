"""The situation as an answer carries it, and as it is read again from a stored one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from karvan.domain.errors import StoreDamaged
from karvan.domain.instants import from_minutes, minutes_since_epoch, parse_instant, render_instant
from karvan.network.situation import DatedClosure, PublishedTimes, Reopening, Situation

Json = Mapping[str, object]


def situation_seen(situation: Situation) -> Json:
    """What was closed when an answer was made, whole enough to make it again."""
    return {
        "hash": situation.hash,
        "closures": [closure_seen(each) for each in situation.closures],
        "timetable": [
            {
                "service": each.service,
                "from": _instant(each.from_min),
                "to": _instant(each.to_min),
                "departures": [
                    {
                        "departs_at": _instant(departs),
                        "arrives_at": None if arrives is None else _instant(arrives),
                    }
                    for departs, arrives in each.runs
                ],
            }
            for each in situation.timetable
        ],
    }


def _instant(minutes: int) -> str:
    return render_instant(from_minutes(minutes))


def closure_seen(closure: DatedClosure) -> Json:
    """One closure."""
    end = closure.reopening
    return {
        "id": closure.id,
        "target": closure.target,
        "state": "closed" if closure.is_closed else "restricted",
        "cause": closure.cause,
        "since": render_instant(from_minutes(closure.from_min)),
        "reopen": None
        if end is None
        else {
            "low": render_instant(from_minutes(end.low_min)),
            "likely": render_instant(from_minutes(end.likely_min)),
            "high": render_instant(from_minutes(end.high_min)),
        },
        "share_lost": closure.share_lost,
        "note": closure.note,
    }


def situation_of_answer(answer: Json) -> Situation | None:
    """Read it again; None where the answer was made by who did not know.

    Raises
    ------
    StoreDamaged
        What stands there is no situation, or another than its hash says.
    """
    found = answer.get("situation")
    if found is None:
        return None
    try:
        assert isinstance(found, dict)
        situation = Situation.of(
            [_closure(each) for each in found["closures"]],
            [_times(each) for each in found.get("timetable", ())],
        )
        told = found["hash"]
    except (AssertionError, ValueError, KeyError, TypeError, AttributeError):
        raise StoreDamaged("this is no stored quote", part="situation") from None
    if told != situation.hash:
        raise StoreDamaged("a stored quote is damaged", part="situation")
    return situation


def _closure(row: Mapping[str, object]) -> DatedClosure:
    end = row["reopen"]
    reopening = None
    if isinstance(end, Mapping):
        low, likely, high = (_minute(end[name]) for name in ("low", "likely", "high"))
        reopening = Reopening(low_min=low, likely_min=likely, high_min=high)
    return DatedClosure(
        id=str(row["id"]),
        target=str(row["target"]),
        cause=str(row["cause"]),
        from_min=_minute(row["since"]),
        reopening=reopening,
        share_lost=float(str(row["share_lost"])),
        note=str(row["note"]),
    )


def _times(row: Mapping[str, Any]) -> PublishedTimes:
    return PublishedTimes(
        service=str(row["service"]),
        from_min=_minute(row["from"]),
        to_min=_minute(row["to"]),
        runs=tuple(
            (
                _minute(each["departs_at"]),
                None if each["arrives_at"] is None else _minute(each["arrives_at"]),
            )
            for each in row["departures"]
        ),
    )


def _minute(text: object) -> int:
    return minutes_since_epoch(parse_instant(str(text)))
