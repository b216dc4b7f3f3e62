"""Write docs/reference/cli.md: the help of every command, as it is printed.

    python tools/cli_reference.py            write the page
    python tools/cli_reference.py --check    fail when the page is stale

The width is fixed and there is no colour, so every machine writes the same page.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from made_pages import keep

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "cli.md"
WIDTH = 100

if str(ROOT / "src") not in sys.path:
    sys.path.insert(0, str(ROOT / "src"))

INTRODUCTION = """\
# Command line

Printed by `tools/cli_reference.py` from the program itself; `make check` fails when it is
stale. Results go to stdout, words for people to stderr. `--json` prints one JSON object, and
errors then are one problem object on stderr while stdout stays empty.
"""


def commands(command, names: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    """A command and all below it, in their own order."""
    yield names, command
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, (*names, name))


def help_of(command, names: tuple[str, ...]) -> str:
    from typer import Context

    context = Context(command, info_name=" ".join(names), terminal_width=WIDTH)
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


def page() -> str:
    import typer.main

    from karvan.interfaces.cli.app import build

    parts = [INTRODUCTION]
    for names, command in commands(typer.main.get_command(build()), ("karvan",)):
        parts.append(f"## {' '.join(names)}\n\n```text\n{help_of(command, names)}\n```\n")
    return "\n".join(parts)


def main(arguments: list[str]) -> int:
    return keep({PAGE: page()}, arguments, __file__)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
