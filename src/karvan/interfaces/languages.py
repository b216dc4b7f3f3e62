"""Which language somebody reads: what an option, a header or the environment asks for.

Source: RFC 9110, 12.5.4 (Accept-Language); RFC 4647, 3.4 (lookup); POSIX.1-2017, 8.2 (LANG).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from karvan.domain.errors import InvalidInput
from karvan.services.words import SOURCE

#: Longest header that is looked at, and most languages in it.
LONGEST: Final = 1_000
MOST: Final = 50

_RANGE = re.compile(r"([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)(?:\s*;\s*[qQ]\s*=\s*([0-9.]+))?")
_QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


def find(tag: str, offered: Sequence[str]) -> str | None:
    """The offered language of a tag: itself, or the one its subtags begin with.

    >>> find("ru-RU", ["en", "ru"]), find("tlh", ["en", "ru"])
    ('ru', None)
    """
    known = {each.casefold(): each for each in offered}
    parts = tag.replace("_", "-").casefold().split("-")
    for end in range(len(parts), 0, -1):
        found = known.get("-".join(parts[:end]))
        if found is not None:
            return found
    return None


def parse(tag: str, offered: Sequence[str]) -> str:
    """A language that somebody named; raises `InvalidInput` where there is no such."""
    found = find(tag, offered)
    if found is None:
        raise InvalidInput("no such language", given=tag, languages=list(offered))
    return found


def accepted(headers: Iterable[str], offered: Sequence[str]) -> str:
    """The language a browser likes best; the source language where it likes none of ours.

    >>> accepted(["de;q=0.9, ru;q=0.8, en;q=0.1"], ["en", "ru"])
    'ru'
    """
    ranges: list[tuple[float, int, str]] = []
    for i, part in enumerate(",".join(headers)[:LONGEST].split(",")[:MOST]):
        match = _RANGE.fullmatch(part.strip())
        quality = match[2] or "1" if match else ""
        if match and _QUALITY.fullmatch(quality):
            ranges.append((-float(quality), i, match[1]))
    refused = {found for q, _, tag in ranges if not q and (found := find(tag, offered))}
    for quality_below, _, tag in sorted(ranges):
        if not quality_below:
            break
        best = next((each for each in offered if each not in refused), SOURCE)
        found = best if tag == "*" else find(tag, offered)
        if found is not None:
            return found
    return SOURCE


def of_environment(environment: Mapping[str, str], offered: Sequence[str]) -> str:
    """The language of the terminal by POSIX: LC_ALL, LC_MESSAGES, LANG; the first set counts.

    >>> of_environment({"LANG": "ru_RU.UTF-8"}, ["en", "ru"])
    'ru'
    """
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "")
        if value:
            return find(re.split(r"[.@]", value)[0], offered) or SOURCE
    return SOURCE
