"""Colours of the map, as the browser app has them: one set for light and one for dark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from karvan.services.drawing import Look, Theme


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours as `RRGGBB`.

    Attributes
    ----------
    quiet
        A line of the background; mixed into a mode's colour where the capacity is unknown.
    looks
        One colour a family of modes, apart for every kind of colour sight.
    """

    page: str
    surface: str
    ink: str
    ink2: str
    rule: str
    land: str
    sea: str
    coast: str
    border: str
    water: str
    quiet: str
    looks: dict[Look, str]

    def unknown(self, look: Look) -> str:
        """Colour of a line whose capacity nobody publishes."""
        return mixed(self.looks[look], self.quiet, 0.55)

    def pale(self, look: Look) -> str:
        """Colour of a line that is not open."""
        return mixed(self.looks[look], self.land, 0.55)


PALETTES: Final = {
    Theme.LIGHT: Palette(
        page="F7F5F0",
        surface="FFFFFF",
        ink="18222D",
        ink2="4A5663",
        rule="DDD8CC",
        land="F4F1EA",
        sea="DCE7EE",
        coast="B9CBD6",
        border="D8D2C4",
        water="3E6580",
        quiet="9AA3AB",
        looks={
            Look.RAIL: "26303B",
            Look.SEA: "1E74E6",
            Look.FERRY: "006B52",
            Look.ROAD: "7A4300",
            Look.PIPELINE: "D92A80",
        },
    ),
    Theme.DARK: Palette(
        page="0F151B",
        surface="161E26",
        ink="E9EEF2",
        ink2="B4C0CB",
        rule="2A3540",
        land="1F2932",
        sea="0E1A24",
        coast="2C4152",
        border="34414D",
        water="7E9CB3",
        quiet="5C6A77",
        looks={
            Look.RAIL: "EEF2F5",
            Look.SEA: "8AA6FF",
            Look.FERRY: "48EBA9",
            Look.ROAD: "AE8836",
            Look.PIPELINE: "FF4DA6",
        },
    ),
}


def mixed(one: str, other: str, share: float) -> str:
    """Mix two colours; `share` is that of the first."""
    return "".join(
        f"{round(int(one[i : i + 2], 16) * share + int(other[i : i + 2], 16) * (1 - share)):02X}"
        for i in (0, 2, 4)
    )
