"""PNG from SVG, by resvg inside its wheel; the letters come from the fonts of the machine."""

from __future__ import annotations

from typing import Final

from karvan.domain.errors import NotFound

#: What the maps are set in: the first that the machine has.
FONT_FAMILIES: Final = (
    "Noto Sans",
    "DejaVu Sans",
    "Segoe UI",
    "Helvetica Neue",
    "Liberation Sans",
    "Arial",
    "Helvetica",
    "Roboto",
    "Open Sans",
)

#: True only where a machine without fonts is played.
SKIP_SYSTEM_FONTS = False

_HEAD: Final = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20">'


def font_stack() -> str:
    """Give the families as an attribute wants them."""
    return ", ".join(f"'{family}'" for family in FONT_FAMILIES) + ", sans-serif"


def to_png(svg: str) -> bytes:
    """Give the PNG of an SVG, in its own size.

    Raises
    ------
    NotFound
        When the machine has none of the fonts: a map without names would be worthless.
    """
    word = f'<text y="15" font-family="{font_stack()}">Karvan</text>'
    if _drawn(f"{_HEAD}{word}</svg>") == _drawn(f"{_HEAD}</svg>"):
        raise NotFound(
            "no font to write the names with; install one of these, or write an .svg",
            fonts=list(FONT_FAMILIES),
        )
    return _drawn(svg)


def _drawn(svg: str) -> bytes:
    import resvg_py

    return resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=SKIP_SYSTEM_FONTS)
