"""A quote as a file over HTTP: which media type is wanted, and the file as a response.

Source: RFC 9110, 12.5.1 (Accept), 15.5.7 (406).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from fastapi import Response

from karvan.interfaces.http.problems import Refusal
from karvan.services.exporting import QuoteDocument, QuoteFormat, QuoteWriter

JSON: Final = "application/json"
MEDIA_TYPES: Final = {
    QuoteFormat.PDF: "application/pdf",
    QuoteFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
VARY: Final = {"Vary": "Accept"}

_OFFERED: Final[tuple[tuple[QuoteFormat | None, str], ...]] = (
    (None, JSON),
    *MEDIA_TYPES.items(),
)
_QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")
_UNFIT = re.compile(r"[^A-Za-z0-9-]")
#: Media ranges that are looked at; a browser sends fewer than ten.
_MOST_RANGES: Final = 50


def negotiate(accept: Iterable[str]) -> QuoteFormat | None:
    """Choose what is wanted most; JSON, which is `None`, wins a draw.

    Raises
    ------
    Refusal
        406: nothing that is offered is wanted.
    """
    ranges = [each for header in accept for each in header.split(",") if each.strip()]
    if not ranges:
        return None
    wishes = [_wish(each) for each in ranges[:_MOST_RANGES]]
    ranked = [(_quality(media_type, wishes), what) for what, media_type in _OFFERED]
    best, what = max(ranked, key=lambda pair: pair[0])
    if best <= 0:
        raise Refusal(
            406,
            "not-acceptable",
            "the answer can have none of the media types that are accepted",
            offered=[media_type for _, media_type in _OFFERED],
        )
    return what


def respond(writer: QuoteWriter, what: QuoteFormat, document: QuoteDocument) -> Response:
    """Write a quote as a response that is saved under its id."""
    name = _UNFIT.sub("", str(document.answer.get("quote_id", ""))) or "quote"
    return Response(
        writer.write(what, document).data,
        media_type=MEDIA_TYPES[what],
        headers={**VARY, "Content-Disposition": f'attachment; filename="{name}.{what.value}"'},
    )


def described() -> dict[int | str, dict[str, Any]]:
    """The files in words of OpenAPI, beside the JSON that stands there already."""
    schema = {"type": "string", "format": "binary"}
    content = {media_type: {"schema": schema} for media_type in MEDIA_TYPES.values()}
    return {200: {"description": "The quote.", "content": content}}


def _wish(text: str) -> tuple[str, float]:
    """A media range and its quality; 0 where it cannot be read."""
    media_range, *parameters = (part.strip().lower() for part in text.split(";"))
    given = [value.strip() for name, _, value in _pairs(parameters) if name.strip() == "q"]
    if not given:
        return media_range, 1.0
    return media_range, float(given[0]) if _QUALITY.fullmatch(given[0]) else 0.0


def _pairs(parameters: Iterable[str]) -> Iterable[tuple[str, str, str]]:
    return (parameter.partition("=") for parameter in parameters)


def _quality(media_type: str, wishes: list[tuple[str, float]]) -> float:
    """The quality of the most specific range that covers a type, 0 when none does."""
    kind = media_type.partition("/")[0]
    for covering in (media_type, f"{kind}/*", "*/*"):
        found = [quality for media_range, quality in wishes if media_range == covering]
        if found:
            return max(found)
    return 0.0
