"""What a cargo travels as on each mode of service.

A container rides a ro-ro ship on a truck; goods in bulk go in hopper wagons or trucks or a
ship's hold; oil in tank wagons, tankers or a pipeline. Where a carrier may have a price for
more than one of these the first that has one counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from typing import Final

from karvan.domain.cargo import Cargo, UnitKind
from karvan.domain.quantities import Mass
from karvan.network.links import Mode
from karvan.network.patterns import CorridorFamily, ScheduledService

#: Length of the usual truck, metres. Source: tariffs:T048 (metbuat.az), the unit of the ferry.
TRUCK_LENGTH_M: Final = Decimal("16.5")

#: Goods in one truck, one hopper wagon and one tank wagon, kg. Source: tariffs:T255 (a cargo of
#: 20 t is the unit of CAREC for road and rail), tariff_formation section 5 (60 t in a wagon).
TRUCK_LOAD_KG: Final = 20_000
WAGON_LOAD_KG: Final = 60_000

#: Length of a tank wagon over couplers, metres. Source: tariffs:T003 (asco.az).
TANK_WAGON_LENGTH_M: Final = Decimal(13)

#: Length of another four-axle wagon, metres. Source: tariff_formation section 5.
WAGON_LENGTH_M: Final = Decimal("14.73")

#: Tare of a four-axle wagon, kg; an estimate (22 to 27 t). Source: own knowledge.
WAGON_TARE_KG: Final = 24_000

_RAIL: Final = frozenset({Mode.RAIL, Mode.RAIL_FERRY})

#: Modes of service that take each kind of unit.
TAKEN_BY: Final[Mapping[UnitKind, frozenset[Mode]]] = {
    UnitKind.CONTAINER: _RAIL | {Mode.ROAD, Mode.RORO, Mode.FEEDER, Mode.DEEP_SEA},
    UnitKind.WAGON: _RAIL,
    UnitKind.TRUCK: frozenset({Mode.ROAD, Mode.RORO}),
    UnitKind.BULK: _RAIL | {Mode.ROAD, Mode.RORO, Mode.BULK},
    UnitKind.OIL: _RAIL | {Mode.TANKER, Mode.PIPELINE},
}

#: Modes that take any kind of unit `TAKEN_BY` gives them, oil too; oil goes by no other train
#: or ferry than those that name it.
_OIL_ONLY: Final = frozenset({Mode.TANKER, Mode.PIPELINE})


@dataclass(frozen=True, slots=True)
class Carriage:
    """What decides which services a cargo can travel by: its kind of unit and its modes."""

    kind: UnitKind
    modes: frozenset[Mode]

    def takes(self, service: ScheduledService) -> bool:
        """Say whether a service takes such a cargo at all."""
        if service.mode not in self.modes:
            return False
        if service.units:
            return self.kind in service.units
        return self.kind is not UnitKind.OIL or service.mode in _OIL_ONLY

    def goes_by(self, family: CorridorFamily) -> bool:
        """Say whether a corridor family is one of such a cargo."""
        return not family.units or self.kind in family.units


#: Containers without anything that asks for a ship of their own.
CONTAINERS: Final = Carriage(UnitKind.CONTAINER, TAKEN_BY[UnitKind.CONTAINER])


def carriage_of(cargo: Cargo) -> Carriage:
    """Give how a cargo can travel."""
    return Carriage(cargo.kind, modes_for(cargo))


def modes_for(cargo: Cargo) -> frozenset[Mode]:
    """Modes of service that take a cargo; class 7 in containers also goes by chartered ship."""
    modes = TAKEN_BY[cargo.kind]
    radioactive = cargo.hazard is not None and cargo.hazard.main_class == "7"
    if cargo.kind is UnitKind.CONTAINER and radioactive:
        return modes | {Mode.CHARTERED_SHIP}
    return modes


def forms_of(cargo: Cargo, mode: Mode) -> tuple[Cargo, ...]:
    """What a cargo travels as on a mode, in the order in which prices are looked for."""
    if mode is Mode.RORO and cargo.kind is not UnitKind.TRUCK:
        return (_as_trucks(cargo),)
    if cargo.kind is UnitKind.BULK:
        if mode is Mode.ROAD:
            return (_as_trucks(cargo),)
        return (cargo, _as_wagons(cargo, "hopper", WAGON_LENGTH_M)) if mode in _RAIL else (cargo,)
    if cargo.kind is UnitKind.OIL and mode in _RAIL:
        return (cargo, _as_wagons(cargo, "tank_wagon", TANK_WAGON_LENGTH_M))
    return (cargo,)


def _as_trucks(cargo: Cargo) -> Cargo:
    """One truck for each container, or as many as bulk goods fill."""
    if cargo.kind is UnitKind.CONTAINER:
        return replace(
            cargo,
            kind=UnitKind.TRUCK,
            equipment="truck",
            length_m=TRUCK_LENGTH_M,
            teu=Decimal(0),
        )
    count, mass = _shared(cargo.total, TRUCK_LOAD_KG)
    return replace(
        cargo,
        kind=UnitKind.TRUCK,
        equipment="truck",
        count=count,
        mass=mass,
        length_m=TRUCK_LENGTH_M,
    )


def _as_wagons(cargo: Cargo, equipment: str, length_m: Decimal) -> Cargo:
    count, mass = _shared(cargo.total, WAGON_LOAD_KG)
    return replace(
        cargo,
        kind=UnitKind.WAGON,
        equipment=equipment,
        count=count,
        mass=mass,
        tare=Mass(WAGON_TARE_KG),
        length_m=length_m,
        axles=4,
    )


def _shared(total: Mass, load_kg: int) -> tuple[int, Mass]:
    """Number of units and the mean load of one, rounded up to a kilogram."""
    count = max(1, -(-total.kg // load_kg))
    mean = (Decimal(total.kg) / count).to_integral_value(rounding=ROUND_CEILING)
    return count, Mass(int(mean))
