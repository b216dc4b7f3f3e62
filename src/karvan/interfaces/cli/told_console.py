"""A console that tells what it prints in the language of the reader.

Pages are written in English, as errors are; here their sentences and headings become those of the
catalogue. What is told already, and what is no sentence of ours, stays as it is.
"""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Span, Text

from karvan.services.words import tell_message


class ToldConsole(Console):
    """Tells texts, headings of columns and captions of tables before it prints them."""

    def print(self, *objects: Any, **options: Any) -> None:
        """Print things, told."""
        super().print(*map(_told, objects), **options)


def _told(what: object) -> object:
    if isinstance(what, str):
        return tell_message(what)
    if isinstance(what, Text):
        return _told_text(what)
    if isinstance(what, Table):
        for column in what.columns:
            if isinstance(column.header, str):
                column.header = tell_message(column.header)
            if isinstance(column.footer, str):
                column.footer = tell_message(column.footer)
        if isinstance(what.caption, str):
            what.caption = tell_message(what.caption)
    return what


def _told_text(text: Text) -> Text:
    """A text in one style; what has several parts was put together by who knew them."""
    told = text.plain if text.spans else tell_message(text.plain)
    return text if told == text.plain else Text(told, style=text.style)


def as_told(text: str) -> Text:
    """A text that is told already: the console leaves it as it is."""
    return Text(text, spans=[Span(0, len(text), "none")])
