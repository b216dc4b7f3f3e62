"""Who may write: a key in `Authorization: Bearer`, asked for by each address that writes.

An address names its scope and gets the actor for the journal:

    Actor = Annotated[str, Depends(writer(Scope.CLOSURES))]

    @router.post("/v1/closures", responses=reading.problems(**access.TOLD))
    def add_closure(actor: Actor, ...) -> Response: ...

Source: RFC 6750, OAuth 2.0 Bearer Token Usage; RFC 9110, 11 (authentication).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.openapi.models import HTTPBearer as Described
from fastapi.security.base import SecurityBase

from karvan.domain.errors import AccessRefused, KeyRefused
from karvan.interfaces.http.held import Held
from karvan.interfaces.http.limits import too_often
from karvan.interfaces.http.rates import Rates
from karvan.services.keys import Keys, Scope, admit

#: What an address that writes tells in OpenAPI beside its own problems.
TOLD: Final = {
    "e401": "No key, or one that is not taken.",
    "e403": "The key is for something else, or nothing can be written here.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What decides who may write.

    Attributes
    ----------
    keys
        None where nothing is kept, and so nothing can be written.
    rates
        How often the holder of one key may write, from however many addresses.
    """

    keys: Held[Keys] | None
    clock: Callable[[], datetime]
    rates: Rates

    def admit(self, token: str, scope: Scope) -> str:
        """Give the actor for the journal.

        Raises
        ------
        KeyRefused, AccessRefused
            There is no key, it is not taken, or not for this.
        Refusal
            503: the keys cannot be read now. 429: the key is used too often.
        """
        keys, now = self.keys, self.clock()
        if keys is None:
            raise AccessRefused("this server keeps nothing, so nothing can be written to it")
        if not token:
            raise KeyRefused("this needs a key, in Authorization: Bearer")
        actor = keys.use(lambda opened: admit(opened, token, scope, now)).actor
        share = self.rates.take(actor)
        if not share.allowed:
            raise too_often(self.rates).told(self.rates.headers(share))
        return actor


class BearerKey(SecurityBase):
    """The key of a request, '' where there is none; told as a scheme in OpenAPI."""

    def __init__(self) -> None:
        self.scheme_name = "key"
        words = "A key that `karvan key create` made, with the scope that the address names."
        self.model = Described(description=words)

    async def __call__(self, request: Request) -> str:
        """Read the header."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        return token.strip() if kind.lower() == "bearer" else ""


bearer: Final = BearerKey()


def writer(scope: Scope) -> Callable[[Request, str], str]:
    """Give the dependency that lets keys of a scope in, and gives the actor for the journal."""

    def let_in(request: Request, token: Annotated[str, Depends(bearer)]) -> str:
        door = request.app.state.door
        assert isinstance(door, Door)
        return door.admit(token, scope)

    return let_in
