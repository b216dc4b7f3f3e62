"""What all requests share: the tables, turns at quoting, and whether it is warm."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

from karvan import __version__
from karvan.domain.errors import Fault, InvalidRequest, KarvanError, StoreUnavailable, UnknownQuote
from karvan.interfaces.departures import departures_from, first_day
from karvan.interfaces.http.keeping import Keeper
from karvan.interfaces.http.logs import get_logger
from karvan.interfaces.http.turns import Turns
from karvan.interfaces.json_text import render_json
from karvan.interfaces.places import PlaceBook
from karvan.network.places import PlaceId
from karvan.network.situation import NORMAL, Situation
from karvan.services.exporting import QuoteDocument, document_of
from karvan.services.quoting.answer import Quote
from karvan.services.quoting.cargo import QuoteRequest
from karvan.services.quoting.comparing import Comparison, compare, weeks_from
from karvan.services.quoting.published import Published
from karvan.services.quoting.rendering import quote_json
from karvan.services.quoting.request import RequestReader
from karvan.services.quoting.retiming import retime
from karvan.services.quoting.store import StoredQuote
from karvan.services.quoting.stored import Again
from karvan.services.situation.entering import Closing
from karvan.services.situation.watch import NOTHING_KNOWN, Known, Watch

if TYPE_CHECKING:
    from karvan.services.quoting.quote import Quoting

#: Who wait for a turn, and how long at most; who comes after them is asked to come again.
MOST_WAITING: Final = 8
PATIENCE_S: Final = 20.0

#: The journey with which the kernels are compiled before anybody asks.
WARM_UP: Final[Mapping[str, object]] = {
    "from": "CN-XIA",
    "to": "TR-IST",
    "container": "40HC",
    "mass_kg": "18000",
    "hs": "851660",
}

log = get_logger()


class Desk:
    """Answers quotes from tables that were loaded once.

    Several are answered at once, as many as `turns` allows: more than there are cores would only
    make each of them slower.
    """

    def __init__(
        self,
        published: Published,
        clock: Callable[[], datetime],
        keeper: Keeper | None = None,
        watch: Watch | None = None,
        *,
        at_once: int = 1,
    ) -> None:
        self.clock = clock
        self.keeper = keeper
        self.watch = watch
        self.published = published
        self._reader = RequestReader(published.network, published.book)
        self.places = PlaceBook(published.network, self._reader.gazetteer)
        self.turns = Turns(at_once, MOST_WAITING, PATIENCE_S)
        self._status = "warming-up"
        #: Is told how many seconds each quote took.
        self.observe: Callable[[float], object] = lambda _: None

    @cached_property
    def _quoting(self) -> Quoting:
        """What answers; the compiler comes with it, and the first page need not wait for that."""
        from karvan.services.quoting.quote import Quoting

        return Quoting(self.published)

    def known(self) -> Known:
        """What is closed; raises `StoreUnavailable`, `StoreDamaged`."""
        return NOTHING_KNOWN if self.watch is None else self.watch.look()

    def situation(self, now: datetime) -> Situation:
        """What is closed and what carriers published, as far as it still matters."""
        return self.known().situation(now, self.published.network)

    def quote(self, body: Mapping[str, object], now: datetime) -> Mapping[str, object]:
        """Answer one request; raises `Refusal` (503) when too many wait."""
        request = self._reader.read(body, now)
        answer = quote_json(self._answer(request, now, self.situation(now)))
        self._status = "ready"
        return answer

    def faults_of(self, body: Mapping[str, object], now: datetime) -> Sequence[Fault]:
        """Give the faults of a request, without answering it."""
        try:
            self._reader.read(body, now)
        except InvalidRequest as error:
            return error.faults
        return ()

    def compare(
        self, body: Mapping[str, object], weeks: int, now: datetime
    ) -> tuple[Comparison, list[str]]:
        """Answer a request for its ready date and the weeks after it, each as if asked alone.

        Returns
        -------
        The comparison, and the texts of its answers, none of them kept yet.

        Raises
        ------
        InvalidRequest and others
            The request cannot be answered for its own date.
        Refusal
            503: too many wait.
        """
        situation = self.situation(now)

        def ask(each: Mapping[str, object]) -> Quote:
            return self._answer(self._reader.read(each, now), now, situation)

        if "ready" not in body:
            ask(body)  # tells every fault, this one among them
        compared = compare(ask, body, weeks_from(str(body["ready"]), weeks))
        return compared, [render_json(quote_json(quote)) for quote in compared.quotes]

    def _answer(self, request: QuoteRequest, now: datetime, situation: Situation) -> Quote:
        with self.turns.turn():
            begun = time.perf_counter()
            quote = self._quoting.quote(request, now, situation)
            self.observe(time.perf_counter() - begun)
        return quote

    def keep_texts(self, texts: Sequence[str]) -> None:
        """Keep answers, all or none; raises `Refusal` (503)."""
        if self.keeper is not None:
            self.keeper.keep(*texts)

    def keep(self, answer: Mapping[str, object]) -> str:
        """Keep an answer before it is given, and give its text; raises `Refusal` (503)."""
        text = render_json(answer)
        self.keep_texts([text])
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
        with self.turns.turn():
            return self.keeper.again(stored)

    def closing(self) -> Closing:
        """What enters closures; raises `StoreUnavailable` where nothing is kept."""
        if self.watch is None or self.keeper is None:
            raise StoreUnavailable("this server keeps nothing, so nothing can be closed")
        network = self.published.network
        return Closing(network=network, watch=self.watch, quotes=self.keeper.newest)

    def document(self, answer: Mapping[str, object]) -> QuoteDocument:
        """Put names beside an answer, for a file of it."""
        return document_of(answer, self.published.network)

    def departures(
        self, places: Sequence[PlaceId], now: datetime, days: int
    ) -> Sequence[Mapping[str, object]]:
        """Departures from any of the places in the days after `now`, by time."""
        network = self.published.network
        corridor = self._quoting.corridor(network, first_day(now))
        corridor = retime(corridor, self.situation(now).timetable)
        return departures_from(network, places, now, days, corridor)

    def warm_up(self) -> None:
        """Make one quote, so that the first caller does not wait for the compiler."""
        now = self.clock()
        ready = (now + timedelta(days=12)).date().isoformat()
        try:
            request = self._reader.read({**WARM_UP, "ready": ready}, now)
            quote_json(self._answer(request, now, NORMAL))
            self._status = "ready"
        except KarvanError as error:
            log.info("warm-up.refused", code=error.code)
            self._status = "ready"
        except Exception:
            log.exception("warm-up.failed")
            self._status = "failed"

    def ready(self) -> Mapping[str, str]:
        """Say of each part whether it is `ready`, or what it is instead."""
        store = "none" if self.keeper is None else self.keeper.state()
        return {"quotes": self._status, "store": store}

    def health(self) -> Mapping[str, object]:
        """Whether quotes are answered at once, and from what."""
        return {
            "status": self._status,
            "store": "none" if self.keeper is None else self.keeper.status(),
            "engine_version": __version__,
            "network_hash": self.published.network.hashes.network,
            "tariff_version": self.published.book.version,
        }
