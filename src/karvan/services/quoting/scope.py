"""What a price is for, what it leaves out, and what a day of a cargo is worth."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from karvan.domain.cargo import Cargo, Owner, UnitKind
from karvan.services.quoting.wishes import DAY_USD

#: What no price of a quote contains.
EXCLUDES: Final = (
    "duty and taxes",
    "demurrage and detention",
    "insurance",
    "collection",
    "delivery",
)

#: Worth of a day for a TEU, a wagon or a truck, and for a tonne in bulk or of oil, USD; all
#: estimates (half to one and a half of each). A TEU is half of the 40 ft container of the tariff
#: study; bulk and oil are capital in transit at 10 % a year on 350 and 580 USD a tonne.
#: Source: tariff_formation, sections 7 and 10; docs/reference/ranking.md.
_DAY_USD: Final = {
    UnitKind.CONTAINER: DAY_USD / 2,
    UnitKind.WAGON: DAY_USD,
    UnitKind.TRUCK: DAY_USD,
    UnitKind.BULK: Decimal("0.10"),
    UnitKind.OIL: Decimal("0.16"),
}


def scope_of(cargo: Cargo) -> str:
    """What the price is for, and whose the unit is and who gives it back, in two sentences."""
    return f"Terminal to terminal. {_unit(cargo)}"


def _unit(cargo: Cargo) -> str:
    own = cargo.owner is Owner.SHIPPER
    many = cargo.count > 1
    back = "is" if cargo.returns_empty else "is not"
    if cargo.kind is UnitKind.CONTAINER:
        box = "containers are" if many else "container is"
        go = "go" if many else "goes"
        wagons = "wagons are the carriers' own and go back at their cost."
        if own:
            return f"The {box} the shipper's own and the empty return {back} included; {wagons}"
        return f"The {box} a carrier's and {go} back empty to its depot at extra cost; {wagons}"
    if cargo.kind is UnitKind.WAGON:
        wagon = "wagons are" if many else "wagon is"
        if own:
            return f"The {wagon} the shipper's own and the empty return {back} included."
        return f"The {wagon} the carriers' own and go back at their cost."
    if cargo.kind is UnitKind.TRUCK:
        return f"The {'trucks are' if many else 'truck is'} the hauliers', empty return included."
    return "Wagons, ships and lines are the carriers' own; wagons go back at their cost."


def day_usd(cargo: Cargo) -> Decimal:
    """Worth of a day of the whole shipment in the ranking, USD; an estimate."""
    each = _DAY_USD[cargo.kind]
    if cargo.kind is UnitKind.CONTAINER:
        return each * cargo.teu * cargo.count
    if cargo.kind in {UnitKind.BULK, UnitKind.OIL}:
        return each * Decimal(cargo.total.kg) / 1000
    return each * cargo.count
