"""What is asked of the search."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontQuery:
    """What is asked.

    Attributes
    ----------
    origins, destinations
        Place indices; a city has several members, and those of one city are one target.
        No place twice.
    ready_min
        When the cargo stands at the gate of the origin, whichever it is.
    latest_departure_min
        Connections that depart later are not scanned, also for cargo on board.
    criteria
        2: arrival and price; 4: also CO2e and spread.
    label_limit
        How many labels may be kept (>= 1); after that the answer is `bounded`.
    lift_rules
        Search as if this cargo had no rules: segments with a refusal are open, a forbidden
        regime step keeps the regime (its price is still due), a missing rate counts 0.
    required_families
        Bit set; only ways that use all of these families are wanted.
    """

    origins: tuple[int, ...]
    destinations: tuple[int, ...]
    ready_min: int
    latest_departure_min: int
    criteria: int = 4
    label_limit: int = 200_000
    lift_rules: bool = False
    required_families: int = 0
