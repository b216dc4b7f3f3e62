"""`Idempotency-Key`: what is asked twice has one effect, and the answer of the first time.

An address that writes gives its work to `Once.answer`:

    def add_closure(actor: Actor, once: OnceOf, ...) -> Response:
        return once.answer(lambda: ..., caller=actor)

The work has its effect under `once.effect_id(actor)`, where it is more than a quote: should the
program die between the effect and the answer, the work is done again and finds it made.

Source: IETF draft-ietf-httpapi-idempotency-key-header; invariant I3.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, Final

from fastapi import Depends, Request, Response

from karvan.domain.errors import Fault, InvalidRequest, StillUnderWay
from karvan.interfaces.http.body import read_body
from karvan.interfaces.http.held import Held
from karvan.services.idempotency import Answered, AnswersOnce, Asked, Claim

HEADER: Final = "Idempotency-Key"
#: Told with an answer that was given before.
REPLAYED: Final = "Idempotency-Replayed"
#: How the header stands in OpenAPI.
PARAMETER: Final[dict[str, Any]] = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "8 to 64 letters, digits or . _ ~ -, new for each thing that is asked. The "
    "same request under the same key is answered as the first time, for 24 hours.",
    "schema": {"type": "string", "pattern": r"^[A-Za-z0-9._~-]{8,64}$"},
}
#: How long the second of two twins waits for the first, in all and between two looks.
WAIT_S: Final = 10.0
LOOK_S: Final = 0.05

#: Headers of an answer that are kept with it.
_KEPT: Final = ("content-type", "content-disposition", "location", "etag", "vary")
_SOUND = re.compile(r"[A-Za-z0-9._~-]{8,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """One request, and the key under which it is asked; '' for none."""

    key: str
    fingerprint: str
    answers: Held[AnswersOnce] | None
    clock: Callable[[], datetime]

    def effect_id(self, caller: str) -> str:
        """Give 32 digits that are the same whenever a caller repeats this; '' without a key."""
        if not self.key:
            return ""
        return sha256(f"{caller}\0{self.key}".encode()).hexdigest()[:32]

    def answer(self, make: Callable[[], Response], *, caller: str = "") -> Response:
        """Answer, or give the answer of the first time. An answer that refuses is not kept.

        Raises
        ------
        IdempotencyConflict
            Something else was asked under this key.
        StillUnderWay
            The same is being answered, and takes long.
        """
        if not self.key or self.answers is None:
            return make()
        held = self.answers
        found = self._claim(held, Asked(caller=caller, key=self.key, fingerprint=self.fingerprint))
        if isinstance(found, Answered):
            headers = {**found.headers, REPLAYED: "true"}
            return Response(found.body, found.status, headers=headers)
        answered = False
        try:
            response = make()
            if response.status_code < 400:
                kept = _answered(response)
                held.use(lambda opened: opened.keep(found, kept))
                answered = True
        finally:
            if not answered:
                held.use(lambda opened: opened.release(found))
        return response

    def _claim(self, held: Held[AnswersOnce], asked: Asked) -> Claim | Answered:
        """Claim, waiting a while for a twin that was first."""
        patience = time.monotonic() + WAIT_S
        while True:
            try:
                return held.use(lambda opened: opened.claim(asked, self.clock()))
            except StillUnderWay:
                if time.monotonic() > patience:
                    raise
            time.sleep(LOOK_S)


def once(request: Request, body: Annotated[bytes, Depends(read_body)]) -> Once:
    """Read the key of a request; raises `InvalidRequest`."""
    given = request.headers.getlist(HEADER)
    key = given[0].strip().strip('"') if given else ""
    if len(given) > 1 or (given and not _SOUND.fullmatch(key)):
        words = "must be one of 8 to 64 letters, digits or . _ ~ -"
        raise InvalidRequest([Fault("invalid-input", words, f"header/{HEADER}")])
    parts = (
        request.method.encode(),
        request.url.path.encode(),
        request.url.query.encode(),
        request.headers.get("accept", "").encode(),
        body,
    )
    digest = sha256()
    for part in parts:
        digest.update(sha256(part).digest())
    return Once(
        key=key,
        fingerprint=digest.hexdigest(),
        answers=request.app.state.answers,
        clock=request.app.state.desk.clock,
    )


OnceOf = Annotated[Once, Depends(once)]


def _answered(response: Response) -> Answered:
    headers = {name: response.headers[name] for name in _KEPT if name in response.headers}
    return Answered(status=response.status_code, body=bytes(response.body), headers=headers)
