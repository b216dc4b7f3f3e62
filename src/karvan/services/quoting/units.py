"""The unit of a shipment as a request names it: box, wagon, truck, bulk or oil."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from karvan.domain.cargo import MOST_UNITS, Owner, UnitKind
from karvan.domain.identifiers.container import ContainerNumber
from karvan.domain.identifiers.container_type import ContainerGroup, ContainerType
from karvan.network.rules import Rules
from karvan.network.unit_types import OilGrade
from karvan.services.quoting.fields import Faults

#: Fields of which exactly one names the unit.
UNITS: Final = tuple(kind.value for kind in UnitKind)

#: Fields that say more of a unit, and the kinds that have them.
_ONLY_FOR: Final[Mapping[str, frozenset[UnitKind]]] = {
    "count": frozenset({UnitKind.CONTAINER, UnitKind.WAGON, UnitKind.TRUCK}),
    "container_number": frozenset({UnitKind.CONTAINER}),
    "container_owner": frozenset({UnitKind.CONTAINER}),
    "wagon_owner": frozenset({UnitKind.WAGON, UnitKind.BULK, UnitKind.OIL}),
    "pool": frozenset({UnitKind.WAGON, UnitKind.BULK, UnitKind.OIL}),
    "gauge_mm": frozenset({UnitKind.WAGON}),
    "length_m": frozenset({UnitKind.WAGON, UnitKind.TRUCK}),
    "axles": frozenset({UnitKind.WAGON, UnitKind.TRUCK}),
    "laden": frozenset({UnitKind.CONTAINER, UnitKind.WAGON, UnitKind.TRUCK}),
    "return_empty": frozenset({UnitKind.CONTAINER, UnitKind.WAGON, UnitKind.TRUCK}),
    "temperature_c": frozenset({UnitKind.CONTAINER, UnitKind.WAGON, UnitKind.TRUCK}),
    "loaded_length_m": frozenset({UnitKind.CONTAINER, UnitKind.WAGON, UnitKind.TRUCK}),
    "loaded_width_m": frozenset({UnitKind.CONTAINER, UnitKind.WAGON, UnitKind.TRUCK}),
    "loaded_height_m": frozenset({UnitKind.CONTAINER, UnitKind.WAGON, UnitKind.TRUCK}),
}

UNIT_FIELDS: Final = (*UNITS, *_ONLY_FOR)

GAUGES_MM: Final = (1435, 1520)

_OPEN_BOXES: Final = {ContainerGroup.OPEN_TOP, ContainerGroup.FLAT_RACK}
_COOLED_BOXES: Final = {ContainerGroup.REEFER, ContainerGroup.INSULATED, ContainerGroup.TANK}
_PLAIN_TRUCK: Final = "truck"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit that was understood.

    Attributes
    ----------
    payload_kg
        Most the goods in one may weigh; None of bulk and oil.
    open, cooled
        Whether goods may stand out of it, and whether it keeps a temperature.
    grade
        Of oil.
    """

    kind: UnitKind
    code: str
    equipment: str
    count: int = 1
    tare_kg: int = 0
    payload_kg: int | None = None
    teu: Decimal = Decimal(0)
    length_m: Decimal = Decimal(0)
    axles: int = 0
    group: str = ""
    open: bool = False
    cooled: bool = False
    owner: Owner = Owner.SHIPPER
    pool: str = ""
    number: ContainerNumber | None = None
    grade: OilGrade | None = None


def read_unit(faults: Faults, rules: Rules) -> Unit | None:
    """Read the one kind of unit and what belongs to it."""
    given = [name for name in UNITS if faults.has(name)]
    if not given:
        faults.add("missing", "is required", "container", fix="one of " + ", ".join(UNITS))
        return None
    for name in given[1:]:
        faults.add("two-units", f"there is {given[0]} already: a shipment has one unit", name)
    kind = UnitKind(given[0])
    for name, kinds in _ONLY_FOR.items():
        if faults.has(name) and kind not in kinds:
            faults.add("not-for-unit", f"means nothing for {kind.value}", name)
    readers = {
        UnitKind.CONTAINER: _container,
        UnitKind.WAGON: _wagon,
        UnitKind.TRUCK: _truck,
        UnitKind.BULK: _bulk,
        UnitKind.OIL: _oil,
    }
    return readers[kind](faults, rules)


