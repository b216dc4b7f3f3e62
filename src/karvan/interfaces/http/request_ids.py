"""The outermost layer: a request id, quiet headers, one log line, no failure without answer."""

from __future__ import annotations

import logging
import re
import time
import uuid
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from karvan.interfaces.http.problems import internal

HEADER: Final = "X-Request-Id"

log = logging.getLogger("karvan.http")

_SOUND = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RequestIds:
    """Gives every request an id, the caller's own where it is sound, and echoes it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        request_id = given if _SOUND.fullmatch(given) else uuid.uuid4().hex
        scope["karvan.request_id"] = request_id
        begun = time.perf_counter()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers[HEADER] = request_id
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Cache-Control"] = "no-store"
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except ClientDisconnect:
            log.info("http.gone request_id=%s", request_id)
        except Exception:
            log.exception("http.failed request_id=%s", request_id)
            if status:
                raise
            await internal(Request(scope))(scope, receive, send_with_id)
        log.info(
            "http.answered request_id=%s method=%s status=%s ms=%.1f",
            request_id,
            scope["method"],
            status,
            (time.perf_counter() - begun) * 1000,
        )
