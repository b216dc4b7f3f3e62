"""Every error as a problem document (RFC 9457), in one place."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, Self

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from karvan.domain import errors
from karvan.interfaces.http.methods import methods_of, tell_methods
from karvan.interfaces.json_text import render_json
from karvan.interfaces.problems import Problem, plain, readable
from karvan.services.words import tell_message

MEDIA_TYPE: Final = "application/problem+json"

#: The first that fits counts.
STATUS: Final[tuple[tuple[type[errors.KarvanError], int], ...]] = (
    (errors.InvalidTables, 500),
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.InvalidInput, 422),
    (errors.KeyRefused, 401),
    (errors.AccessRefused, 403),
    (errors.RuleViolation, 422),
    (errors.Infeasible, 422),
    (errors.LimitReached, 503),
    (errors.StoreUnavailable, 503),
)

#: Codes of errors that belong to HTTP and not to the trade.
HTTP_CODES: Final[Mapping[int, tuple[str, str]]] = {
    404: ("not-found", "there is nothing at this address"),
    405: ("method-not-allowed", "this address does not know this method"),
    500: ("internal", "something went wrong inside Karvan; this is our fault, not yours"),
}


class Refusal(Exception):  # noqa: N818 - named by what it is: the request is not let in
    """A request that is refused before it means anything."""

    def __init__(self, status: int, code: str, title: str, /, **facts: object) -> None:
        super().__init__(title)
        self.status = status
        self.problem = Problem(
            code=code,
            title=title,
            exit_status=2,
            facts={name: plain(value) for name, value in facts.items()},
        )
        self.headers: dict[str, str] = {"Retry-After": "5"} if status == 503 else {}

    def told(self, headers: Mapping[str, str]) -> Self:
        """Tell headers beside the problem."""
        self.headers |= headers
        return self


def respond(request: Request, problem: Problem, status: int, **headers: str) -> Response:
    """Write a problem document."""
    members = problem.members()
    errors_found = members.pop("errors", None)
    request_id = request.scope.get("karvan.request_id", "")
    body = {
        **members,
        "status": status,
        "instance": readable(request.url.path),
        "request_id": request_id,
        **({} if errors_found is None else {"errors": errors_found}),
    }
    return Response(render_json(body), status, media_type=MEDIA_TYPE, headers=headers or None)


def internal(request: Request) -> Response:
    """The answer to our own fault: no internals in it."""
    code, title = HTTP_CODES[500]
    return respond(request, Problem(code=code, title=title, exit_status=1, facts={}), 500)


def install(app: FastAPI) -> None:
    """Let every error of an application become a problem document."""
    app.add_exception_handler(errors.KarvanError, _ours)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _parameters)
    app.add_exception_handler(HTTPException, _http)


def status_of(error: errors.KarvanError) -> int:
    """The HTTP status of one of our errors."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.KarvanError)
    status = status_of(error)
    if status == 500:
        return internal(request)
    return respond(request, Problem.of(error), status, **_headers(request, error))


def _headers(request: Request, error: errors.KarvanError) -> dict[str, str]:
    """What a client is told beside the problem. Source: RFC 6750, 3 and RFC 9110, 10.2.3."""
    if isinstance(error, errors.StillUnderWay):
        return {"Retry-After": "1"}
    if not isinstance(error, errors.AccessRefused):
        return {}
    challenge = 'Bearer realm="karvan"'
    if isinstance(error, errors.ScopeMissing):
        challenge += f', error="insufficient_scope", scope="{error.facts["needed"]}"'
    elif "authorization" in request.headers:
        challenge += ', error="invalid_token"'
    return {"WWW-Authenticate": challenge}


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return refused(request, error)


def refused(request: Request, refusal: Refusal) -> Response:
    """The answer to a request that is not let in."""
    return respond(request, refusal.problem, refusal.status, **refusal.headers)


def _parameters(request: Request, error: Exception) -> Response:
    """Faults of path and query parameters; bodies have their own reader."""
    assert isinstance(error, RequestValidationError)
    found = tuple(
        {
            "pointer": "/".join(str(part) for part in fault["loc"]),
            "code": "invalid-parameter",
            "message": tell_message(str(fault["msg"])),
        }
        for fault in error.errors()
    )
    problem = Problem(
        code="invalid-request",
        title="the request has faults",
        exit_status=2,
        facts={},
        errors=found,
    )
    return respond(request, problem, 422)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase.lower()
    code, title = HTTP_CODES.get(error.status_code, (phrase.replace(" ", "-"), phrase))
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        if request.method == "OPTIONS":
            return tell_methods(request)
        headers["Allow"] = ", ".join(methods_of(request))
    problem = Problem(code=code, title=title, exit_status=2, facts={})
    return respond(request, problem, error.status_code, **headers)
