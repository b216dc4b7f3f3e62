"""The request of a quote, parsed: what goes where, when, in what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from karvan.domain.cargo import Cargo
from karvan.network.changes import Change
from karvan.services.quoting.gazetteer import Named
from karvan.services.quoting.wishes import Wishes

#: Seed of the draws of a quote whose request names none.
DEFAULT_SEED = 20261121
DEFAULT_SAMPLES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteRequest:
    """A request that can be answered: every field is a value and not a text.

    Attributes
    ----------
    ready
        Instant from which the cargo stands at the gate of the origin, UTC.
    latest_arrival
        Instant by which it is wanted, UTC, or None.
    temperature_c
        Range in which the goods are kept, degrees Celsius, or None.
    as_given
        The request in canonical text, which the answer repeats.
    """

    origin: Named
    destination: Named
    cargo: Cargo
    container_number: str
    ready: datetime
    latest_arrival: datetime | None
    currency: str
    changes: tuple[Change, ...]
    samples: int
    seed: int
    as_given: Mapping[str, object]
    temperature_c: tuple[Decimal, Decimal] | None = None
    wishes: Wishes = field(default_factory=Wishes)
