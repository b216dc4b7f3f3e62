"""Reading the body of a request: type, size, and JSON without surprises."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from email.message import Message
from typing import Final

from fastapi import Request

from karvan.interfaces.http.problems import Refusal

#: Arrays and objects within each other.
DEEPEST: Final = 32

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


async def read_body(request: Request) -> bytes:
    """Read the body, at most so many bytes as the settings allow.

    Raises
    ------
    Refusal
        415 another content type than JSON in UTF-8, 413 too long.
    """
    limit: int = request.app.state.settings.body_limit_bytes
    _check_type(request.headers.get("content-type", ""))
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise _too_large(limit)
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise _too_large(limit)
        chunks.append(chunk)
    return b"".join(chunks)


def parse_object(body: bytes) -> Mapping[str, object]:
    """Read one JSON object.

    Raises
    ------
    Refusal
        400: not UTF-8, not JSON, a key twice, NaN or Infinity, too deep, not an object.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _malformed("the body is not UTF-8", byte=error.start) from None
    if _depth(text) > DEEPEST:
        raise _malformed("the body is nested too deep", deepest=DEEPEST)
    try:
        value = json.loads(
            text, object_pairs_hook=_once, parse_constant=_refuse, parse_float=_finite
        )
    except json.JSONDecodeError as error:
        raise _malformed(
            "the body is not JSON", line=error.lineno, column=error.colno, reason=error.msg
        ) from None
    except (ValueError, RecursionError):
        raise _malformed("the body holds a number that is too long") from None
    if not isinstance(value, dict):
        raise _malformed("the body is not a JSON object")
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise _malformed("a text holds half a character") from None
    return value


def _check_type(header: str) -> None:
    message = Message()
    message["content-type"] = header
    charset = str(message.get_param("charset", "utf-8")).lower()
    if message.get_content_type() != "application/json" or charset not in ("utf-8", "utf8"):
        raise Refusal(
            415,
            "unsupported-media-type",
            "the body must be application/json in UTF-8",
            given=header[:100],
        )


def _depth(text: str) -> int:
    deepest = depth = 0
    for character in _STRING.sub("", text):
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise _malformed("a key stands twice in one object", key=name[:100])
        found[name] = value
    return found


def _refuse(constant: str) -> object:
    raise _malformed("NaN and Infinity are not JSON", given=constant)


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise _malformed("a number is too large", given=text[:40])
    return value


def _malformed(title: str, **facts: object) -> Refusal:
    return Refusal(400, "malformed-json", title, **facts)


def _too_large(limit: int) -> Refusal:
    return Refusal(413, "body-too-large", "the body is too long", limit_bytes=limit)
