"""What all requests share: the tables, one quoting at a time, and whether it is warm."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from karvan import __version__
from karvan.domain.errors import KarvanError, UnknownQuote
from karvan.interfaces.http.keeping import Keeper
from karvan.interfaces.http.problems import Refusal
from karvan.interfaces.json_text import render_json
from karvan.interfaces.places import PlaceBook
from karvan.services.exporting import QuoteDocument, document_of
from karvan.services.quoting.published import Published
from karvan.services.quoting.quote import Quoting
from karvan.services.quoting.rendering import quote_json
from karvan.services.quoting.request import RequestReader
from karvan.services.quoting.store import StoredQuote
from karvan.services.quoting.stored import Again

#: Quotes under way and waiting; who comes after them is asked to come again.
MOST_WAITING: Final = 8

#: The journey with which the kernels are compiled before anybody asks.
WARM_UP: Final[Mapping[str, object]] = {
    "from": "CN-XIA",
    "to": "TR-IST",
    "container": "40HC",
    "mass_kg": "18000",
    "hs": "851660",
}

log = logging.getLogger("karvan.http")


class Desk:
    """Answers quotes from tables that were loaded once.

    `Quoting` keeps what it has compiled and is no use to two threads at once, so quotes take
    turns.
    """

    def __init__(
        self,
        published: Published,
        clock: Callable[[], datetime],
        keeper: Keeper | None = None,
    ) -> None:
        self.clock = clock
        self.keeper = keeper
        self.places = PlaceBook(published.network)
        self.published = published
        self._reader = RequestReader(published.network, published.book)
        self._quoting = Quoting(published)
        self._turn = threading.Lock()
        self._waiting = threading.BoundedSemaphore(MOST_WAITING)
        self._status = "warming-up"

    def quote(self, body: Mapping[str, object], now: datetime) -> Mapping[str, object]:
        """Answer one request; raises `Refusal` (503) when too many wait."""
        request = self._reader.read(body, now)
        with self._place(), self._turn:
            answer = quote_json(self._quoting.quote(request, now))
        self._status = "ready"
        return answer

    def keep(self, answer: Mapping[str, object]) -> str:
        """Keep an answer before it is given, and give its text; raises `Refusal` (503)."""
        text = render_json(answer)
        if self.keeper is not None:
            self.keeper.keep(text)
        return text

    def stored(self, quote_id: str) -> StoredQuote:
        """Give a quote as it was given; raises `UnknownQuote`."""
        if self.keeper is None:
            raise UnknownQuote("no quotes are kept here", quote_id=quote_id)
        return self.keeper.get(quote_id)

    def again(self, quote_id: str) -> Again:
        """Make a stored quote again; raises `UnknownQuote`, `Refusal` (503) when too many wait."""
        stored = self.stored(quote_id)
        assert self.keeper is not None, "or nothing would be stored"
        with self._place(), self._turn:
            return self.keeper.again(stored)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._waiting.acquire(blocking=False):
            raise Refusal(
                503, "busy", "too many quotes are asked for at once", waiting=MOST_WAITING
            )
        try:
            yield
        finally:
            self._waiting.release()

    def document(self, answer: Mapping[str, object]) -> QuoteDocument:
        """Put names beside an answer, for a file of it."""
        return document_of(answer, self.published.network)

    def warm_up(self) -> None:
        """Make one quote, so that the first caller does not wait for the compiler."""
        now = self.clock()
        ready = (now + timedelta(days=12)).date().isoformat()
        try:
            self.quote({**WARM_UP, "ready": ready}, now)
        except KarvanError as error:
            log.info("warm-up.refused code=%s", error.code)
            self._status = "ready"
        except Exception:
            log.exception("warm-up.failed")
            self._status = "failed"

    def health(self) -> Mapping[str, object]:
        """Whether quotes are answered at once, and from what."""
        return {
            "status": self._status,
            "store": "none" if self.keeper is None else self.keeper.status(),
            "engine_version": __version__,
            "network_hash": self.published.network.hashes.network,
            "tariff_version": self.published.book.version,
        }
