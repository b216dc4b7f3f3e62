"""What is asked for, typed as the server documents it."""

from __future__ import annotations

from typing import TypedDict

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
