"""What read-only addresses share: the desk, problems in words of OpenAPI, and answers kept."""

from __future__ import annotations

import difflib
import gzip
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from karvan.domain.errors import Fault, InvalidRequest
from karvan.interfaces.http.desk import Desk
from karvan.interfaces.http.problems import MEDIA_TYPE
from karvan.interfaces.json_text import render_json

Responses = dict[int | str, dict[str, Any]]
JSON: Final = "application/json"
#: Bytes from which an answer is packed.
PACK_FROM: Final = 2000
GEOJSON: Final = "application/geo+json"
#: What a conditional GET may answer.
SAME: Final[Responses] = {304: {"description": "It is the one named in If-None-Match."}}
#: Parameters of every address.
EVERYWHERE: Final = ("lang",)

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
    """Answer what seldom changes: 304 for who has it already."""
    return kept_text(request, render_json(value), media_type)


def kept_text(
    request: Request, text: str, media_type: str = JSON, *, caching: str = "no-cache"
) -> Response:
    """Answer a text, 304 for who has it already, packed for who can read that.

    Source: RFC 9110, 8.4 (Content-Encoding), 8.8.3 (ETag, one a representation), 13.1.2.

    Parameters
    ----------
    caching
        What `Cache-Control` says; unless given: keep it, but ask whether it is still the same.
    """
    content = text.encode()
    packed = len(content) > PACK_FROM and "gzip" in request.headers.get("accept-encoding", "")
    encoding = b"gzip" if packed else b""
    etag = f'"{hashlib.sha256(encoding + content).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": caching, "Vary": "Accept-Encoding"}
    if has_it(request, etag):
        return Response(status_code=304, headers=headers)
    if packed:
        headers["Content-Encoding"] = "gzip"
        content = gzip.compress(content, 6, mtime=0)
    return Response(content, media_type=media_type, headers=headers)


def has_it(request: Request, etag: str) -> bool:
    """Whether the caller names this answer in `If-None-Match`; weak tags count as strong ones.

    Source: RFC 9110, 13.1.2.
    """
    given = ",".join(request.headers.getlist("if-none-match"))
    names = {each.strip().removeprefix("W/") for each in given.split(",")}
    return "*" in names or etag.removeprefix("W/") in names


def known_parameters(request: Request) -> None:
    """Refuse parameters that an address does not have: a misspelt filter would filter nothing.

    Raises
    ------
    InvalidRequest
        With each that is unknown, or given twice.
    """
    route = request.scope.get("route")
    if not isinstance(route, APIRoute) or not route.path.startswith("/v1/"):
        return
    known = _names(route.dependant)
    faults = []
    for name, count in Counter(name for name, _ in request.query_params.multi_items()).items():
        if name not in (*known, *EVERYWHERE):
            near = difflib.get_close_matches(name, known, n=1)
            fix = f"did you mean {near[0]}?" if near else ""
            faults.append(Fault("unknown-field", "no such parameter", f"query/{name}", fix=fix))
        elif count > 1:
            faults.append(Fault("invalid-parameter", "must be given once", f"query/{name}"))
    if faults:
        raise InvalidRequest(faults)


def _names(dependant: Dependant) -> list[str]:
    own = [each.alias for each in dependant.query_params]
    return own + [name for each in dependant.dependencies for name in _names(each)]


def page(
    items: Sequence[object], path: str, parameters: Mapping[str, object], limit: int, offset: int
) -> Mapping[str, object]:
    """Cut one page out of a list, with the address of the next."""
    following = None
    if offset + limit < len(items):
        query = {**parameters, "limit": limit, "offset": offset + limit}
        following = f"{path}?{urlencode(query)}"
    return {"items": items[offset : offset + limit], "total": len(items), "next": following}
