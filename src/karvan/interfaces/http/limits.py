"""The limits of a request: how often one caller may ask, and how long an answer may take."""

from __future__ import annotations

import asyncio
from typing import Final

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from karvan.interfaces.http.logs import get_logger
from karvan.interfaces.http.problems import Refusal, refused
from karvan.interfaces.http.rates import Rates, caller_of

#: What counts against the rate; pages, health and metrics do not.
COUNTED: Final = "/v1/"
NOT_COUNTED: Final = ("/v1/health",)

log = get_logger()


class Limits:
    """Refuses whom asks too often (429), and ends what takes too long (503).

    The time counts until the answer begins: what streams may go on. Work that a thread has begun
    is not stopped; whoever sent an `Idempotency-Key` finds its answer later.
    """

    def __init__(self, app: ASGIApp, *, rates: Rates, limit_s: float) -> None:
        self._app = app
        self._rates = rates
        self._limit_s = limit_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers: dict[str, str] = {}
        path = scope["path"]
        if path.startswith(COUNTED) and path not in NOT_COUNTED:
            share = self._rates.take(caller_of((scope.get("client") or ("", 0))[0]))
            headers = self._rates.headers(share)
            if not share.allowed:
                refusal = too_often(self._rates).told(headers)
                await refused(Request(scope), refusal)(scope, receive, send)
                return
        await self._timed(scope, receive, send, headers)

    async def _timed(
        self, scope: Scope, receive: Receive, send: Send, headers: dict[str, str]
    ) -> None:
        begun = False

        async def send_begun(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                timer.reschedule(None)
                MutableHeaders(scope=message).update(headers)
            await send(message)

        try:
            async with asyncio.timeout(self._limit_s or None) as timer:
                await self._app(scope, receive, send_begun)
        except TimeoutError:
            if begun or not timer.expired():
                raise
            log.warning("http.late", limit_s=self._limit_s)
            title = "the answer took too long; it may have been made all the same"
            refusal = Refusal(503, "too-slow", title, limit_s=self._limit_s).told(headers)
            await refused(Request(scope), refusal)(scope, receive, send)


def too_often(rates: Rates) -> Refusal:
    """The refusal of whoever asks too often."""
    return Refusal(429, "too-many-requests", "too many requests", per_minute=rates.per_minute)
