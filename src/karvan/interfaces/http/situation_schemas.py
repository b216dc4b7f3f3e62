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


class ClosureVersions(Model):
    """Every version of one closure, the oldest first."""

    id: str
    items: list[ClosureShown]
