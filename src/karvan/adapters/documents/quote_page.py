"""A quote as the template sets it: words and figures only, in the order of the pages."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

from karvan.adapters.documents.answers import Object, instant, member, members, plain, text, words
from karvan.adapters.documents.asked_page import asked
from karvan.adapters.documents.glyphs import Tree
from karvan.adapters.documents.names import Names
from karvan.adapters.documents.paid_page import Page
from karvan.adapters.documents.strips import axis_h, strip, ticks
from karvan.adapters.documents.telling import moment
from karvan.adapters.documents.way_page import detail, figures
from karvan.services.exporting import QuoteDocument
from karvan.services.quoting.checking import check_code
from karvan.services.words import Labels, phrase, phrase_count, spoken, tell_message

#: Ways that a strip is drawn for even where they are on no front.
_DRAWN: Final = 3
TEMPLATE: Final = "quote.typ"
_TEXT: Final = re.compile(r'\bt\(\s*"((?:[^"\\]|\\.)+)"')
#: What an answer was made from, by its key.
_VERSIONS: Final = Labels(
    "version",
    {
        "network_hash": "Network",
        "tariff_version": "Tariff book",
        "timetable_hash": "Timetable",
        "engine_version": "Engine",
        "samples": "Journeys sampled",
        "seed": "Seed",
    },
)


def quote_page(document: QuoteDocument) -> Page:
    """Give everything the template needs, as JSON without numbers to be formatted."""
    answer = document.answer
    names = Names(document)
    ways = members(answer, "alternatives")
    drawn = _drawn(ways)
    axis = axis_h([ways[i] for i in sorted(drawn)])
    request = member(answer, "request")
    return {
        "id": text(answer, "quote_id"),
        "created": moment(instant(answer, "created_at")),
        "expires": moment(instant(answer, "expires_at")),
        "from": names.place(text(request, "from")),
        "to": names.place(text(request, "to")),
        "ends": _ids(request, names),
        "asked": asked(request, document.goods, names),
        "best": detail(ways[0], names, request) if ways else None,
        "strip": _tree(strip(ways[0], axis_h(ways[:1]))) if ways else None,
        "strip_ticks": _tree(ticks(axis_h(ways[:1]))),
        "ways": [
            {
                **figures(way, names, request),
                "strip": _tree(strip(way, axis)),
                "drawn": i in drawn,
            }
            for i, way in enumerate(ways)
        ],
        "ticks": _tree(ticks(axis)),
        "refused": [_refused(each, names) for each in members(answer, "refused")],
        "scope": tell_message(text(answer, "scope")),
        "excludes": list[Tree](map(tell_message, words(answer, "excludes"))),
        "warnings": [_warning(each) for each in _list(answer, "warnings")],
        "bounded": answer.get("bounded") is True,
        "late": _late(text(answer, "late")),
        "all": _all(len(ways)),
        "versions": [
            {"name": _VERSIONS[key], "value": text(of, key)}
            for key in _VERSIONS
            for of in (request if key in ("samples", "seed") else answer,)
        ],
        "code": check_code(answer),
        "language": spoken().language,
        "texts": {each: phrase(each) for each in template_texts()},
    }


def _all(count: int) -> str:
    """The heading of all ways."""
    if count == 1:
        return phrase("The only way")
    return phrase_count("All {count} way", "All {count} ways", count)


def _late(count: str) -> str:
    """How many ways come too late, '' where none does."""
    if not count.isdecimal() or not int(count):
        return ""
    return phrase_count(
        "{count} way that is planned to arrive later than wished is left out.",
        "{count} ways that are planned to arrive later than wished are left out.",
        int(count),
    )


@cache
def template_texts() -> tuple[str, ...]:
    """The texts that stand in the template itself, as `t("...")`."""
    return tuple(dict.fromkeys(_TEXT.findall(files(__package__).joinpath(TEMPLATE).read_text())))


def _ids(request: Object, names: Names) -> str:
    """The codes of both ends, where the title says their names."""
    ends = [text(request, key) for key in ("from", "to")]
    return " - ".join(ends) if any(names.place(each) != each for each in ends if each) else ""


def _drawn(ways: list[Object]) -> set[int]:
    """Indices of the ways that tell most: the first, labelled, on the front, one a corridor."""
    first = {text(way, "corridor"): i for i, way in reversed(list(enumerate(ways)))}
    few = len(ways) <= _DRAWN
    return {
        i
        for i, way in enumerate(ways)
        if few
        or not i
        or way.get("labels")
        or way.get("dominated_by") is None
        or first[text(way, "corridor")] == i
    }


def _refused(way: Object, names: Names) -> Page:
    return {
        "rule": text(way, "rule"),
        "message": tell_message(text(way, "message")),
        "corridor": names.corridor(text(way, "corridor")),
        "chain": " - ".join(names.short(each) for each in words(way, "places")),
        "source": text(way, "source").replace(";", "; "),
    }


def _warning(value: object) -> Page:
    if isinstance(value, dict):
        told = tell_message(text(value, "message"))
        return {"message": told or plain(value), "rule": text(value, "rule")}
    return {"message": plain(value), "rule": ""}


def _list(of: Object, key: str) -> list[object]:
    value = of.get(key)
    return value if isinstance(value, list) else []


def _tree(value: object) -> Tree:
    """Say that strips are what a page may hold."""
    if isinstance(value, list):
        return [_tree(each) for each in value]
    if isinstance(value, dict):
        return {str(key): _tree(each) for key, each in value.items()}
    return value if isinstance(value, str | float | bool) else str(value)
