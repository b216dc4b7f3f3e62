"""One charge: a row of the book applied to a way, exact to a millionth of the quote currency.

A charge is rounded twice, each time visibly: to a micro-unit of the quote currency here, so
that the search can add whole numbers, and to the minor unit in `lines`, where the total is
the sum of the rounded lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from typing import Final

from karvan.domain.cargo import Cargo
from karvan.domain.tariff import (
    BY_DISTANCE,
    Basis,
    Cap,
    Coefficient,
    Rate,
    Surcharge,
    SurchargeKind,
)

#: One millionth of a currency unit; `network.tariff_arrays.MICRO_PER_UNIT` in a Decimal.
_MICRO: Final = Decimal(1_000_000)

_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What a row of the book asks for one way or act.

    Attributes
    ----------
    code
        `HAUL`, `HANDLING`, `BORDER`, `GAUGE`, `DECLARATION`, `RETURN` (the empty unit back),
        `HIRE`, `CAP`, or the code of a surcharge.
    row
        Row of the book; its `basis` says what is counted.
    currency
        That of the row; of the quote for a surcharge in percent.
    quantity
        What the amount was multiplied by, as the basis says.
    each
        Amount for one of them, in `currency`; a percentage where a surcharge is one.
    factors
        Coefficients applied, one of each group.
    amount
        `quantity` x `each` x factors in `currency`, unrounded, after minimum and
        maximum; 0 on request.
    micro, low_micro, high_micro
        The same in micro-units of the quote currency.
    limited
        `minimum` or `maximum` where that decided the amount, else ''.
    on_request
        No amount is published: the total is a "from".
    """

    code: str
    carrier: str
    from_place: str
    to_place: str
    row: Rate | Surcharge | Cap
    currency: str
    quantity: Decimal
    each: Decimal
    amount: Decimal
    micro: int
    low_micro: int
    high_micro: int
    carried_forward: bool
    factors: tuple[Coefficient, ...] = ()
    limited: str = ""
    on_request: bool = False

    @property
    def estimate(self) -> bool:
        """Whether the row or one of the coefficients is an estimate."""
        return self.row.estimate or any(factor.estimate for factor in self.factors)


def tariff_km(distance_km: float | Decimal) -> Decimal:
    """Tariff distance: whole kilometres, each one begun counts."""
    return Decimal(distance_km).quantize(Decimal(1), rounding=ROUND_CEILING)


def quantity_of(basis: Basis, cargo: Cargo, km: Decimal, *, laden: bool = True) -> Decimal:
    """How many units of a basis a cargo is over `km` whole kilometres.

    The empty unit on its way back weighs its tare and carries nothing.
    """
    count = Decimal(cargo.count)
    net = cargo.net_t if laden else _NOTHING
    gross = cargo.gross_t if laden else cargo.gross_t - cargo.net_t
    plain = {
        Basis.CONTAINER: count,
        Basis.CONTAINER_KM: count,
        Basis.WAGON: count,
        Basis.WAGON_KM: count,
        Basis.VEHICLE: count,
        Basis.VEHICLE_KM: count,
        Basis.TEU: cargo.teu * count,
        Basis.TEU_KM: cargo.teu * count,
        Basis.LINEAR_METRE: cargo.length_m * count,
        Basis.TONNE: net * count,
        Basis.TONNE_KM: net * count,
        Basis.GROSS_TONNE_KM: gross * count,
        Basis.AXLE: Decimal(cargo.axles) * count,
        Basis.AXLE_KM: Decimal(cargo.axles) * count,
        Basis.FLAT: Decimal(1),
    }[basis]
    return plain * km if basis in BY_DISTANCE else plain


def to_micro(amount: Decimal) -> int:
    """Round to a whole micro-unit, half to even."""
    return int((amount * _MICRO).to_integral_value(rounding=ROUND_HALF_EVEN))


def basis_of(charge: Charge) -> str:
    """What the quantity of a charge counts: the basis of its row, or `percent`."""
    if isinstance(charge.row, Surcharge) and charge.row.kind is SurchargeKind.PERCENT:
        return SurchargeKind.PERCENT.value
    return charge.row.basis.value
