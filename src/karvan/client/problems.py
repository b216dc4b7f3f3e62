"""Problems as exceptions: what the server refused, with its code and every fault."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFault:
    """One thing wrong with a request.

    Attributes
    ----------
    pointer
        JSON pointer of the field, or `query/NAME`, `header/NAME`.
    fix
        What would be right, '' where the server cannot tell.
    """

    pointer: str
    code: str
    message: str
    fix: str = ""
    facts: Mapping[str, object] = field(default_factory=dict, hash=False)


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it so
    """The server refused a request; `code` never changes its meaning.

    Attributes
    ----------
    status
        Of HTTP; 0 where there was no answer.
    faults
        All faults of the request at once.
    facts
        Whatever else the problem tells.
    request_id
        To name when asking whoever runs the server.
    """

    def __init__(
        self,
        *,
        status: int,
        code: str,
        title: str,
        faults: tuple[RequestFault, ...] = (),
        facts: Mapping[str, object] | None = None,
        request_id: str = "",
    ) -> None:
        told = "".join(f"; {each.pointer}: {each.message}" for each in faults)
        super().__init__(f"{code}: {title}{told}")
        self.status = status
        self.code = code
        self.title = title
        self.faults = faults
        self.facts = dict(facts or {})
        self.request_id = request_id


class NotFound(Problem):
    """There is no such thing, or no way for these goods."""


class NotAllowed(Problem):
    """The request needs a key, another key, or a scope that the key lacks."""


class Wrong(Problem):
    """The request has faults, or contradicts what is there."""


class Busy(Problem):
    """The server has too much to do, or was asked too often, and still was at the last try."""


class NoAnswer(Problem):
    """The server was not reached, or answered something that is no answer of Karvan."""


_KINDS: dict[int, type[Problem]] = {
    401: NotAllowed,
    403: NotAllowed,
    404: NotFound,
    429: Busy,
    503: Busy,
}


def problem_of(status: int, body: bytes) -> Problem:
    """Read a problem document; whatever it is, an exception comes of it."""
    try:
        told = json.loads(body)
        members = dict(told)
        code, title = str(members.pop("code")), str(members.pop("title"))
    except (ValueError, TypeError, KeyError):
        return NoAnswer(status=status, code="no-answer", title="this is no answer of Karvan")
    kind = _KINDS.get(status, Wrong if status < 500 else Problem)
    errors = members.pop("errors", None)
    found = errors if isinstance(errors, list) else []
    for known in ("type", "status", "instance"):
        members.pop(known, None)
    return kind(
        status=status,
        code=code,
        title=title,
        faults=tuple(_fault(each) for each in found if isinstance(each, dict)),
        request_id=str(members.pop("request_id", "")),
        facts=members,
    )


def _fault(told: Mapping[str, object]) -> RequestFault:
    rest = {k: v for k, v in told.items() if k not in ("pointer", "code", "message", "fix")}
    return RequestFault(
        pointer=str(told.get("pointer", "")),
        code=str(told.get("code", "")),
        message=str(told.get("message", "")),
        fix=str(told.get("fix") or ""),
        facts=rest,
    )
