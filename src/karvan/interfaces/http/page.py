"""The browser page: files that `make run` builds from `web/`, beside the addresses.

Names below `/assets/` hold a hash of the content, so a browser may keep them for ever; the page
itself is asked for each time. Everything comes from this host: the policy forbids the rest.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request, Response
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER: Final = Path(__file__).parents[1] / "web"

#: Source: Content Security Policy Level 3, W3C. The map draws in a worker of our own file.
POLICY: Final = (
    "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept",
    "X-Content-Type-Options": "nosniff",
}
FOR_EVER: Final = "public, max-age=31536000, immutable"

NOT_BUILT: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Karvan</title>
<h1>The page is not built yet</h1>
<p>The service works: ask it with <code>karvan quote</code> or <code>POST /v1/quotes</code>.</p>
<p>To see the page, run this in the folder of the repository and load again:</p>
<pre>make web</pre>
<p>It needs Node.js 20 or newer with npm; where they are missing it brings its own.</p>
<p><a href="/openapi.json">What the service answers</a></p>
</html>
"""


class Assets(StaticFiles):
    """Files whose name changes with their content; none where the page is not built yet."""

    async def check_config(self) -> None:
        """Look for nothing: a folder that is not there holds no file."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Give a file, to be kept for ever."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = FOR_EVER
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def wants_page(request: Request) -> bool:
    """Whether a browser asks: it names HTML, a program does not."""
    return "text/html" in request.headers.get("accept", "")


def show_page(folder: Path = FOLDER) -> Response:
    """Give the page, or how to build it where it is not there."""
    try:
        text = (folder / "index.html").read_text(encoding="utf-8")
    except FileNotFoundError:
        text = NOT_BUILT
    return HTMLResponse(text, headers=HEADERS)


def install(app: FastAPI, folder: Path = FOLDER) -> None:
    """Serve the files that the page is made of."""
    files = Assets(directory=folder / "assets", check_dir=False)
    app.mount("/assets", GZipMiddleware(files, minimum_size=1000), name="assets")
