"""The language of one answer: `?lang=`, else `Accept-Language`, else English.

A language nobody has is no error: the answer says in `Content-Language` which one it is in.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from karvan.interfaces.languages import accepted, find
from karvan.services.words import SOURCE, Languages, speaking

PARAMETER: Final = "lang"
#: Addresses whose answers hold texts for people; problems may come from any.
TOLD: Final = "/v1/"
PROBLEM: Final = "application/problem+json"


class ToldLanguages:
    """Lets everything inside a request speak the language of who asks."""

    def __init__(self, app: ASGIApp, languages: Languages) -> None:
        self._app = app
        self._languages = languages
        self._offered = languages.offered()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        words = self._languages.words(self._wanted(scope))

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                problem = headers.get("content-type", "").startswith(PROBLEM)
                if problem or scope["path"].startswith(TOLD):
                    headers["Content-Language"] = words.language
                    headers.add_vary_header("Accept-Language")
            await send(message)

        with speaking(words):
            await self._app(scope, receive, send_told)

    def _wanted(self, scope: Scope) -> str:
        query = scope.get("query_string", b"").decode("latin-1")
        if PARAMETER in query:
            for tag in parse_qs(query).get(PARAMETER, [])[:1]:
                found = find(tag, self._offered)
                if found is not None:
                    return found
        if len(self._offered) == 1:
            return SOURCE
        return accepted(Headers(scope=scope).getlist("accept-language"), self._offered)
