"""What the server answers, as values. Money is `Decimal`, instants are aware `datetime`s.

`raw` holds the whole JSON object, with the fields that have no attribute here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A total with its range, and how much of it rests on estimates."""

    amount: Decimal
    low: Decimal
    high: Decimal
    currency: str
    of_it_estimates: Decimal
    on_request: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitTime:
    """Hours from door to door, as quantiles of the journeys that were drawn."""

    p10: float
    p50: float
    p80: float
    p90: float
    p95: float
    mean: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLine:
    """One line of a price; `amount_quoted` is None where the amount is on request."""

    code: str
    carrier: str
    from_: str
    to: str
    rule: str
    basis: str
    quantity: Decimal
    rate: Decimal
    amount: Decimal | None
    currency: str
    amount_quoted: Decimal | None
    source: str
    estimate: bool
    carried_forward: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """What one departure carries the goods over."""

    mode: str
    from_: str
    to: str
    via: tuple[str, ...]
    carrier: str
    service: str
    departure_id: str
    nominal: bool
    departs_at: datetime
    arrives_at: datetime
    distance_km: float
    co2e_kg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What happens at a place, with its median hours."""

    place: str
    activity: str
    hours_p50: float
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Warning_:  # noqa: N801 - Python has one of its own
    """Something to know before booking."""

    code: str
    message: str
    rule: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One way, ranked from 1; `dominated_by` is the rank of one that is better in all."""

    rank: int
    labels: tuple[str, ...]
    corridor: str
    dominated_by: int | None
    departs_at: datetime
    arrives_at: datetime
    transit_time_h: TransitTime
    on_time: float
    price: Price
    price_lines: tuple[PriceLine, ...]
    co2e_kg: float
    legs: tuple[Leg, ...]
    calls: tuple[Call, ...]
    warnings: tuple[Warning_, ...]
    raw: dict[str, Any] = field(repr=False, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A through quote."""

    quote_id: str
    created_at: datetime
    expires_at: datetime
    network_hash: str
    tariff_version: str
    timetable_hash: str
    engine_version: str
    bounded: bool
    alternatives: tuple[Alternative, ...]
    raw: dict[str, Any] = field(repr=False, hash=False)

    def labelled(self, label: str) -> Alternative:
        """Give the alternative with a label: `cheapest`, `fastest` ...; raises `KeyError`."""
        for each in self.alternatives:
            if label in each.labels:
                return each
        raise KeyError(label)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedDate:
    """One ready date; without an answer `error` says why."""

    ready: str
    quote_id: str | None
    cheapest: Decimal | None
    fastest: Decimal | None
    currency: str | None
    arrives_p50: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Ready dates a week apart, and what follows from them in a sentence."""

    rows: tuple[ComparedDate, ...]
    advice: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place or city."""

    id: str
    name: str
    kind: str
    country: str
    members: tuple[str, ...]
    names: dict[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A scheduled service; `headway_h` is None where it publishes its days."""

    id: str
    name: str
    carrier: str
    mode: str
    status: str
    headway_h: float | None
    calls: tuple[str, ...]
    estimate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """A dated departure from a place; nominal where it is made from a headway."""

    departure_id: str
    service: str
    name: str
    carrier: str
    mode: str
    from_: str
    next_call: str
    last_call: str
    departs_at: datetime
    nominal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffRow:
    """A row of the tariff book on a day; `figure` is None where the price is on request."""

    id: str
    kind: str
    carrier: str
    scope: str
    from_places: tuple[str, ...]
    to_places: tuple[str, ...]
    both_ways: bool
    unit: str | None
    equipment: tuple[str, ...]
    conditions: tuple[str, ...]
    figure: Decimal | None
    low: Decimal | None
    high: Decimal | None
    in_: str
    state: str
    age_months: int
    estimate: bool
    rule: str
    source: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a job is; a total of 0 is not known yet."""

    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JobReason:
    """Why the last attempt of a job failed."""

    code: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work that is done later; `state` is queued, running, cancelling, done, dead or cancelled."""

    job_id: str
    kind: str
    state: str
    created_at: datetime
    ended: bool
    attempts: int
    progress: Progress
    reason: JobReason | None
    raw: dict[str, Any] = field(repr=False, compare=False)
