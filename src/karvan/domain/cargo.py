"""What is carried: containers, wagons, trucks, bulk or parcels of oil.

A shipment is one kind of *unit*, so many of one type. Goods in bulk and oil are one unit whose
mass is that of the whole; everything else states the mass of the goods in each unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from karvan.domain.errors import InvalidInput
from karvan.domain.quantities import Mass

#: Most units of one shipment; more are several shipments.
MOST_UNITS: Final = 10_000

_KG_PER_T: Final = Decimal(1000)


class UnitKind(StrEnum):
    """What the goods travel in."""

    CONTAINER = "container"
    WAGON = "wagon"
    TRUCK = "truck"
    BULK = "bulk"
    OIL = "oil"


#: Kinds that are one unit and whose mass is that of the whole shipment.
BY_THE_TONNE: Final = frozenset({UnitKind.BULK, UnitKind.OIL})


class Owner(StrEnum):
    """Whose a container or wagon is."""

    SHIPPER = "shipper"
    CARRIER = "carrier"


class TrainType(StrEnum):
    """How a shipment travels by rail: alone, in a group of wagons, as a whole train."""

    SINGLE = "single"
    GROUP = "group"
    BLOCK = "block"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """Dangerous goods.

    Attributes
    ----------
    un
        UN number, four digits.
    hazard_class
        Class or division, `3` or `2.1`.
    packing_group
        `I`, `II`, `III`, or '' where the entry has none.
    """

    un: str
    hazard_class: str
    packing_group: str = ""

    @property
    def main_class(self) -> str:
        """The class without its division: `2` of `2.1`."""
        return self.hazard_class.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfGauge:
    """Outer size of a loaded unit that stands out of its frame, in metres; None as usual."""

    length_m: Decimal | None = None
    width_m: Decimal | None = None
    height_m: Decimal | None = None

    def __post_init__(self) -> None:
        for name in ("length_m", "width_m", "height_m"):
            value = getattr(self, name)
            if value is not None and not (value.is_finite() and 0 < value <= 100):
                raise InvalidInput("a size is above 0 and at most 100 m", field=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cargo:
    """One shipment as tariffs, rules and ships see it.

    Attributes
    ----------
    type_code
        ISO code of a container, type of a wagon or truck, grade of oil, '' of bulk.
    equipment
        Class of the unit in the tariff book: `20`, `40`, `45` of containers, `truck`, a type
        of wagon, `bulk`, `oil`.
    mass, tare
        Goods in each unit and the empty unit; for bulk and oil the whole and nothing.
    length_m, axles
        Over couplers or bumpers; 0 where it means nothing.
    group
        What a container is made for (`general`, `tank`, `reefer`, ...), '' of others.
    commodity
        Class of goods in the tariff book (`crude_oil`, `grain`, ...), '' where the code says none.
    owner
        Whose the container or wagon is.
    returns_empty
        Whether the price shall hold the way back of the empty unit.
    laden
        False for an empty unit that is moved.
    yearly_units
        Units a year the customer promises; 0 where nothing is promised.
    gauge_mm
        Track gauge a wagon stands on; 0 where it means nothing.
    pool
        Park the wagon belongs to (`GE`, `UA`), where a tariff favours some; '' otherwise.
    customer
        Key of a contract in the tariff book, '' of everybody.
    """

    kind: UnitKind
    type_code: str
    equipment: str
    count: int
    mass: Mass
    tare: Mass
    hs: str
    teu: Decimal = Decimal(0)
    length_m: Decimal = Decimal(0)
    axles: int = 0
    group: str = ""
    commodity: str = ""
    owner: Owner = Owner.SHIPPER
    returns_empty: bool = False
    laden: bool = True
    hazard: Hazard | None = None
    temperature_controlled: bool = False
    out_of_gauge: OutOfGauge | None = None
    train: TrainType = TrainType.SINGLE
    yearly_units: int = 0
    gauge_mm: int = 0
    pool: str = ""
    customer: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MOST_UNITS:
            raise InvalidInput("units are 1 to 10,000", count=self.count)
        if self.kind in BY_THE_TONNE and self.count != 1:
            raise InvalidInput("bulk and oil are one unit", count=self.count)
        if self.yearly_units < 0:
            raise InvalidInput("a promised volume is >= 0", yearly_units=self.yearly_units)

    @property
    def net_t(self) -> Decimal:
        """Goods in each unit, tonnes."""
        return Decimal(self.mass.kg) / _KG_PER_T

    @property
    def gross_t(self) -> Decimal:
        """Each unit with its goods, tonnes."""
        return Decimal(self.mass.kg + self.tare.kg) / _KG_PER_T

    @property
    def total(self) -> Mass:
        """Goods of the whole shipment."""
        return Mass(self.mass.kg * self.count)

    @property
    def axle_load_t(self) -> Decimal:
        """Load of each axle of a wagon, tonnes; 0 where it is unknown."""
        return self.gross_t / self.axles if self.axles else Decimal(0)
