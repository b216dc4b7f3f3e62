"""A quote as sheets of rows: every key of its JSON, those of newer versions too.

An object within a row becomes columns with a point in their name, a list of objects a sheet of its
own whose rows begin with the way. Decimal strings become numbers where a spreadsheet keeps every
digit of them, instants become dates in UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from karvan.adapters.documents.answers import Object, decimal, member, members, plain, text
from karvan.adapters.documents.names import Names
from karvan.adapters.documents.telling import code_in_words, sentence
from karvan.services.words import tell_message

#: The rank of the way a row is of.
WAY: Final = "way"
#: Of these a column of names stands beside the ids.
_PLACES: Final = frozenset(("from", "to", "place", "where", "request.from", "request.to"))
_CARRIERS: Final = frozenset(("carrier", "payer", "payee"))
#: Decimal strings; the first four are money.
_MONEY: Final = frozenset(("amount", "low", "high", "rate", "amount_quoted", "of_it_estimates"))
_DECIMALS: Final = _MONEY | {"quantity", "mass_kg"}
#: Sentences, which are told in the language of the reader.
_TOLD: Final = frozenset(("document", "message", "scope"))
#: Too long for a cell and for a person; the JSON has them.
_LEFT_OUT: Final = frozenset(("quantiles",))
#: A spreadsheet keeps so many digits of a number.
_DIGITS: Final = 15

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_NO_SHEET = re.compile(r"[^\w ()-]")

Value = str | float | bool | Decimal | datetime | date | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A value; money has its currency."""

    value: Value
    currency: str = ""


Row = dict[str, Cell]
Sheets = dict[str, list[Row]]


def sheets_of(answer: Object, names: Names) -> Sheets:
    """Give all sheets but the summary, by name, in order."""
    sheets: Sheets = {
        each: []
        for each in ("Alternatives", "Price lines", "Legs", "Calls", "Documents", "Refused")
    }
    for way in members(answer, "alternatives"):
        rank = Cell(_value("rank", way.get("rank")))
        currency = text(member(way, "price"), "currency")
        sheets["Alternatives"].append(_row(way, names, currency))
        for key, rows in _lists(way):
            kept = sheets.setdefault(sheet_name(key), [])
            kept.extend({WAY: rank, **_row(each, names, currency, lists=True)} for each in rows)
    for key, rows in _lists(answer):
        if key != "alternatives":
            kept = sheets.setdefault(sheet_name(key), [])
            kept.extend(_row(each, names, "", lists=True) for each in rows)
    return sheets


def request_row(answer: Object, names: Names) -> Row:
    """Give the request, with names beside its ends."""
    return _row({"request": answer.get("request")}, names, "", lists=True)


def value_row(of: Object, names: Names) -> Row:
    """Give what an answer holds beside its lists."""
    return _row({key: value for key, value in of.items() if key != "request"}, names, "")


def sheet_name(key: str) -> str:
    """Give the sheet of a list: `Price lines` for price_lines."""
    name = _NO_SHEET.sub(" ", sentence(code_in_words(key)))[:31].strip()
    return name or "List"


def _lists(of: Object) -> Iterator[tuple[str, list[Object]]]:
    for key in of:
        rows = members(of, key)
        if rows:
            yield key, rows


def _row(of: Object, names: Names, currency: str, *, lists: bool = False) -> Row:
    """A row of all below an object; its lists of objects in cells, or left to other sheets."""
    row: Row = {}
    for path, owner, value in _leaves(of, "", lists=lists):
        key = path.rpartition(".")[2]
        coded = key in _MONEY
        own = text(owner, "currency") if key != "amount_quoted" else ""
        row[path] = Cell(_value(key, value), (own or currency) if coded else "")
        if path in _PLACES and value:
            row[f"{path} name"] = Cell(names.place(plain(value)))
        elif path in _CARRIERS and value:
            row[f"{path} name"] = Cell(names.carrier(plain(value)))
    return row


def _leaves(of: Object, prefix: str, *, lists: bool) -> Iterator[tuple[str, Object, object]]:
    """Everything below an object, with its path and owner."""
    for key, value in of.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{path}.", lists=lists)
        elif key not in _LEFT_OUT and value != [] and (lists or not members(of, key)):
            yield path, of, value


def _value(key: str, value: object) -> Value:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return float(value) if abs(value) < 10**_DIGITS else str(value)
    told = tell_message(plain(value)) if key in _TOLD else plain(value)
    if key in _DECIMALS:
        found = decimal({key: value}, key)
        kept = found is not None and len(found.as_tuple().digits) <= _DIGITS
        return found if kept else told
    if _INSTANT.fullmatch(told):
        return _instant(told)
    if _DATE.fullmatch(told):
        return _date(told)
    return told


def _instant(told: str) -> Value:
    try:
        return datetime.fromisoformat(told).astimezone(UTC)
    except (ValueError, OverflowError):
        return told


def _date(told: str) -> Value:
    try:
        return date.fromisoformat(told)
    except ValueError:
        return told
