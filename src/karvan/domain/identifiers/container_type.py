"""Container size and type.

Four characters: length, height with width, and two for the type. Source: ISO
6346, size and type code; the values met on this corridor, others are refused.
Lengths: 2 = 20 ft, 4 = 40 ft, L = 45 ft, M = 48 ft. Heights: 0 = 8 ft, 2 = 8 ft
6 in, 5 = 9 ft 6 in; C and E are 2 and 5 of a box wider than 2.44 m.

TEU: 1, 2, 2.25 and 2.4 for the four lengths. For 45 ft others count 2; Karvan
counts by length (45 / 20), as slots on a train do. The table is our choice, not
the standard's.

>>> high_cube = ContainerType.parse("45G1")
>>> high_cube.length_ft, high_cube.height_mm, high_cube.group.value, high_cube.teu
(40, 2896, 'general', 2.0)
>>> [str(ContainerType.parse(text)) for text in ("40' HC", "20DC", "4510", "2210", "22K2")]
['45G1', '22G1', '45G1', '22G1', '22K2']
>>> ContainerType.parse("99X9")
Traceback (most recent call last):
    ...
karvan.domain.errors.InvalidContainerType: not a container type this corridor knows
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from karvan.domain.errors import InvalidContainerType
from karvan.domain.identifiers.spelling import compact


class ContainerGroup(StrEnum):
    """What a container is made for."""

    GENERAL = "general"
    VENTILATED = "ventilated"
    REEFER = "reefer"
    OPEN_TOP = "open_top"
    FLAT_RACK = "flat_rack"
    TANK = "tank"
    DRY_BULK = "dry_bulk"
    INSULATED = "insulated"


_LENGTH_FT = {"2": 20, "4": 40, "L": 45, "M": 48}
_TEU = {20: 1.0, 40: 2.0, 45: 2.25, 48: 2.4}
_HEIGHT_MM = {"0": 2438, "2": 2591, "5": 2896, "C": 2591, "E": 2896}
_WIDER = "CE"

# K is the tank of the edition of 2022, T of those before it.
_GROUP_OF_LETTER = {
    "G": ContainerGroup.GENERAL,
    "V": ContainerGroup.VENTILATED,
    "R": ContainerGroup.REEFER,
    "U": ContainerGroup.OPEN_TOP,
    "P": ContainerGroup.FLAT_RACK,
    "T": ContainerGroup.TANK,
    "K": ContainerGroup.TANK,
    "B": ContainerGroup.DRY_BULK,
    "H": ContainerGroup.INSULATED,
}
_PATTERN = re.compile(r"[24LM][025CE](?:[GVRUPTKBH][0-9]|GP|VH|RT|UT|PL|TN|BK|HR)")

# Four-digit codes of the edition of 1984, which old messages still carry. The size
# is sourced; the type is read from its first digit alone: 0 and 1 dry box, 3 reefer,
# 5 open top, 6 flat rack, 7 tank (whose second digit the new code kept), 8 dry bulk.
# Assumed from general knowledge of that edition; what is left out is refused.
_OLD_PATTERN = re.compile(r"(2[02]|4[235])([0135678])([0-9])")
_OLD_SIZE = {"20": "20", "22": "22", "42": "42", "43": "42", "45": "45"}
_OLD_TYPE = {"0": "G1", "1": "G1", "3": "R1", "5": "U1", "6": "P1", "8": "B0"}

#: Names of the trade. A 40 ft reefer is a high cube today; a 45 ft box always is.
COMMERCIAL_NAMES = {
    **dict.fromkeys(("20DC", "20GP", "20DV", "20ST"), "22G1"),
    **dict.fromkeys(("40DC", "40GP", "40DV", "40ST"), "42G1"),
    **dict.fromkeys(("40HC", "40HQ", "40HCDC"), "45G1"),
    **dict.fromkeys(("45HC", "45HQ"), "L5G1"),
    **dict.fromkeys(("20RF", "20RE"), "22R1"),
    **dict.fromkeys(("40RF", "40RE", "40RH", "40HR", "40HCRF"), "45R1"),
    "20OT": "22U1",
    "40OT": "42U1",
    "20FR": "22P1",
    "40FR": "42P3",
    **dict.fromkeys(("20TK", "20TC"), "22T6"),
}

# People write 40' HC, 40ft HC and 40″ HC alike.
_FEET = re.compile(r"(?<=[0-9])(?:FT|['\"\u2019\u2032\u2033])")


@dataclass(frozen=True, slots=True)
class ContainerType:
    """A size and type, under its ISO code."""

    code: str

    @classmethod
    def parse(cls, text: str) -> ContainerType:
        """Read an ISO code, an old four-digit code or a name of the trade."""
        spelled = _FEET.sub("", compact(text))
        code = COMMERCIAL_NAMES.get(spelled, spelled)
        old = _OLD_PATTERN.fullmatch(code)
        if old is not None:
            size, kind, detail = old.groups()
            code = _OLD_SIZE[size] + ("T" + detail if kind == "7" else _OLD_TYPE[kind])
        if _PATTERN.fullmatch(code) is None:
            raise InvalidContainerType("not a container type this corridor knows", given=text)
        return cls(code)

    @property
    def length_ft(self) -> int:
        """Outer length."""
        return _LENGTH_FT[self.code[0]]

    @property
    def height_mm(self) -> int:
        """Outer height: 2438 (8 ft), 2591 (8 ft 6 in) or 2896 (9 ft 6 in)."""
        return _HEIGHT_MM[self.code[1]]

    @property
    def is_high_cube(self) -> bool:
        """Whether it is 9 ft 6 in high, which a loading gauge may not let through."""
        return self.height_mm == 2896

    @property
    def is_wide(self) -> bool:
        """Whether it is wider than 2.44 m (pallet-wide)."""
        return self.code[1] in _WIDER

    @property
    def group(self) -> ContainerGroup:
        """What it is made for."""
        return _GROUP_OF_LETTER[self.code[2]]

    @property
    def teu(self) -> float:
        """Twenty-foot equivalent units, by length."""
        return _TEU[self.length_ft]

    def __str__(self) -> str:
        return self.code
