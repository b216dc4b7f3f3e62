"""`karvan network map`: the network as a picture, an SVG or a PNG."""

from __future__ import annotations

import os
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from karvan.domain.errors import InvalidInput
from karvan.interfaces.cli.network import EXIT_STATUS
from karvan.interfaces.cli.network_exchange import app
from karvan.interfaces.cli.options import Data, Json, Now, session
from karvan.interfaces.cli.output import print_json, print_text, tell_progress

if TYPE_CHECKING:
    from karvan.services.drawing import DrawnMap


__all__ = ["app"]


class Format(StrEnum):
    """What a file can be, by its extension."""

    SVG = ".svg"
    PNG = ".png"


class ThemeName(StrEnum):
    """Paper or night."""

    LIGHT = "light"
    DARK = "dark"


#: As many names that found no room are told as a line or two can hold.
TOLD: Final = 12


@app.command("map", epilog=EXIT_STATUS)
def network_map(
    context: typer.Context,
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="File to write; it ends with .svg or .png.")
    ],
    area: Annotated[
        str,
        typer.Option(
            metavar="AREA", help="corridor, caspian, world, or WEST,SOUTH,EAST,NORTH in degrees."
        ),
    ] = "corridor",
    modes: Annotated[
        str | None,
        typer.Option(
            metavar="MODES",
            help="Only these, with commas: rail, ferry, sea, road, pipeline, or single modes.",
        ),
    ] = None,
    theme: Annotated[ThemeName, typer.Option(help="Colours.")] = ThemeName.LIGHT,
    width: Annotated[
        int | None, typer.Option(metavar="PX", help="Width in pixels, 1200 to 6000; 1600.")
    ] = None,
    now: Now = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Draw the network: lines by mode and capacity, places by kind.

    A wider map has room for more names. A PNG needs a usual sans-serif font on this machine.
    """
    from karvan.network.links import Mode
    from karvan.services.drawing import USUAL_WIDTH_PX, MapRequest, Theme, parse_area, parse_modes

    kind = format_of(out)
    work = session(context, {"data": data})
    request = MapRequest(
        day=work.now(now).date(),
        area=parse_area(area),
        modes=frozenset(Mode) if modes is None else parse_modes(modes),
        theme=Theme(theme.value),
        width_px=USUAL_WIDTH_PX if width is None else width,
    )
    check_writable(out)
    drawer = work.wiring.drawer
    assert drawer is not None
    network = work.published().network
    tell_progress("Drawing ...")
    drawn = drawer.draw(network, request)
    content = drawn.svg.encode() if kind is Format.SVG else drawer.to_png(drawn.svg)
    write_whole(out, content)
    if as_json:
        print_json(_summary(out, content, drawn))
    else:
        print_text(_words(out, drawn))


def format_of(out: Path) -> Format:
    """Give the format that the extension of a file asks for."""
    extension = out.suffix.lower()
    known = [each.value for each in Format]
    if extension not in known:
        raise InvalidInput("a map is written as .svg or .png", given=str(out), known=known)
    return Format(extension)


def check_writable(out: Path) -> None:
    """Refuse a file that cannot be written, before the work is done."""
    folder = out.parent
    if out.is_dir():
        raise InvalidInput("there is a folder of this name", out=str(out))
    if not folder.is_dir():
        raise InvalidInput("there is no such folder; make it first", folder=str(folder))
    if not os.access(folder, os.W_OK):
        raise InvalidInput("this folder may not be written to", folder=str(folder))


def write_whole(out: Path, content: bytes) -> None:
    """Write a file whole or not at all: beside it first, then under its name."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{out.name}.", dir=out.parent)
        beside = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            beside.chmod(0o666 & ~_umask())
            beside.replace(out)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InvalidInput(
            "the file could not be written", out=str(out), reason=error.strerror or str(error)
        ) from None


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _summary(out: Path, content: bytes, drawn: DrawnMap) -> dict[str, object]:
    return {
        "file": str(out),
        "bytes": len(content),
        "width_px": drawn.width_px,
        "height_px": drawn.height_px,
        "places": drawn.places,
        "lines": drawn.lines,
        "labels": drawn.labels,
        "unlabelled": list(drawn.unlabelled),
    }


def _words(out: Path, drawn: DrawnMap) -> str:
    told = (
        f"Wrote {out}: {drawn.places} places, {drawn.lines} lines, "
        f"{drawn.width_px} x {drawn.height_px} pixels."
    )
    missing = drawn.unlabelled
    if missing:
        some = ", ".join(missing[:TOLD]) + (", ..." if len(missing) > TOLD else "")
        told += f"\nNo room for the names of {len(missing)}: {some}"
        told += "\nA wider map (--width) or a smaller area (--area) has more room."
    return told
