"""Where results and words for people go, and how they end when nobody reads them.

Results are made as text first and written once: what a pipe gets does not depend on the
terminal, and a reader who has left is noticed in one place.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, TextIO

import typer

from karvan.domain.errors import InvalidInput
from karvan.interfaces.json_text import render_json
from karvan.services.words import tell_message

if TYPE_CHECKING:
    from rich.console import Console

#: Width of a table that no terminal will show.
PIPED_WIDTH: Final = 100
NARROWEST: Final = 80

#: What is drawn where the terminal has no better.
_ASCII: Final = str.maketrans(
    {"█": "#", "▓": "%", "▒": ":", "░": "/", "≡": "+", "┃": "|", "─": "-", "╌": ".", "·": "-"}
)

Draw = Callable[["Console"], None]


def print_json(value: Mapping[str, object]) -> None:
    """Write one JSON object to stdout, in UTF-8 wherever we are."""
    print_exactly(render_json(value))


def print_exactly(text: str) -> None:
    """Write text to stdout as it is, in UTF-8 wherever we are."""
    _write(text.encode("utf-8"))


def print_text(text: str) -> None:
    """Write lines to stdout, told in the language of the reader."""
    _write_text(told(text))


def told(text: str) -> str:
    """Tell each line of a text in the language of the reader."""
    return "\n".join(map(tell_message, text.split("\n")))


def _write_text(text: str) -> None:
    """Write lines to stdout as they are."""
    lines = text.rstrip("\n") + "\n"
    encoding = _encoding(sys.stdout)
    try:
        data = lines.encode(encoding)
    except UnicodeEncodeError:
        data = lines.translate(_ASCII).encode(encoding, "replace")
    _write(data)


def print_drawn(draw: Draw) -> None:
    """Draw with rich and write it: colours for a terminal, plain text for a pipe."""
    _write_text(drawn(draw, width=_width(), colour=sys.stdout.isatty()))


def drawn(draw: Draw, *, width: int, colour: bool = False) -> str:
    """Draw at a width and give the text; without colour it holds no escape sequence."""
    from karvan.interfaces.cli.told_console import ToldConsole

    buffer = io.StringIO()
    console = ToldConsole(
        file=buffer,
        width=width,
        force_terminal=colour,
        no_color=True if "NO_COLOR" in os.environ else None,
        color_system="auto" if colour else None,
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
        safe_box=False,
    )
    draw(console)
    return "".join(line.rstrip() + "\n" for line in buffer.getvalue().splitlines())


def say(text: str) -> None:
    """Tell a person something, on stderr."""
    say_as_it_is(told(text))


def say_as_it_is(text: str) -> None:
    """Write what is told already to stderr."""
    encoded = text.encode(_encoding(sys.stderr), "replace").decode(_encoding(sys.stderr))
    try:
        sys.stderr.write(encoded + "\n")
        sys.stderr.flush()
    except BrokenPipeError:
        _silence(sys.stderr)


def tell_progress(text: str) -> None:
    """Tell what a long wait is for, where somebody waits at a terminal."""
    if sys.stderr.isatty():
        say(text)


def _width() -> int:
    if not sys.stdout.isatty() and "COLUMNS" not in os.environ:
        return PIPED_WIDTH
    return max(NARROWEST, shutil.get_terminal_size((PIPED_WIDTH, 40)).columns)


def _encoding(stream: TextIO) -> str:
    return getattr(stream, "encoding", None) or "utf-8"


def _write(data: bytes) -> None:
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _silence(sys.stdout)
        raise typer.Exit(0) from None
    except OSError as error:
        # A full disk behind `> file`.
        _silence(sys.stdout)
        raise InvalidInput("the answer cannot be written", reason=error.strerror) from None


def _silence(stream: TextIO) -> None:
    """Point a stream nobody reads at nothing, or Python complains when it ends."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, stream.fileno())
