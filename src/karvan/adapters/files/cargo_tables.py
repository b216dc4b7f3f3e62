"""Types of wagons and trucks, grades of oil, dangerous goods and classes of goods, from CSV."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources.abc import Traversable
from typing import TypeVar

from karvan.adapters.files.cells import Cells, values
from karvan.adapters.files.corridor_tables import read_entities
from karvan.domain.errors import TableFault
from karvan.network.unit_types import (
    FreeTime,
    GoodsClass,
    GoodsCode,
    OilGrade,
    TruckType,
    UnEntry,
    UnitTypes,
    WagonType,
)

T = TypeVar("T")
Faults = tuple[TableFault, ...]

CARGO_TABLES = {
    "wagon_types.csv": "wagon_type",
    "truck_types.csv": "truck_type",
    "oil_grades.csv": "oil_grade",
    "un_numbers.csv": "un_number",
    "goods_classes.csv": "goods_class",
    "goods_codes.csv": "goods_code",
    "free_times.csv": "free_time",
}


def read_unit_types(directory: Traversable) -> tuple[UnitTypes, Faults]:
    """Read every table; what could be read, and all faults."""
    faults: list[TableFault] = []

    def take(name: str, make: Callable[[Cells], T]) -> tuple[T, ...]:
        entries, found = read_entities(directory, name, CARGO_TABLES[name], make)
        faults.extend(found)
        return values(entries)

    types = UnitTypes(
        wagons={row.code: row for row in take("wagon_types.csv", _wagon)},
        trucks={row.code: row for row in take("truck_types.csv", _truck)},
        grades={row.code: row for row in take("oil_grades.csv", _grade)},
        un_numbers=take("un_numbers.csv", _un),
        goods_classes=take("goods_classes.csv", _goods_class),
        goods_codes=take("goods_codes.csv", _goods_code),
        free_times={row.unit: row for row in take("free_times.csv", _free_time)},
    )
    return types, tuple(faults)


def _wagon(cells: Cells) -> WagonType:
    return WagonType(
        code=cells.text("code"),
        name=cells.text("name"),
        length_m=cells.decimal("length_m"),
        axles=cells.whole("axles"),
        tare_kg=cells.whole("tare_kg"),
        axle_load_t=cells.decimal("axle_load_t"),
        open=cells.flag("open"),
        cooled=cells.flag("cooled"),
        source=cells.parts("source"),
    )


def _truck(cells: Cells) -> TruckType:
    return TruckType(
        code=cells.text("code"),
        name=cells.text("name"),
        length_m=cells.decimal("length_m"),
        axles=cells.whole("axles"),
        tare_kg=cells.whole("tare_kg"),
        max_gross_kg=cells.whole("max_gross_kg"),
        open=cells.flag("open"),
        cooled=cells.flag("cooled"),
        source=cells.parts("source"),
    )


def _grade(cells: Cells) -> OilGrade:
    return OilGrade(
        code=cells.text("code"),
        name=cells.text("name"),
        family=cells.text("family"),
        commodity=cells.text("commodity"),
        hs=cells.text("hs"),
        un=cells.text("un"),
        packing_group=cells.text("packing_group"),
        density_kg_m3=cells.decimal("density_kg_m3"),
        sulphur_pct=cells.maybe_decimal("sulphur_pct"),
        source=cells.parts("source"),
    )


def _un(cells: Cells) -> UnEntry:
    number = cells.text("un")
    if len(number) != 4 or not (number.isascii() and number.isdigit()):
        cells.fault("un", "bad-code", "must be four digits")
    return UnEntry(
        un=number,
        name=cells.text("name"),
        hazard_class=cells.text("hazard_class"),
        packing_groups=cells.parts("packing_groups"),
        refused=cells.flag("refused"),
        valid_from=cells.day("valid_from"),
        valid_to=cells.maybe_date("valid_to"),
        source=cells.parts("source"),
        note=cells.text("note"),
    )


def _goods_class(cells: Cells) -> GoodsClass:
    return GoodsClass(
        prefix=cells.text("prefix"),
        commodity=cells.text("commodity"),
        source=cells.parts("source"),
    )


def _goods_code(cells: Cells) -> GoodsCode:
    return GoodsCode(
        territory=cells.text("territory"),
        name=cells.text("name"),
        digits=cells.whole("digits"),
        shared=cells.whole("shared"),
        source=cells.parts("source"),
    )


def _free_time(cells: Cells) -> FreeTime:
    return FreeTime(
        unit=cells.text("unit"),
        days=cells.whole("days"),
        low=cells.whole("low"),
        high=cells.whole("high"),
        source=cells.parts("source"),
    )
