"""Finding the template a finished message was made of, and the values in it.

A message is made where it is raised, in English, with its values in it. The catalogue holds its
template, and a template that fits the whole message gives the values back.

>>> Templates(["no link {name}", "no {what} fits"]).find("no link A--B:rail")
('no link {name}', {'name': 'A--B:rail'})
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from string import Formatter
from typing import Final

_PARTS: Final = Formatter()


def holes(template: str) -> tuple[str, ...]:
    """The names of what a template leaves open, in order."""
    return tuple(name for _, name, _, _ in _PARTS.parse(template) if name is not None)


def weight(template: str) -> int:
    """How much a template says itself, in characters."""
    return sum(map(len, literals(template)))


def literals(template: str) -> tuple[str, ...]:
    """What a template says itself, in order."""
    return tuple(text for text, _, _, _ in _PARTS.parse(template) if text)


@lru_cache(maxsize=512)
def _pattern(template: str) -> re.Pattern[str]:
    parts = []
    for text, name, _, _ in _PARTS.parse(template):
        parts.append(re.escape(text))
        if name is not None:
            parts.append(f"(?P<{name}>.*?)")
    return re.compile("".join(parts), re.DOTALL)


class Templates:
    """Templates with something left open; the one that says most itself is tried first."""

    def __init__(self, templates: Iterable[str]) -> None:
        told = [(literals(each), each) for each in templates if holes(each)]
        self._ordered = sorted(told, key=lambda pair: (-sum(map(len, pair[0])), pair[1]))

    def find(self, message: str) -> tuple[str, dict[str, str]] | None:
        """The template of a message and its values, None when it has none."""
        for parts, template in self._ordered:
            if all(part in message for part in parts):
                match = _pattern(template).fullmatch(message)
                if match is not None:
                    return template, match.groupdict()
        return None
