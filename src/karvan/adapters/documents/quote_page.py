"""A quote as the template sets it: words and figures only, in the order of the pages."""

from __future__ import annotations

from karvan.adapters.documents.answers import Object, instant, member, members, plain, text, words
from karvan.adapters.documents.glyphs import Tree
from karvan.adapters.documents.strips import axis_h, strip, ticks
from karvan.adapters.documents.telling import amount, moment, sentence
from karvan.adapters.documents.way_page import Names, Page, detail, figures, table_of
from karvan.services.exporting import QuoteDocument
from karvan.services.quoting.checking import check_code

#: What the request says in its own words on the page; the rest follows by its name.
_TOLD = {
    "container": "Container",
    "container_number": "Container number",
    "mass_kg": "Mass",
    "hs": "Goods",
    "ready": "Ready",
    "latest_arrival": "Wanted by",
    "currency": "Prices in",
    "changes": "Changes",
    "samples": "Journeys sampled",
    "seed": "Seed",
}
#: Columns of a refused way that have a place of their own.
_REFUSED = ("rule", "message", "corridor", "places")


def quote_page(document: QuoteDocument) -> Page:
    """Give everything the template needs, as JSON without numbers to be formatted."""
    answer = document.answer
    names = Names(document)
    ways = members(answer, "alternatives")
    axis = axis_h(ways)
    request = member(answer, "request")
    return {
        "id": text(answer, "quote_id"),
        "created": moment(instant(answer, "created_at")),
        "expires": moment(instant(answer, "expires_at")),
        "from": names.place(text(request, "from")),
        "to": names.place(text(request, "to")),
        "ends": f"{text(request, 'from')} - {text(request, 'to')}",
        "asked": _asked(request, document),
        "best": detail(ways[0], names, request) if ways else None,
        "strip": _tree(strip(ways[0], axis_h(ways[:1]))) if ways else None,
        "strip_ticks": _tree(ticks(axis_h(ways[:1]))),
        "ways": [
            {**figures(way, names, request), "strip": _tree(strip(way, axis))} for way in ways
        ],
        "ticks": _tree(ticks(axis)),
        "refused": [_refused(each, names) for each in members(answer, "refused")],
        "scope": text(answer, "scope"),
        "excludes": list[Tree](words(answer, "excludes")),
        "warnings": [_warning(each) for each in _list(answer, "warnings")],
        "joint": table_of(answer, "joint", names),
        "bounded": answer.get("bounded") is True,
        "versions": [
            {"name": name, "value": text(answer, key)}
            for name, key in (
                ("Network", "network_hash"),
                ("Tariff book", "tariff_version"),
                ("Timetable", "timetable_hash"),
                ("Engine", "engine_version"),
            )
        ],
        "code": check_code(answer),
    }


def _asked(request: Object, document: QuoteDocument) -> list[Tree]:
    """The request in words: what is known by name first, what is new as it stands."""
    found: list[Tree] = []
    for key, value in request.items():
        if key in ("from", "to") or value is None or value == []:
            continue
        told = plain(value)
        if key == "mass_kg":
            told = f"{amount(request, key)} kg"
        elif key in ("ready", "latest_arrival"):
            told = moment(instant(request, key))
        elif key == "hs" and document.goods:
            told = f"HS {told}: {document.goods}"
        found.append({"name": _TOLD.get(key, sentence(key.replace("_", " "))), "value": told})
    return found


def _refused(way: Object, names: Names) -> Page:
    facts = {key: value for key, value in way.items() if key not in _REFUSED}
    return {
        "rule": text(way, "rule"),
        "message": text(way, "message"),
        "corridor": names.corridor(text(way, "corridor")),
        "chain": " - ".join(names.short(each) for each in words(way, "places")),
        "facts": plain(facts),
    }


def _warning(value: object) -> Page:
    if isinstance(value, dict):
        return {"message": text(value, "message") or plain(value), "rule": text(value, "rule")}
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
