"""The outermost layer: a request id, quiet headers, one log line, no failure without answer."""

from __future__ import annotations

import re
import time
import uuid
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from karvan.interfaces.http.logs import ACCESS, get_logger
from karvan.interfaces.http.metrics import NOWHERE, Metrics
from karvan.interfaces.http.problems import internal

HEADER: Final = "X-Request-Id"
#: Methods that are counted by name; whatever else a stranger sends is one more.
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

log = get_logger()
access = get_logger(ACCESS)

_SOUND = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RequestIds:
    """Gives every request an id, the caller's own where it is sound, and echoes it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        request_id = given if _SOUND.fullmatch(given) else uuid.uuid4().hex
        scope["karvan.request_id"] = request_id
        with bound_contextvars(request_id=request_id):
            await self._answer(scope, receive, send, request_id)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        begun = time.perf_counter()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers[HEADER] = request_id
                headers["X-Content-Type-Options"] = "nosniff"
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except ClientDisconnect:
            log.info("http.gone")
        except Exception:
            log.exception("http.failed")
            if status:
                raise
            await internal(Request(scope))(scope, receive, send_with_id)
        finally:
            method = scope["method"] if scope["method"] in METHODS else "other"
            seconds = time.perf_counter() - begun
            route = route_of(scope)
            self._metrics.answered(method, route, status, seconds)
            access.info(
                "http.answered",
                method=method,
                route=route,
                status=status,
                ms=round(seconds * 1000, 1),
            )


def route_of(scope: Scope) -> str:
    """The template of the address that answers, such as `/v1/quotes/{id}`."""
    template = getattr(scope.get("route"), "path", None)
    if isinstance(template, str):
        return template
    return "/assets" if scope["path"].startswith("/assets/") else NOWHERE
