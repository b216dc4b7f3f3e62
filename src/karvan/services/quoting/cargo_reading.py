"""The cargo of a request: its unit, its goods, and how it travels, with every fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from karvan.domain.cargo import BY_THE_TONNE, Cargo, TrainType, UnitKind
from karvan.domain.quantities import Mass
from karvan.network.network import Network
from karvan.services.quoting.fields import Faults
from karvan.services.quoting.gazetteer import Named
from karvan.services.quoting.goods import (
    GOODS_FIELDS,
    Temperature,
    read_hazard,
    read_hs,
    read_mass,
    read_size,
    read_temperature,
)
from karvan.services.quoting.units import GAUGES_MM, UNIT_FIELDS, Unit, read_unit

#: Fields of a request that say what is carried and how.
CARGO_FIELDS: Final = (*UNIT_FIELDS, *GOODS_FIELDS, "train", "yearly_units", "customer")

MOST_YEARLY: Final = 1_000_000
_BROAD_MM: Final = 1520


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCargo:
    """A cargo that was understood; `as_given` says it in canonical text."""

    cargo: Cargo
    container_number: str
    temperature_c: Temperature | None
    as_given: Mapping[str, object]


def read_cargo(
    faults: Faults, network: Network, origin: Named | None, day: date
) -> ReadCargo | None:
    """Read everything about the cargo; None where a fault leaves nothing to build.

    Parameters
    ----------
    day
        Day of acceptance: the list of dangerous goods in force on it counts.
    """
    rules = network.rules
    unit = read_unit(faults, rules)
    laden = faults.flag("laden", default=True)
    hs = read_hs(faults, rules, unit, laden=laden)
    mass = read_mass(faults, unit, laden=laden)
    hazard = read_hazard(faults, rules, unit, day, laden=laden)
    temperature = read_temperature(faults, unit, laden=laden)
    size = read_size(faults, unit, laden=laden)
    gauge_mm = _gauge(faults, network, origin, unit)
    returns = faults.flag("return_empty", default=False)
    if returns and not laden:
        faults.add("empty-unit", "an empty unit does not come back empty", "return_empty")
    train = faults.word("train", tuple(TrainType)) or TrainType.SINGLE
    yearly = faults.whole("yearly_units", 0, 0, MOST_YEARLY)
    customer = faults.matched("customer", "[A-Za-z0-9_-]{1,40}", "letters, digits, - and _") or ""
    if unit is None or mass is None or faults.found:
        return None
    cargo = Cargo(
        kind=unit.kind,
        type_code="" if unit.kind is UnitKind.BULK else unit.code,
        equipment=unit.equipment,
        count=unit.count,
        mass=mass,
        tare=Mass(unit.tare_kg),
        hs=hs,
        teu=unit.teu,
        length_m=unit.length_m,
        axles=unit.axles,
        group=unit.group,
        commodity=_commodity(unit, rules.units.commodity_of(hs)),
        owner=unit.owner,
        returns_empty=returns,
        laden=laden,
        hazard=hazard,
        temperature_controlled=temperature is not None,
        out_of_gauge=size,
        train=TrainType(train),
        yearly_units=yearly,
        gauge_mm=gauge_mm,
        pool=unit.pool,
        customer=customer,
    )
    return ReadCargo(
        cargo=cargo,
        container_number=str(unit.number) if unit.number else "",
        temperature_c=temperature,
        as_given=_as_given(cargo, unit, temperature),
    )


def _commodity(unit: Unit, of_code: str) -> str:
    if unit.kind is UnitKind.BULK:
        return unit.code
    return unit.grade.commodity if unit.grade else of_code


def _gauge(faults: Faults, network: Network, origin: Named | None, unit: Unit | None) -> int:
    """Gauge a wagon stands on: as given, else that of the tracks at its origin."""
    given = faults.whole("gauge_mm", 0, min(GAUGES_MM), max(GAUGES_MM))
    if given and given not in GAUGES_MM:
        faults.add("out-of-range", "must be 1435 or 1520", "gauge_mm")
    if given or unit is None or unit.kind is not UnitKind.WAGON or origin is None:
        return given
    gauges = {g for member in origin.members for g in network.places[member].gauges}
    return _BROAD_MM if _BROAD_MM in gauges or not gauges else min(gauges)


def _as_given(cargo: Cargo, unit: Unit, temperature: Temperature | None) -> Mapping[str, object]:
    """Every field in canonical text; None where it is not given or means nothing."""
    kind = cargo.kind
    is_box, is_wagon = kind is UnitKind.CONTAINER, kind is UnitKind.WAGON
    in_units = kind not in BY_THE_TONNE
    on_wheels = kind in {UnitKind.WAGON, UnitKind.TRUCK}
    size, hazard = cargo.out_of_gauge, cargo.hazard
    return {
        **{each.value: unit.code if each is kind else None for each in UnitKind},
        "count": cargo.count if in_units else None,
        "container_number": unit.number.compact if unit.number else None,
        "container_owner": cargo.owner.value if is_box else None,
        "wagon_owner": None if is_box or kind is UnitKind.TRUCK else cargo.owner.value,
        "pool": cargo.pool or None,
        "gauge_mm": cargo.gauge_mm if is_wagon else None,
        "length_m": f"{cargo.length_m:f}" if on_wheels else None,
        "axles": cargo.axles if on_wheels else None,
        "laden": cargo.laden if in_units else None,
        "return_empty": cargo.returns_empty if in_units else None,
        "mass_kg": str(cargo.mass.kg),
        "hs": cargo.hs or None,
        "un": hazard.un if hazard else None,
        "hazard_class": hazard.hazard_class if hazard else None,
        "packing_group": (hazard.packing_group or None) if hazard else None,
        "temperature_c": _range(temperature),
        "loaded_length_m": _metres(size.length_m if size else None),
        "loaded_width_m": _metres(size.width_m if size else None),
        "loaded_height_m": _metres(size.height_m if size else None),
        "train": cargo.train.value,
        "yearly_units": cargo.yearly_units,
        "customer": cargo.customer or None,
    }


def _metres(size: Decimal | None) -> str | None:
    return None if size is None else f"{size:f}"


def _range(temperature: Temperature | None) -> str | None:
    if temperature is None:
        return None
    low, high = temperature
    return f"{low:f}" if low == high else f"{low:f}..{high:f}"
