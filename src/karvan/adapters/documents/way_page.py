"""One way of a quote as a page shows it: figures, legs, price lines, documents, warnings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from karvan.adapters.documents.answers import (
    Object,
    decimal,
    instant,
    member,
    members,
    number,
    plain,
    text,
)
from karvan.adapters.documents.glyphs import Tree
from karvan.adapters.documents.telling import (
    NOTHING,
    ON_REQUEST,
    amount,
    chance,
    code_in_words,
    day,
    days,
    grouped,
    kilometres,
    moment,
    range_of_days,
    sentence,
    tonnes,
)
from karvan.services.exporting import QuoteDocument

Page = dict[str, Tree]

#: Quantiles that are shown, with what they say.
QUANTILES: Final = (
    ("p10", "1 in 10 is faster"),
    ("p50", "half are there"),
    ("p80", "8 in 10 are there"),
    ("p95", "19 in 20 are there"),
)
#: Where a line on request may say whom to ask.
_ON_REQUEST_KEYS: Final = ("on_request", "ask", "note")


class Names:
    """Names of places, carriers and corridors; what has none is called by its id."""

    def __init__(self, document: QuoteDocument) -> None:
        self._document = document

    def place(self, id_: str) -> str:
        """Give the name of a place or city."""
        return self._document.place_names.get(id_) or id_ or NOTHING

    def short(self, id_: str) -> str:
        """Give a place as a chain calls it, without what stands in brackets."""
        return self.place(id_).partition(" (")[0].removesuffix(" port") or id_

    def carrier(self, id_: str) -> str:
        """Give the name of a carrier; the terminal or customs of a place by its kind."""
        kind, colon, _ = id_.partition(":")
        return kind if colon else self._document.carrier_names.get(id_) or id_

    def corridor(self, id_: str) -> str:
        """Give the name of a corridor family."""
        return self._document.corridor_names.get(id_) or sentence(code_in_words(id_))


def figures(way: Object, names: Names, request: Object) -> Page:
    """What stands of a way in the list of all: names, price, days, CO2e, chance."""
    times, price = member(way, "transit_time_h"), member(way, "price")
    low, high = amount(price, "low"), amount(price, "high")
    dominated = text(way, "dominated_by")
    return {
        "rank": text(way, "rank"),
        "name": names.corridor(text(way, "corridor")),
        "labels": sentence(", ".join(code_in_words(plain(each)) for each in _labels(way))),
        "dominated": f"way {dominated} is no later and no dearer" if dominated else "",
        "chain": " - ".join(names.short(text(leg, "to")) for leg in members(way, "legs")),
        "price": total(way),
        "range": f"{low} to {high}" if low != high else "",
        "days": range_of_days(times),
        "quantiles": " / ".join(days(number(times, key)) for key in ("p50", "p80", "p95")),
        "co2e": tonnes(number(way, "co2e_kg")),
        "low": low,
        "high": high,
        "chance": _chance(way, request),
    }


def total(way: Object) -> str:
    """The total with its currency; a line on request makes it a 'from'."""
    price = member(way, "price")
    value = amount(price, "amount")
    if value == NOTHING:
        return ON_REQUEST
    prefix = "from " if any(map(_asked, members(way, "price_lines"))) else ""
    return f"{prefix}{value} {text(price, 'currency')}"


def _chance(way: Object, request: Object) -> str:
    """The chance by the wished date, else the day by which 8 in 10 are there."""
    if request.get("latest_arrival") is not None:
        return f"{chance(number(way, 'on_time'))} in time"
    ready, hours = instant(request, "ready"), number(member(way, "transit_time_h"), "p80")
    if ready is None or hours is None or not 0 <= hours < 24 * 3650:
        return ""
    return f"8 in 10 by {day(ready + timedelta(hours=hours))}"


def detail(way: Object, names: Names, request: Object) -> Page:
    """Everything about a way."""
    price = member(way, "price")
    lines = members(way, "price_lines")
    return {
        **figures(way, names, request),
        "currency": text(price, "currency"),
        "total": amount(price, "amount"),
        "estimates": amount(price, "of_it_estimates"),
        "departs": moment(instant(way, "departs_at")),
        "arrives": moment(instant(way, "arrives_at")),
        "times": [
            {"name": key.upper(), "says": says, "days": days(number(times, key))}
            for times in [member(way, "transit_time_h")]
            for key, says in QUANTILES
        ],
        "hours": [
            {"name": code_in_words(key), "days": days(number(member(way, "hours"), key))}
            for key in ("moving", "handling", "waiting")
            if number(member(way, "hours"), key) is not None
        ],
        "handling_co2e": tonnes(number(way, "co2e_handling_kg")),
        "legs": [_leg(i, leg, names) for i, leg in enumerate(members(way, "legs"), start=1)],
        "nominal": any(leg.get("nominal") is True for leg in members(way, "legs")),
        "lines": [_line(line, names) for line in lines],
        "marks": list[Tree](sorted({mark for line in lines for mark in _marks(line)})),
        "payers": table_of(way, "payers", names),
        "time_goes": table_of(way, "where_the_days_go", names),
        "joint": table_of(way, "joint", names),
        "documents": [
            {
                "name": text(each, "document"),
                "where": names.place(text(each, "where")),
                "rule": text(each, "rule"),
                "source": text(each, "source"),
            }
            for each in members(way, "documents")
        ],
        "warnings": [
            {
                "code": text(each, "code"),
                "message": text(each, "message"),
                "rule": text(each, "rule"),
            }
            for each in members(way, "warnings")
        ],
    }


def table_of(of: Object, key: str, names: Names) -> Page:
    """Lay out what a newer answer has under a key: a list of objects, or one object, as a table.

    Ids of places and carriers are told by name; a column stands where any row has it.
    """
    value = of.get(key)
    rows = members(of, key) or _pairs(value)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    return {
        "columns": [sentence(code_in_words(name)) for name in columns],
        "numeric": [_numeric([row for row in rows if row.get(name)], name) for name in columns],
        "rows": [[_cell(name, row.get(name), names) for name in columns] for row in rows],
    }


def _numeric(rows: list[Object], column: str) -> bool:
    return bool(rows) and all(decimal(row, column) is not None for row in rows)


def _pairs(value: object) -> list[Object]:
    if not isinstance(value, Mapping):
        return []
    return [
        {"what": code_in_words(str(name)), "value": plain(each)} for name, each in value.items()
    ]


def _cell(column: str, value: object, names: Names) -> str:
    told = plain(value)
    if column in ("place", "from", "to", "where"):
        return names.place(told)
    if column in ("carrier", "payer", "payee"):
        return names.carrier(told)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,}"
    return told


def _labels(way: Object) -> list[object]:
    found = way.get("labels")
    return found if isinstance(found, list) else []


def _leg(number_: int, leg: Object, names: Names) -> Page:
    about = "~" if leg.get("nominal") is True else ""
    via = leg.get("via")
    return {
        "number": str(number_),
        "mode": sentence(code_in_words(text(leg, "mode"))),
        "from": names.place(text(leg, "from")),
        "to": names.place(text(leg, "to")),
        "via": ", ".join(names.short(plain(each)) for each in via) if isinstance(via, list) else "",
        "carrier": names.carrier(text(leg, "carrier")),
        "service": text(leg, "service"),
        "departs": about + day(instant(leg, "departs_at")),
        "arrives": about + day(instant(leg, "arrives_at")),
        "km": kilometres(number(leg, "distance_km")),
        "co2e": tonnes(number(leg, "co2e_kg")),
    }


def _line(line: Object, names: Names) -> Page:
    asked = _asked(line)
    ends = dict.fromkeys(text(line, key) for key in ("from", "to") if text(line, key))
    whom = next((text(line, key) for key in _ON_REQUEST_KEYS if line.get(key)), "")
    return {
        "code": text(line, "code"),
        "ends": " - ".join(names.place(each) for each in ends),
        "carrier": names.carrier(text(line, "carrier")),
        "rule": text(line, "rule"),
        "source": _spaced(text(line, "source")),
        "valid_from": text(line, "valid_from"),
        "whom": whom,
        "limited": text(line, "limited_by"),
        "factors": [
            {
                "value": amount(each, "value"),
                "rule": text(each, "rule"),
                "source": _spaced(text(each, "source")),
            }
            for each in members(line, "factors")
        ],
        "quantity": amount(line, "quantity"),
        "basis": code_in_words(text(line, "basis")),
        "rate": "" if asked else f"{amount(line, 'rate')} {text(line, 'currency')}",
        "amount": "" if asked else f"{_rounded(line)} {text(line, 'currency')}",
        "quoted": ON_REQUEST if asked else amount(line, "amount_quoted"),
        "marks": list[Tree](_marks(line)),
    }


def _asked(line: Object) -> bool:
    """Whether a line has no amount, because its price is on request."""
    return decimal(line, "amount") is None and decimal(line, "amount_quoted") is None


def _marks(line: Object) -> list[str]:
    marks = {
        "est": line.get("estimate") is True,
        "old": line.get("carried_forward") is True,
        "ask": _asked(line),
    }
    return [mark for mark, holds in marks.items() if holds]


def _spaced(sources: str) -> str:
    """Sources that a line may be broken between."""
    return sources.replace(";", "; ")


def _rounded(line: Object) -> str:
    """The amount before exchange: all its digits up to four decimals."""
    value = decimal(line, "amount")
    if value is None:
        return amount(line, "amount")
    short = round(value, 4)
    return grouped(value if short == value else short)
