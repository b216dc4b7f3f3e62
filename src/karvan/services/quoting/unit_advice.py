"""What to know about the unit itself: whose it is, how long it is free, whether it keeps cool."""

from __future__ import annotations

from karvan.domain.cargo import Owner, UnitKind
from karvan.engines.compliance.documents import Advice
from karvan.network.rules import Rules
from karvan.services.quoting.cargo import QuoteRequest


def unit_advice(request: QuoteRequest, rules: Rules) -> tuple[Advice, ...]:
    """Free days of a carrier's container, and a temperature nobody promises to keep."""
    return (*_free_days(request, rules), *_temperature(request))


def _free_days(request: QuoteRequest, rules: Rules) -> tuple[Advice, ...]:
    cargo = request.cargo
    row = rules.units.free_times.get(cargo.kind.value)
    is_box = cargo.kind is UnitKind.CONTAINER
    if row is None or not is_box or cargo.owner is not Owner.CARRIER:
        return ()
    return (
        Advice(
            code="free-days",
            message=(
                f"The container is the carrier's: {row.days} days free at the destination "
                f"(an estimate, {row.low} to {row.high}), then hire by the day; "
                "it goes back empty to the carrier's depot"
            ),
            rule="free time",
            source=row.source,
        ),
    )


def _temperature(request: QuoteRequest) -> tuple[Advice, ...]:
    if request.temperature_c is None:
        return ()
    low, high = request.temperature_c
    asked = f"{low:f} C" if low == high else f"{low:f} to {high:f} C"
    return (
        Advice(
            code="temperature",
            message=(
                f"{asked}: no source says which of these services give power to a reefer; "
                "have each carrier confirm it before booking"
            ),
            rule="power on the way",
            source=("own-knowledge",),
        ),
    )
