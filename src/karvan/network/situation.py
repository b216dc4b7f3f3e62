"""The situation: closures and restrictions in force for a time, as a list of typed changes.

A place, link, scheduled service or carrier is closed, or has lost a share of its capacity, from
one instant to another that is known as an interval: the earliest, the most likely and the latest
reopening. A link stands for both of its directions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from karvan.network.hashing import content_hash
from karvan.network.links import LinkId
from karvan.network.network import Network

#: Share of capacity lost by what is closed altogether.
CLOSED: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopening:
    """When something opens again, in minutes since the epoch; low <= likely <= high."""

    low_min: int
    likely_min: int
    high_min: int

    def seen_at(self, now_min: int) -> Reopening:
        """What is left of the interval to who knows at `now_min` that it is still closed.

        The part that has passed is cut off; a likely instant that has passed gives way to the
        middle of the rest.
        """
        low, high = max(self.low_min, now_min), max(self.high_min, now_min)
        likely = self.likely_min if self.likely_min >= low else (low + high) // 2
        return Reopening(low_min=low, likely_min=likely, high_min=high)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedClosure:
    """Something that is closed or restricted for a time.

    Attributes
    ----------
    target
        Id of a place, link, scheduled service or carrier.
    cause
        A word of closure_causes.csv.
    from_min
        First minute since the epoch.
    reopening
        None until further notice.
    share_lost
        Share of capacity lost, above 0; 1 is closed.
    """

    id: str
    target: str
    cause: str
    from_min: int
    reopening: Reopening | None
    share_lost: float = CLOSED
    note: str = ""

    @property
    def is_closed(self) -> bool:
        """Whether nothing goes any more."""
        return self.share_lost >= CLOSED

    def ends_by(self, minute: int) -> bool:
        """Whether it is over at a minute, or never was."""
        if self.reopening is None:
            return False
        return self.reopening.high_min <= max(minute, self.from_min)

    def row(self) -> dict[str, object]:
        """As a row, to be hashed."""
        end = self.reopening
        return {
            "id": self.id,
            "target": self.target,
            "cause": self.cause,
            "from_min": self.from_min,
            "low_min": None if end is None else end.low_min,
            "likely_min": None if end is None else end.likely_min,
            "high_min": None if end is None else end.high_min,
            "share_lost": self.share_lost,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedTimes:
    """What leaves of a service in a window of time: these departures and no other.

    Attributes
    ----------
    from_min, to_min
        The window in minutes since the epoch; its end is not in it.
    runs
        Departure from the first call and arrival at the last, None where nobody says.
    """

    service: str
    from_min: int
    to_min: int
    runs: tuple[tuple[int, int | None], ...]

    def row(self) -> dict[str, object]:
        """As a row, to be hashed."""
        runs = tuple(f"{departs} {arrives}" for departs, arrives in self.runs)
        return {
            "service": self.service,
            "from_min": self.from_min,
            "to_min": self.to_min,
            "runs": runs,
        }


@dataclass(frozen=True)
class Situation:
    """Closures that may matter, by id, and what carriers published; order does not count."""

    closures: tuple[DatedClosure, ...] = ()
    timetable: tuple[PublishedTimes, ...] = ()

    @classmethod
    def of(
        cls, closures: Iterable[DatedClosure], timetable: Iterable[PublishedTimes] = ()
    ) -> Situation:
        """Put closures and windows in order."""
        return cls(
            tuple(sorted(closures, key=lambda each: each.id)),
            tuple(sorted(timetable, key=lambda each: (each.service, each.from_min, each.to_min))),
        )

    @cached_property
    def hash(self) -> str:
        """Content hash (sha256, hex); '' where everything is as the tables say."""
        rows = [each.row() for each in self.closures]
        rows += [each.row() for each in self.timetable]
        return content_hash(rows) if rows else ""

    def at(self, now_min: int) -> Situation:
        """The same without what is over."""
        return Situation(
            tuple(each for each in self.closures if not each.ends_by(now_min)), self.timetable
        )


#: Everything is as the tables say.
NORMAL: Final = Situation()


def ids_closed(network: Network, target: str) -> frozenset[str]:
    """Ids of places, links and services that a closure of a target closes; () for a stranger.

    A link closes its other direction too, a carrier all that it runs.
    """
    link = network.links.get(LinkId(target))
    if link is not None:
        return frozenset({target, *((link.reverse_of,) if link.reverse_of else ())})
    if target in network.places or target in network.services:
        return frozenset({target})
    return frozenset(
        service.id for service in network.services.values() if service.operator == target
    )
