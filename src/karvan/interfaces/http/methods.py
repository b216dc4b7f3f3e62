"""Methods that every address knows: HEAD where it knows GET, and OPTIONS, which lists them."""

from __future__ import annotations

from fastapi import Request, Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Heads:
    """Answers HEAD as GET, without the body. Source: RFC 9110, 9.3.2."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        scope["method"] = "GET"
        try:
            await self._app(scope, receive, send_head)
        finally:
            scope["method"] = "HEAD"


def methods_of(request: Request) -> list[str]:
    """Every method that the address of a request knows, in the order of the alphabet."""
    app = request.app
    routes = [*app.state.addresses, *(r for r in app.router.routes if isinstance(r, Route))]
    found = {"OPTIONS"}
    for route in routes:
        match, _ = route.matches({**request.scope, "method": "OPTIONS"})
        if match is not Match.NONE:
            found |= set(route.methods or ())
    return sorted(found | {"HEAD"} if "GET" in found else found)


def tell_methods(request: Request) -> Response:
    """The answer to OPTIONS."""
    return Response(status_code=204, headers={"Allow": ", ".join(methods_of(request))})
