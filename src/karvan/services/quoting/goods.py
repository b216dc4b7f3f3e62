"""The goods of a request: code, mass, danger, temperature, size out of gauge."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Final

from karvan.domain.cargo import BY_THE_TONNE, Hazard, OutOfGauge, UnitKind
from karvan.domain.errors import InvalidInput
from karvan.domain.identifiers.hs_code import HsCode
from karvan.domain.identifiers.un_number import UnNumber
from karvan.domain.quantities import Mass, parse_mass_kg
from karvan.network.link_attributes import KNOWN_VALUES, PermissionKind
from karvan.network.rules import Rules
from karvan.services.quoting.fields import Faults, plain
from karvan.services.quoting.units import Unit

#: Most tonnes of bulk or oil in one request: the largest ships of the Mediterranean.
MOST_T: Final = 500_000

GOODS_FIELDS: Final = (
    "mass_kg",
    "mass_t",
    "hs",
    "un",
    "hazard_class",
    "packing_group",
)

_CLASSES: Final = KNOWN_VALUES[PermissionKind.HAZARD_CLASS]
_GROUPS: Final = ("I", "II", "III")
_NUMBER: Final = r"-?[0-9]{1,2}(?:\.[0-9])?"
_RANGE: Final = re.compile(rf"({_NUMBER})(?:\s*\.\.\s*({_NUMBER}))?")

Temperature = tuple[Decimal, Decimal]


def read_hs(faults: Faults, rules: Rules, unit: Unit | None, *, laden: bool) -> str:
    """The subheading; of oil that of its grade where none is given, '' of an empty unit."""
    grade = unit.grade if unit else None
    if not faults.has("hs"):
        if grade is not None:
            return grade.hs
        if laden:
            faults.add("missing", "is required", "hs")
        return ""
    code = faults.read("hs", partial(_known_hs, rules))
    if code is None or unit is None:
        return ""
    if not laden:
        faults.add("empty-unit", "an empty unit has no goods", "hs")
    class_of = rules.units.commodity_of(code)
    if grade is not None and code[:4] != grade.hs[:4]:
        faults.add("goods-contradict", "the code is not that of the oil", "hs", usual=grade.hs)
    elif unit.kind is UnitKind.BULK and class_of and class_of != unit.code:
        faults.add("goods-contradict", f"the code is that of {class_of}", "hs", bulk=unit.code)
    return code


def _known_hs(rules: Rules, text: str) -> str:
    code = str(HsCode.parse(text))
    if code not in rules.hs:
        near = sorted(c for c in rules.hs if len(c) == 6 and c[:4] == code[:4])
        raise InvalidInput(
            "no such subheading in the Harmonized System of 2022", hs=text, near=near[:8]
        )
    return code


def read_mass(faults: Faults, unit: Unit | None, *, laden: bool) -> Mass | None:
    """Goods in each unit; of bulk and oil the whole."""
    mass = _mass(faults, laden=laden)
    if mass is None:
        return None
    name = "mass_t" if faults.has("mass_t") else "mass_kg"
    if laden and mass.kg == 0:
        faults.add("no-mass", "goods weigh more than nothing", name)
    elif not laden and mass.kg:
        faults.add("empty-unit", "an empty unit has no goods", name)
    elif unit is not None and unit.kind in BY_THE_TONNE and mass.kg > MOST_T * 1000:
        faults.add("too-much", "more than one ship carries", name, fix=f"at most {MOST_T} t")
    elif unit is not None and unit.payload_kg is not None and mass.kg > unit.payload_kg:
        faults.add(
            "over-payload",
            f"the goods weigh more than the {unit.kind.value} may carry",
            name,
            fix=f"at most {unit.payload_kg} kg in one {unit.code}",
            mass_kg=mass.kg,
            payload_kg=unit.payload_kg,
        )
    return mass


def _mass(faults: Faults, *, laden: bool) -> Mass | None:
    if faults.has("mass_t"):
        if faults.has("mass_kg"):
            faults.add("two-masses", "the mass is given twice", "mass_t")
        value = faults.body["mass_t"]
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            faults.add("wrong-type", "must be a decimal string of tonnes", "mass_t")
            return None
        return faults.attempt("mass_t", lambda: Mass.from_tonnes(str(value)))
    if not faults.has("mass_kg"):
        if laden:
            faults.add("missing", "is required", "mass_kg")
            return None
        return Mass(0)
    given = faults.body["mass_kg"]
    if isinstance(given, bool) or not isinstance(given, (str, int)):
        faults.add("wrong-type", "must be a decimal string of kilograms", "mass_kg")
        return None
    return faults.attempt("mass_kg", lambda: parse_mass_kg(given))


def read_hazard(
    faults: Faults, rules: Rules, unit: Unit | None, day: date, *, laden: bool
) -> Hazard | None:
    """Dangerous goods by UN number, in the list in force on the day of acceptance.

    The class and the one packing group of the list stand in where they are not given; what
    contradicts the list is a fault. Oil is what its grade usually is.
    """
    grade = unit.grade if unit else None
    number = faults.read("un", lambda text: UnNumber.parse(text).digits)
    given_class = faults.word("hazard_class", _CLASSES)
    group = faults.word("packing_group", _GROUPS)
    if not faults.has("un"):
        if grade is not None and grade.un and not (given_class or group):
            return _listed(faults, rules, grade.un, day, group=grade.packing_group)
        for name in ("hazard_class", "packing_group"):
            if faults.has(name):
                faults.add("missing", f"is required beside {name}", "un")
                break
        return None
    if not laden:
        faults.add("empty-unit", "an empty unit has no goods", "un")
    if number is None:
        return None
    return _listed(faults, rules, number, day, given_class=given_class, group=group)


def _listed(
    faults: Faults,
    rules: Rules,
    number: str,
    day: date,
    *,
    given_class: str | None = None,
    group: str | None = None,
) -> Hazard | None:
    entry = rules.units.find_un(number, day)
    if entry is None:
        faults.add(
            "unknown-un",
            "this number is not in the list in force on the day",
            "un",
            fix="a number of rules/un_numbers.csv",
            given=number,
            date=day.isoformat(),
        )
        return None
    if entry.refused:
        faults.add("un-refused", "this corridor takes no such goods", "un", goods=entry.name)
    if given_class and given_class not in {entry.hazard_class, entry.hazard_class[:1]}:
        faults.add(
            "hazard-contradicts",
            f"UN{number} is class {entry.hazard_class}",
            "hazard_class",
            fix=entry.hazard_class,
            given=given_class,
        )
    if group and group not in entry.packing_groups:
        faults.add(
            "hazard-contradicts",
            f"UN{number} has no such packing group",
            "packing_group",
            fix="one of " + ", ".join(entry.packing_groups) if entry.packing_groups else "none",
            given=group,
        )
    only = entry.packing_groups[0] if len(entry.packing_groups) == 1 else ""
    return Hazard(un=number, hazard_class=entry.hazard_class, packing_group=group or only)


def read_temperature(faults: Faults, unit: Unit | None, *, laden: bool) -> Temperature | None:
    """The range to be kept, `2..8`, or one temperature, `-18`, in degrees Celsius."""
    value = faults.body.get("temperature_c")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    text = faults.text("temperature_c") if not isinstance(value, str) else value
    if text is None:
        return None
    match = _RANGE.fullmatch(text.strip())
    if match is None:
        faults.add("wrong-form", "must be degrees such as -18 or 2..8", "temperature_c")
        return None
    low = plain(Decimal(match[1]))
    high = plain(Decimal(match[2])) if match[2] else low
    if high < low:
        faults.add("wrong-form", "the lower end comes first", "temperature_c", given=text)
    if not laden:
        faults.add("empty-unit", "an empty unit has no goods", "temperature_c")
    elif unit is not None and not unit.cooled:
        faults.add(
            "not-cooled", f"a {unit.code} keeps no temperature", "temperature_c", unit=unit.code
        )
    return low, high


def read_size(faults: Faults, unit: Unit | None, *, laden: bool) -> OutOfGauge | None:
    """Outer size of a load that stands out of its unit."""
    names = ("loaded_length_m", "loaded_width_m", "loaded_height_m")
    if not any(faults.has(name) for name in names):
        return None
    sizes = [faults.decimal(name, "0.1", "100") for name in names]
    first = next(name for name in names if faults.has(name))
    if not laden:
        faults.add("empty-unit", "an empty unit has no goods", first)
    elif unit is not None and not unit.open:
        faults.add("closed-unit", f"nothing can stand out of a {unit.code}", first, unit=unit.code)
    return OutOfGauge(length_m=sizes[0], width_m=sizes[1], height_m=sizes[2])
