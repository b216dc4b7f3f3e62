"""The client: one connection to one server, with patience."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, Final, Self, TypeVar
from urllib.parse import quote as escaped

import httpx2

from karvan import __version__
from karvan.client.answers import Comparison, Departure, Job, Place, Quote, Service, TariffRow
from karvan.client.problems import NoAnswer, problem_of
from karvan.client.reading import UnreadableError, read
from karvan.client.requests import QuoteRequest, StudyRequest

#: The longest wait before a try, whatever `Retry-After` says.
LONGEST_WAIT_S: Final = 60.0
PDF: Final = "application/pdf"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: Answers after which the same may be asked again.
_AGAIN: Final = (429, 503)
_STILL_UNDER_WAY: Final = "still-under-way"

T = TypeVar("T")


class Client:
    """Asks a server; for one thread at a time.

    Whatever is posted carries an `Idempotency-Key`, a new one each time unless it is given: so a
    request whose answer was lost is sent again without being done twice. A busy server, one that
    was asked too often and one that is not reached are asked again, after `Retry-After` or a wait
    that doubles.

    Parameters
    ----------
    base_url
        Of the server, such as `https://karvan.example`.
    key
        For writing; `karvan key create` makes one.
    timeout_s
        For one try.
    tries
        In all, 1 for no second one.
    language
        Of the texts: `en`, `ru` ...
    transport
        In place of the network, for tests.
    sleep
        Waits so many seconds.

    Raises
    ------
    Problem
        Each method: what the server refused. `NoAnswer` where it was not reached.
    """

    def __init__(
        self,
        base_url: str,
        *,
        key: str | None = None,
        timeout_s: float = 90.0,
        tries: int = 4,
        language: str | None = None,
        transport: httpx2.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        headers = {"User-Agent": f"karvan-client/{__version__}"}
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        if language is not None:
            headers["Accept-Language"] = language
        self._http = httpx2.Client(
            base_url=base_url, headers=headers, timeout=timeout_s, transport=transport
        )
        self._tries = max(1, tries)
        self._sleep = sleep

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    # Quotes

    def quote(self, request: QuoteRequest, *, idempotency_key: str | None = None) -> Quote:
        """Ask for a through quote; it is kept on the server and can be had again by its id."""
        return _as(Quote, self.post("/v1/quotes", request, idempotency_key=idempotency_key))

    def quote_file(self, request: QuoteRequest, media_type: str = PDF) -> bytes:
        """Ask for a quote as a file: `PDF` or `XLSX`."""
        return self._post("/v1/quotes", request, None, accept=media_type).content

    def get_quote(self, quote_id: str) -> Quote:
        """Give a quote as it was given."""
        return _as(Quote, self.get(f"/v1/quotes/{_part(quote_id)}"))

    def make_again(self, quote_id: str) -> Any:
        """Make a stored quote again and compare; gives the JSON object."""
        return self.get(f"/v1/quotes/{_part(quote_id)}/again")

    def itinerary(self, quote_id: str, rank: int = 1) -> Any:
        """Give an alternative of a stored quote as GeoJSON, for drawing."""
        return self.get(f"/v1/quotes/{_part(quote_id)}/itineraries/{rank}")

    def compare(self, request: QuoteRequest, weeks: int = 2) -> Comparison:
        """Compare the ready date with those of the weeks after it."""
        return _as(Comparison, self.post("/v1/comparisons", {**request, "weeks": weeks}))

    # Studies and other jobs

    def study(self, request: StudyRequest, *, idempotency_key: str | None = None) -> Job:
        """Queue a study; needs a key for `studies`. `wait` waits for it."""
        return _as(Job, self.post("/v1/studies", request, idempotency_key=idempotency_key))

    def job(self, job_id: str) -> Job:
        """Give a job as it is now."""
        return _as(Job, self.get(f"/v1/jobs/{_part(job_id)}"))

    def wait(
        self, job_id: str, *, every_s: float = 2.0, watch: Callable[[Job], object] | None = None
    ) -> Job:
        """Ask for a job again and again until it has ended; `watch` sees each answer."""
        while True:
            job = self.job(job_id)
            if watch is not None:
                watch(job)
            if job.ended:
                return job
            self._sleep(every_s)

    def cancel_job(self, job_id: str, reason: str = "") -> Job:
        """Cancel a job: at once, or after the part that a worker is doing."""
        return _as(Job, self.post(f"/v1/jobs/{_part(job_id)}/cancel", {"reason": reason}))

    def result(self, job_id: str) -> Any:
        """Give what came out of a job; of a study what its command prints with `--json`."""
        return self.get(f"/v1/jobs/{_part(job_id)}/result")

    def study_folder(self, job_id: str) -> bytes:
        """Give the folder of a study, a ZIP: tables as CSV and Parquet, manifest and page."""
        return self._send("GET", f"/v1/jobs/{_part(job_id)}/folder").content

    def study_report(self, job_id: str) -> str:
        """Give the page of a study, HTML that needs nothing else."""
        return self._send("GET", f"/v1/jobs/{_part(job_id)}/report").text

    # The corridor

    def places(self, query: str = "", **filters: object) -> Iterator[Place]:
        """Find places and cities by id, code or name; filters `country`, `kind`."""
        return self._read_all(Place, "/v1/places", query=query, **filters)

    def departures(self, place: str, days: int = 14) -> Iterator[Departure]:
        """Give the departures from a place or city in the days to come, by time."""
        return self._read_all(Departure, f"/v1/places/{_part(place)}/departures", days=days)

    def services(self, **filters: object) -> Iterator[Service]:
        """Give the scheduled services; filters `place`, `mode`, `carrier`."""
        return self._read_all(Service, "/v1/services", **filters)

    def tariffs(self, **filters: object) -> Iterator[TariffRow]:
        """Give rows of the tariff book; filters as `GET /v1/tariffs` has them."""
        return self._read_all(TariffRow, "/v1/tariffs", **filters)

    def tariff(self, row_id: str, **on: object) -> TariffRow:
        """Give the row with which the `rule` of a price line begins."""
        return _as(TariffRow, self.get(f"/v1/tariffs/{_part(row_id)}", **on))

    def trade(self, first: str, second: str, year: int | None = None) -> Any:
        """Tell what two countries buy of each other, by their codes; gives the JSON object."""
        return self.get("/v1/trade", first=first, second=second, year=year)

    def health(self) -> Any:
        """Say whether quotes are answered at once, and from which tables."""
        return self.get("/v1/health")

    # Anything

    def get(self, path: str, /, **parameters: object) -> Any:
        """Read an address; gives its JSON."""
        return _json(self._send("GET", path, params=_given(parameters)))

    def list(self, path: str, /, **parameters: object) -> Iterator[Any]:
        """Give every item of a list, page after page, each page when it is needed."""
        following: str | None = path
        given: dict[str, str] | None = _given(parameters)
        while following is not None:
            page = _json(self._send("GET", following, params=given))
            yield from page["items"]
            # The address of the next page holds the filters; no parameters would remove them.
            following, given = page["next"], None

    def post(
        self, path: str, body: Mapping[str, Any], *, idempotency_key: str | None = None
    ) -> Any:
        """Send an object; gives the JSON that comes back."""
        return _json(self._post(path, body, idempotency_key))

    def _read_all(self, kind: type[T], path: str, /, **parameters: object) -> Iterator[T]:
        return (_as(kind, each) for each in self.list(path, **parameters))

    def _post(
        self,
        path: str,
        body: Mapping[str, Any],
        idempotency_key: str | None,
        accept: str = "application/json",
    ) -> httpx2.Response:
        headers = {
            "Accept": accept,
            "Content-Type": "application/json",
            "Idempotency-Key": idempotency_key or uuid.uuid4().hex,
        }
        content = json.dumps(body, ensure_ascii=False).encode("utf-8")
        return self._send("POST", path, headers=headers, content=content)

    def _send(self, method: str, path: str, **given: Any) -> httpx2.Response:
        """Send a request, again where that may help."""
        for attempt in range(1, self._tries + 1):
            last = attempt == self._tries
            try:
                response = self._http.request(method, path, **given)
            except httpx2.TransportError as error:
                if last:
                    title = "the server was not reached"
                    raise NoAnswer(
                        status=0, code="no-answer", title=title, facts={"reason": str(error)}
                    ) from error
                self._sleep(_wait_s(None, attempt))
                continue
            if response.is_success:
                return response
            problem = problem_of(response.status_code, response.content)
            again = response.status_code in _AGAIN or problem.code == _STILL_UNDER_WAY
            if last or not again:
                raise problem
            self._sleep(_wait_s(response.headers.get("retry-after"), attempt))
        raise AssertionError("the last try returns or raises")


def _wait_s(told: str | None, attempt: int) -> float:
    """Seconds to wait: as the server says, else twice as long each time."""
    wanted = float(told) if told is not None and told.isdecimal() else 0.5 * 2 ** (attempt - 1)
    return min(wanted, LONGEST_WAIT_S)


def _given(parameters: Mapping[str, object]) -> dict[str, str]:
    """Parameters as texts; those that are None or '' ask for nothing."""
    spelled = {True: "true", False: "false"}
    return {
        name: spelled[value] if isinstance(value, bool) else str(value)
        for name, value in parameters.items()
        if value is not None and value != ""
    }


def _part(text: str) -> str:
    return escaped(text, safe="")


def _as(kind: type[T], value: object) -> T:
    try:
        return read(kind, value)
    except UnreadableError as error:
        raise NoAnswer(
            status=200,
            code="no-answer",
            title="this is no answer that this client knows",
            facts={"reason": str(error)},
        ) from None


def _json(response: httpx2.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        raise NoAnswer(
            status=response.status_code, code="no-answer", title="this is no answer of Karvan"
        ) from None
