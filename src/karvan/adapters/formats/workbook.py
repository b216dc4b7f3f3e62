"""The parts of a spreadsheet around its sheets: where they are, its texts, which numbers are dates.

Source: ECMA-376 part 1, sections 18.2 (workbook), 18.4 (shared strings), 18.8 (styles).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from posixpath import join, normpath
from typing import Final
from xml.parsers import expat

#: Number formats that every program knows and that show a date or a time.
#: Source: ECMA-376 part 1, 18.8.30.
DATE_FORMATS: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
#: Day 0 of a spreadsheet: 1900 is taken for a leap year there, so it is two days early.
EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet knows no zones
EPOCH_1904: Final = datetime(1904, 1, 1)  # noqa: DTZ001 - the same
#: The last day a spreadsheet can show, 9999-12-31.
LAST_DAY: Final = 2_958_465

_WORKBOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_DATE_LETTER = re.compile(r"[ymdhs]", re.IGNORECASE)

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class RefusedError(Exception):
    """The XML is not what a spreadsheet program writes."""


@dataclass
class Workbook:
    """What the cells of all sheets refer to.

    Attributes
    ----------
    parts
        Part of the archive that holds each sheet, by name.
    dates
        For each cell style whether its numbers are dates.
    """

    parts: dict[str, str] = field(default_factory=dict)
    strings: list[str] = field(default_factory=list)
    dates: list[bool] = field(default_factory=list)
    epoch: datetime = EPOCH


def open_workbook(members: Mapping[str, bytes]) -> Workbook:
    """Read the parts around the sheets.

    Raises
    ------
    RefusedError, LookupError, ValueError, expat.ExpatError
        It is no spreadsheet.
    """
    book = Workbook()
    targets, kinds = _relations(members[_RELATIONS])

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            book.parts[attributes["name"]] = targets[attributes["r:id"]]
        elif tag == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            book.epoch = EPOCH_1904

    walk(members[_WORKBOOK], start)
    if kinds.get("sharedStrings") in members:
        book.strings = _strings(members[kinds["sharedStrings"]])
    if kinds.get("styles") in members:
        book.dates = _date_styles(members[kinds["styles"]])
    return book


def walk(data: bytes, start: Start, end: End | None = None, text: Text | None = None) -> None:
    """Walk through XML by tags without prefix; a document type, so any entity, is refused."""

    def refuse(*_: object) -> None:
        raise RefusedError("it declares a document type")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, found: start(name.rpartition(":")[2], found)
    if end is not None:
        parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    parser.Parse(data, True)


def is_date_format(code: str) -> bool:
    """Say whether a number format shows a date or a time.

    >>> [is_date_format(each) for each in ("yyyy-mm-dd", "0.00", '0 "days"', "[Red]0", "General")]
    [True, False, False, False, False]
    """
    bare = _LITERAL.sub("", code)
    return "general" not in bare.lower() and _DATE_LETTER.search(bare) is not None


def _relations(data: bytes) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Give the parts by the id of their relation, and by its kind."""
    by_id: dict[str, str] = {}
    by_kind: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            target = attributes.get("Target", "")
            path = target[1:] if target.startswith("/") else normpath(join("xl", target))
            by_id[attributes.get("Id", "")] = path
            by_kind[attributes.get("Type", "").rpartition("/")[2]] = path

    walk(data, start)
    return by_id, by_kind


def _strings(data: bytes) -> list[str]:
    """Give the shared texts; how they are to be pronounced is left out."""
    strings: list[str] = []
    pieces: list[str] = []
    within: list[str] = []

    def start(tag: str, _: dict[str, str]) -> None:
        within.append(tag)
        if tag == "si":
            pieces.clear()

    def end(tag: str) -> None:
        within.pop()
        if tag == "si":
            strings.append("".join(pieces))

    def text(piece: str) -> None:
        if within and within[-1] == "t" and "rPh" not in within:
            pieces.append(piece)

    walk(data, start, end, text)
    return strings


def _date_styles(data: bytes) -> list[bool]:
    formats: dict[str, str] = {}
    dates: list[bool] = []
    within: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        within.append(tag)
        if tag == "numFmt":
            formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "xf" and within[-2:-1] == ["cellXfs"]:
            number = attributes.get("numFmtId", "0")
            built_in = number.isdecimal() and int(number) in DATE_FORMATS
            dates.append(built_in or is_date_format(formats.get(number, "")))

    def end(_: str) -> None:
        within.pop()

    walk(data, start, end)
    return dates


def date_text(book: Workbook, days: float) -> str:
    """Give a day as 2026-12-03, with the time behind it where it is not midnight."""
    if not 0 <= days <= LAST_DAY:
        raise RefusedError("a date is out of range")
    instant = book.epoch + timedelta(seconds=round(days * 86_400))
    text = instant.isoformat(sep=" ")
    return text.removesuffix(" 00:00:00")
