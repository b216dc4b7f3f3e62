"""Answers about the situation, as the OpenAPI document describes them."""

from __future__ import annotations

from pydantic import Field

from karvan.interfaces.http.schemas import Instant, Model


class Reopen(Model):
    """When something opens again: an interval, or one instant three times."""

    low: Instant
    likely: Instant
    high: Instant


class WaitHours(Model):
    """Whole hours that who comes now waits."""

    low: int
    likely: int
    high: int


class Means(Model):
    """What a state is to a shipment that comes now."""

    wait_h: WaitHours | None = Field(description="Null where it is open, or has no known end.")
    times_as_seldom: float | None = Field(description="Of what is restricted.")
    text: str


class Located(Model):
    """What a state or closure is of."""

    kind: str = Field(description="place, link, service or carrier.")
    name: str
    lon_deg: float | None = Field(description="Of a place.")
    lat_deg: float | None = Field(description="Of a place.")
    from_: str | None = Field(alias="from", description="Of a link.")
    to: str | None = Field(description="Of a link.")
    links: list[str] = Field(description="Links of the map that it touches.")
    cause: str
    cause_name: str
    since: Instant
    reopen: Reopen | None = Field(description="Null until further notice.")
    share_lost: float = Field(description="Share of capacity lost; 1 is closed.")
    note: str
    source: str
    estimate: bool


class State(Located):
    """Something that is not as usual."""

    id: str
    state: str = Field(description="closed or restricted.")
    means: Means
    closures: list[str]


class ClosureShown(Located):
    """A version of a closure."""

    id: str
    version: int
    seq: int = Field(description="Number among the entries of all closures.")
    deed: str = Field(description="closed, corrected or lifted.")
    recorded_at: Instant
    actor: str
    target: str
    state: str = Field(description="closed, restricted, announced or over.")


class SituationShown(Model):
    """What is closed and restricted at an instant."""

    as_of: Instant
    version: int = Field(description="Grows with every entry.")
    hash: str = Field(description="Of what still matters; empty where that is nothing.")
    items: list[State]
    announced: list[ClosureShown]


class ClosurePage(Model):
    """Closures in their last version, a page at a time."""

    items: list[ClosureShown]
    total: int
    next: str | None = Field(description="Address of the next page.")


class TouchedDepartures(Model):
    """Departures that do not go, the first of them by name."""

    count: int
    first: list[str]


class Touches(Model):
    """What a closure touches."""

    places: list[str]
    links: list[str]
    services: list[str]
    departures: TouchedDepartures
    quotes: list[str] = Field(description="Stored quotes that still hold and use it.")
    overlaps: list[str] = Field(description="Other closures of the same things and time.")


class EnteredShown(Model):
    """An entry, and what it touches."""

    closure: ClosureShown
    touches: Touches
    entered: bool = Field(description="False for a trial.")
    situation_version: int


class _Changes(Model):
    """What a closure may say."""

    from_: str | None = Field(
        default=None,
        alias="from",
        description="A day in the place's zone, or an instant; now without it.",
    )
    until: str | None = Field(default=None, description="When it opens again; a day to its end.")
    until_low: str | None = Field(default=None, description="The earliest reopening.")
    until_likely: str | None = Field(default=None, description="The likely reopening.")
    until_high: str | None = Field(default=None, description="The latest reopening.")
    cause: str | None = Field(default=None, description="A word of closure_causes.csv; other.")
    share: str | None = Field(default=None, description="Share of capacity lost; 1.")
    note: str | None = Field(default=None, description="Why; it stays for good, so no names.")
    source: str | None = Field(default=None, description="Where it was heard; estimate.")
    dry_run: bool = Field(default=False, description="Say what it would touch, enter nothing.")


class ClosureBody(_Changes):
    """Something to be closed or restricted."""

    target: str = Field(description="A place by any name, or a link, service or carrier by id.")


class CorrectionBody(_Changes):
    """A correction; what it does not name stays as it was."""


class LiftBody(Model):
    """That something is open again."""

    at: str | None = Field(default=None, description="A day or an instant; now without it.")
    note: str | None = None
    dry_run: bool = Field(default=False, description="Say what it would touch, enter nothing.")


class ClosureVersions(Model):
    """Every version of one closure, the oldest first."""

    id: str
    items: list[ClosureShown]
