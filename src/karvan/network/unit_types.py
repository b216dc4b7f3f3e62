"""What goods travel in and what they are: wagons, trucks, grades of oil, dangerous goods.

Dated or typical rows that a request is read against; no figure of them is in the program.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from karvan.network.in_force import in_force

_KG_PER_T = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class WagonType:
    """A type of railway wagon.

    Attributes
    ----------
    length_m
        Over couplers, as tariffs count it.
    axle_load_t
        Largest load of an axle such wagons are built for; lines may allow less.
    open, cooled
        Whether goods may stand out of it, and whether it keeps a temperature.
    """

    code: str
    name: str
    length_m: Decimal
    axles: int
    tare_kg: int
    axle_load_t: Decimal
    open: bool
    cooled: bool
    source: tuple[str, ...]

    def payload_kg(self, axles: int) -> int:
        """Most the goods may weigh on so many axles."""
        return max(0, int(self.axle_load_t * axles * _KG_PER_T) - self.tare_kg)


@dataclass(frozen=True, slots=True, kw_only=True)
class TruckType:
    """A type of road vehicle; `open` and `cooled` as of a wagon."""

    code: str
    name: str
    length_m: Decimal
    axles: int
    tare_kg: int
    max_gross_kg: int
    open: bool
    cooled: bool
    source: tuple[str, ...]

    @property
    def payload_kg(self) -> int:
        """Most the goods may weigh."""
        return self.max_gross_kg - self.tare_kg


@dataclass(frozen=True, slots=True, kw_only=True)
class OilGrade:
    """A grade of crude oil or an oil product.

    Attributes
    ----------
    family
        Class that permissions speak of: `crude_oil` or `oil_products`.
    commodity
        Class of goods in the tariff book.
    hs, un, packing_group
        What a request that does not say has; `un` is '' of goods that are not dangerous.
    """

    code: str
    name: str
    family: str
    commodity: str
    hs: str
    un: str
    packing_group: str
    density_kg_m3: Decimal
    sulphur_pct: Decimal | None
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnEntry:
    """A number of the list of dangerous goods; `refused` numbers are taken from nobody."""

    un: str
    name: str
    hazard_class: str
    packing_groups: tuple[str, ...]
    refused: bool
    valid_from: date
    valid_to: date | None
    source: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsClass:
    """The class of goods, in the tariff book, of codes that begin so."""

    prefix: str
    commodity: str
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsCode:
    """A national nomenclature: how many digits it has and shares with the Harmonized System."""

    territory: str
    name: str
    digits: int
    shared: int
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeTime:
    """Days at the destination before hire is asked for a carrier's unit."""

    unit: str
    days: int
    low: int
    high: int
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitTypes:
    """The tables of this module; empty where nobody read them."""

    wagons: Mapping[str, WagonType] = field(default_factory=dict)
    trucks: Mapping[str, TruckType] = field(default_factory=dict)
    grades: Mapping[str, OilGrade] = field(default_factory=dict)
    un_numbers: tuple[UnEntry, ...] = ()
    goods_classes: tuple[GoodsClass, ...] = ()
    goods_codes: tuple[GoodsCode, ...] = ()
    free_times: Mapping[str, FreeTime] = field(default_factory=dict)

    def find_un(self, un: str, day: date) -> UnEntry | None:
        """The entry of a number in the list in force on a day."""
        return next(
            (
                row
                for row in self.un_numbers
                if row.un == un and in_force(row.valid_from, row.valid_to, day)
            ),
            None,
        )

    def commodity_of(self, hs: str) -> str:
        """Class of goods of a code, by the longest beginning; '' where none is known."""
        return _longest(self.goods_classes, hs)

    @property
    def commodities(self) -> frozenset[str]:
        """Every class of goods that is known."""
        of_codes = (row.commodity for row in self.goods_classes)
        return frozenset((*of_codes, *(grade.commodity for grade in self.grades.values())))


def _longest(rows: Iterable[GoodsClass], hs: str) -> str:
    found = [row for row in rows if hs.startswith(row.prefix)]
    return max(found, key=lambda row: len(row.prefix)).commodity if found else ""
