"""What read-only addresses share: the desk, problems in words of OpenAPI, and answers kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response

from karvan.interfaces.http.desk import Desk
from karvan.interfaces.http.problems import MEDIA_TYPE
from karvan.interfaces.json_text import render_json
from karvan.services.words import SOURCE, spoken

Responses = dict[int | str, dict[str, Any]]
JSON: Final = "application/json"

_PROBLEM: Final = {"$ref": "#/components/schemas/ProblemDocument"}


def problems(**told: str) -> Responses:
    """Say which problems an address can answer with: `e404="no such place"`."""
    return {
        int(status[1:]): {"description": text, "content": {MEDIA_TYPE: {"schema": _PROBLEM}}}
        for status, text in told.items()
    }


def desk_of(request: Request) -> Desk:
    """The desk of the application."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk


DeskOf = Annotated[Desk, Depends(desk_of)]
Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]


def kept(request: Request, value: object, media_type: str = JSON) -> Response:
    """Answer what changes with the tables only: 304 for who has it already.

    Source: RFC 9110, 13.1.2 (If-None-Match).
    """
    text = render_json(value)
    language = b"" if spoken().language == SOURCE else spoken().language.encode()
    etag = f'"{hashlib.sha256(language + text.encode()).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(text, media_type=media_type, headers=headers)


def page(
    items: Sequence[object], path: str, parameters: Mapping[str, object], limit: int, offset: int
) -> Mapping[str, object]:
    """Cut one page out of a list, with the address of the next."""
    following = None
    if offset + limit < len(items):
        query = {**parameters, "limit": limit, "offset": offset + limit}
        following = f"{path}?{urlencode(query)}"
    return {"items": items[offset : offset + limit], "total": len(items), "next": following}
