"""One charge: a rate applied to a way, exact to a millionth of the quote currency.

A charge is rounded twice, each time visibly: to a micro-unit of the quote currency here, so
that the search can add whole numbers, and to the minor unit in `lines`, where the total is
the sum of the rounded lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from karvan.domain.tariff import Basis, Rate

#: One millionth of a currency unit; `network.tariff_arrays.MICRO_PER_UNIT` in a Decimal.
_MICRO: Final = Decimal(1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What a rate asks for one way or act.

    Attributes
    ----------
    code
        `HAUL`, `HANDLING`, `BORDER`, `GAUGE`, `DECLARATION`.
    quantity
        Container-kilometres, containers or 1, as the rate's basis says.
    amount
        `quantity` x rate in the rate's own currency, unrounded.
    micro, low_micro, high_micro
        The same in micro-units of the quote currency.
    """

    code: str
    carrier: str
    from_place: str
    to_place: str
    rate: Rate
    quantity: Decimal
    amount: Decimal
    micro: int
    low_micro: int
    high_micro: int
    carried_forward: bool


def tariff_km(distance_km: float) -> Decimal:
    """Tariff distance: whole kilometres, each one begun counts."""
    return Decimal(distance_km).quantize(Decimal(1), rounding="ROUND_CEILING")


def charge(
    rate: Rate,
    *,
    code: str,
    carrier: str,
    from_place: str,
    to_place: str,
    distance_km: float,
    exchange: Decimal,
    day: date,
) -> Charge:
    """Apply a rate to one container over a way.

    Parameters
    ----------
    distance_km
        Tariff distance of the carrier's own table; used by container-km rates only.
    exchange
        Units of the quote currency for one unit of the rate's currency.
    day
        Day of acceptance, which decides age and carried forward.
    """
    quantity = tariff_km(distance_km) if rate.basis is Basis.CONTAINER_KM else Decimal(1)
    low, high = rate.bounds(day)
    return Charge(
        code=code,
        carrier=carrier,
        from_place=from_place,
        to_place=to_place,
        rate=rate,
        quantity=quantity,
        amount=quantity * rate.amount,
        micro=to_micro(quantity * rate.amount * exchange),
        low_micro=to_micro(quantity * low * exchange),
        high_micro=to_micro(quantity * high * exchange),
        carried_forward=rate.carried_forward(day),
    )


def to_micro(amount: Decimal) -> int:
    """Round to a whole micro-unit, half to even."""
    return int((amount * _MICRO).to_integral_value(rounding=ROUND_HALF_EVEN))
