"""Help pages in the language of the reader: what commands and options are for, and the headings.

The texts are those that stand at the commands in the source; their tree is walked once, before the
command runs, and only where the reader's language is another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from karvan.services.words import spoken

#: Words that the library of the command line writes itself, at the start of a line.
_HEADINGS: Final = ("Usage:", "Arguments:", "Options:", "Commands:")
#: And those at the end of one; a narrow page breaks the lines of the hints.
_HELP: Final = "Show this message and exit."
_DEFAULT: Final = "default:"
_REQUIRED: Final = "required"

_HINT: Final = re.compile(r"(?P<before>\[|; |;\n +)(?P<hint>default:|required(?=\]))")


def tell_help(command: Any) -> None:
    """Tell every help text of a tree of commands."""
    for each in _tree(command):
        for holder in (each, *each.params):
            for name in ("help", "short_help", "epilog"):
                text = getattr(holder, name, None)
                if text:
                    setattr(holder, name, spoken().text(text))
        _replace(each, "get_help", partial(_told_page, each.get_help))


def texts_of(command: Any) -> Iterator[str]:
    """Every text of a tree of commands that a person reads, for the catalogues."""
    yield from (*_HEADINGS, _HELP, _DEFAULT, _REQUIRED)
    for each in _tree(command):
        for holder in (each, *each.params):
            yield from filter(
                None, (getattr(holder, name, None) for name in ("help", "short_help", "epilog"))
            )


def _tree(command: Any) -> Iterator[Any]:
    yield command
    for each in getattr(command, "commands", {}).values():
        yield from _tree(each)


def _replace(command: Any, name: str, made: Callable[..., str]) -> None:
    setattr(command, name, made)


def _told_page(written: Callable[[Any], str], context: Any) -> str:
    """A page as it is written, its headings and hints told."""
    page = "\n".join(map(_told_line, written(context).split("\n")))
    return _HINT.sub(lambda found: found["before"] + spoken().text(found["hint"]), page)


def _told_line(line: str) -> str:
    for heading in _HEADINGS:
        if line.startswith(heading):
            line = spoken().text(heading) + line.removeprefix(heading)
    if line.endswith(_HELP):
        line = line.removesuffix(_HELP) + spoken().text(_HELP)
    return line