def _container(faults: Faults, rules: Rules) -> Unit | None:
    box = faults.read("container", ContainerType.parse)
    number = faults.read("container_number", ContainerNumber.parse)
    owner = faults.word("container_owner", tuple(Owner)) or Owner.SHIPPER
    count = _count(faults)
    if number is not None and count > 1:
        faults.add("one-number", "one number names one container", "container_number")
    if box is None:
        return None
    rating = rules.containers.get(box.code)
    if rating is None:
        faults.add(
            "container-not-carried",
            "no rating is known for this container type",
            "container",
            known=sorted(rules.containers),
        )
        return None
    return Unit(
        kind=UnitKind.CONTAINER,
        code=box.code,
        equipment=str(box.length_ft),
        count=count,
        tare_kg=rating.tare_kg,
        payload_kg=rating.payload_kg,
        teu=Decimal(str(box.teu)),
        group=box.group.value,
        open=box.group in _OPEN_BOXES,
        cooled=box.group in _COOLED_BOXES,
        owner=Owner(owner),
        number=number,
    )


def _wagon(faults: Faults, rules: Rules) -> Unit | None:
    code = faults.word("wagon", rules.units.wagons)
    owner, pool = _wagon_owner(faults)
    count = _count(faults)
    length_m = faults.decimal("length_m", "5", "60")
    known = rules.units.wagons.get(code or "")
    axles = faults.whole("axles", known.axles if known else 4, 2, 32)
    if known is None:
        return None
    return Unit(
        kind=UnitKind.WAGON,
        code=known.code,
        equipment=known.code,
        count=count,
        tare_kg=known.tare_kg,
        payload_kg=known.payload_kg(axles),
        length_m=length_m or known.length_m,
        axles=axles,
        open=known.open,
        cooled=known.cooled,
        owner=owner,
        pool=pool,
    )


def _truck(faults: Faults, rules: Rules) -> Unit | None:
    """A type, or the length of a usual truck."""
    given = faults.body.get("truck")
    by_length = isinstance(given, int) or (
        isinstance(given, str) and given.replace(".", "", 1).isdecimal()
    )
    if by_length and faults.has("length_m"):
        faults.add("two-lengths", "the length is given twice", "length_m")
    length_m = faults.decimal("truck" if by_length else "length_m", "3", "30")
    code = _PLAIN_TRUCK if by_length else faults.word("truck", rules.units.trucks)
    known = rules.units.trucks.get(code or "")
    count = _count(faults)
    axles = faults.whole("axles", known.axles if known else 5, 2, 32)
    if known is None:
        return None
    return Unit(
        kind=UnitKind.TRUCK,
        code=known.code,
        equipment="truck",
        count=count,
        tare_kg=known.tare_kg,
        payload_kg=known.payload_kg,
        length_m=length_m or known.length_m,
        axles=axles,
        open=known.open,
        cooled=known.cooled,
    )


def _bulk(faults: Faults, rules: Rules) -> Unit | None:
    commodity = faults.word("bulk", rules.units.commodities)
    owner, pool = _wagon_owner(faults)
    if commodity is None:
        return None
    return Unit(kind=UnitKind.BULK, code=commodity, equipment="bulk", owner=owner, pool=pool)


def _oil(faults: Faults, rules: Rules) -> Unit | None:
    grade = faults.word("oil", rules.units.grades)
    owner, pool = _wagon_owner(faults)
    if grade is None:
        return None
    unit = Unit(kind=UnitKind.OIL, code=grade, equipment="oil", owner=owner, pool=pool)
    return replace(unit, grade=rules.units.grades[grade])


def _wagon_owner(faults: Faults) -> tuple[Owner, str]:
    owner = faults.word("wagon_owner", tuple(Owner)) or Owner.CARRIER
    pool = faults.matched("pool", "[A-Z]{2}", "two capital letters") or ""
    return Owner(owner), pool


def _count(faults: Faults) -> int:
    return faults.whole("count", 1, 1, MOST_UNITS)
