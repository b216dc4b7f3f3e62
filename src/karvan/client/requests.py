"""What is asked for, typed as the server documents it."""

from __future__ import annotations

from typing import Any, TypedDict

#: A request for a quote. Decimals are texts, so that no digit is lost; `from`, `to`, `ready` and
#: a unit with its goods are required. Fields that are not named here are sent as they are.
QuoteRequest = TypedDict(
    "QuoteRequest",
    {
        "from": str,
        "to": str,
        "ready": str,
        "container": str,
        "wagon": str,
        "truck": str,
        "bulk": str,
        "oil": str,
        "count": int,
        "mass_kg": str,
        "mass_t": str,
        "hs": str,
        "un": str,
        "temperature_c": str,
        "container_number": str,
        "container_owner": str,
        "wagon_owner": str,
        "customer": str,
        "latest_arrival": str,
        "avoid": list[str],
        "via": list[str],
        "no_transit": list[str],
        "rank_by": str,
        "weights": dict[str, str],
        "most": int,
        "payers": dict[str, str],
        "currency": str,
        "changes": list[str],
        "samples": int,
        "seed": int,
    },
    total=False,
)


class StudyRequest(TypedDict, total=False):
    """What is asked of a study: `kind`, a scenario or two of them, and the terms of the kind.

    A scenario is the name of a shipped one, or an object with the keys of a scenario file.
    """

    kind: str
    scenario: str | dict[str, Any]
    a: str | dict[str, Any]
    b: str | dict[str, Any]
    situation: bool
    time_limit_s: float
    reason: str
    runs: int
    seed: int
    order: int
    by_year: bool
    days: int
    first_day: str
    tolerance: float
    first_year: int
    last_year: int
    rate_percent: float
    growth_percent: float
    every: float
    budget_eur: float
    budget_by_year_eur: float
    costs: str
    frontier: bool
