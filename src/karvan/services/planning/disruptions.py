"""Disruptions that happened, as a table: what each takes, when, and how long it seemed at first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from karvan.services.planning.scenario import Event


class Effect(StrEnum):
    """What a disruption does to the network."""

    OUTAGE = "outage"
    NONE = "none"
    GAS = "gas"
    DRAUGHT = "draught"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disruption:
    """A row of disruptions.csv.

    Attributes
    ----------
    assets
        Terminals, links, places or fleets; fields where it takes output.
    last_day
        None where it has not ended.
    expected_days
        How long it is expected to last on its first day, and again when that is over; None where
        its length is known at once, or that it has no end.
    opened_mt_y
        What the line, idle today, is given before it is lost again.
    parts
        Trades that its scenario plans; empty for the oil.
    """

    id: str
    title: str
    assets: tuple[str, ...]
    takes: str
    commodity: str
    effect: Effect
    first_day: date
    last_day: date | None
    share_lost: float
    low: float | None
    high: float | None
    cause: str
    expected_days: int | None
    opened_mt_y: float | None
    parts: tuple[str, ...]
    estimate: bool
    note: str

    @property
    def is_outage(self) -> bool:
        """Whether it takes, or may take, capacity or output: no gas, draught, or mere scare."""
        return self.effect is Effect.OUTAGE

    def events(self, beyond: date, shift: timedelta = timedelta(0)) -> Iterator[Event]:
        """Make an event for each asset; what has no end lasts until before a day.

        Parameters
        ----------
        shift
            How much later it is made to happen.
        """
        first = self.first_day + shift
        last = beyond - timedelta(days=1) if self.last_day is None else self.last_day + shift
        expected = None
        if self.expected_days is not None:
            expected = first + timedelta(days=self.expected_days - 1)
        for asset in self.assets:
            yield Event(
                id=self.id,
                asset=asset,
                first_day=first,
                last_day=max(first, last),
                share_lost=self.share_lost,
                cause=self.cause,
                source=f"disruptions:{self.id}",
                commodity=self.commodity,
                takes=self.takes,
                expected_until=expected,
                low=self.low,
                high=self.high,
                text=self.title,
            )


def outages_between(
    rows: Iterable[Disruption], first: date, beyond: date, *, idle: bool = False
) -> Iterator[Event]:
    """Events of the outages that touch a span of days, from a first to before another.

    Parameters
    ----------
    idle
        With those of lines that the network has idle, where the outage is told already.
    """
    for row in rows:
        ended = row.last_day is not None and row.last_day < first
        told = row.opened_mt_y is not None and not idle
        if row.is_outage and row.first_day < beyond and not ended and not told:
            yield from row.events(beyond)
