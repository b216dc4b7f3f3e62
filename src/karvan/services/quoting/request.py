"""From a request as it was typed to a `QuoteRequest`, or to all of its faults at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from karvan.domain.errors import InvalidInput, InvalidRequest
from karvan.domain.instants import parse_date, parse_instant, render_instant
from karvan.domain.tariff import TariffBook
from karvan.network.changes import Change, apply, parse_change
from karvan.network.network import Network
from karvan.services.quoting.cargo import DEFAULT_SAMPLES, DEFAULT_SEED, QuoteRequest
from karvan.services.quoting.cargo_reading import CARGO_FIELDS, read_cargo
from karvan.services.quoting.fields import LONGEST_TEXT, Faults
from karvan.services.quoting.gazetteer import Gazetteer, Named
from karvan.services.quoting.scope import day_usd
from karvan.services.quoting.wishes import WISH_FIELDS, read_wishes

#: A ready date further away than this has no timetable behind it.
READY_WITHIN_DAYS: Final = 75
SAMPLES_FROM, SAMPLES_TO = 50, 20_000
MOST_CHANGES: Final = 50

REQUIRED: Final = ("from", "to", "ready")
OPTIONAL: Final = (
    *CARGO_FIELDS,
    *WISH_FIELDS,
    "latest_arrival",
    "currency",
    "changes",
    "samples",
    "seed",
)


class RequestReader:
    """Reads requests against one network and tariff book."""

    def __init__(self, network: Network, book: TariffBook) -> None:
        self._network = network
        self._book = book
        self._gazetteer = Gazetteer(network)

    @property
    def gazetteer(self) -> Gazetteer:
        """Where names are found."""
        return self._gazetteer

    def read(self, body: Mapping[str, object], now: datetime) -> QuoteRequest:
        """Read a request.

        Raises
        ------
        InvalidRequest
            With every fault: pointer, code, what is wrong, what would be right.
        """
        faults = Faults(body)
        _check_shape(faults)
        origin = self._place(faults, "from")
        destination = self._place(faults, "to")
        if origin and destination and set(origin.members) & set(destination.members):
            faults.add("same-place", "origin and destination are the same", "to")
        ready = self._ready(faults, origin, now)
        latest = self._latest(faults, destination, ready)
        currency = self._currency(faults)
        changes = self._changes(faults)
        samples = faults.whole("samples", DEFAULT_SAMPLES, SAMPLES_FROM, SAMPLES_TO)
        seed = faults.whole("seed", DEFAULT_SEED, 0, 2**63 - 1)
        day = (ready or now).astimezone(self._zone(origin)).date()
        wishes = read_wishes(faults, self._network, self._gazetteer, origin, destination)
        carried = read_cargo(faults, self._network, origin, day)
        if faults.found:
            raise InvalidRequest(tuple(faults.found))
        assert origin
        assert destination
        assert carried
        assert ready
        wishes = wishes.with_day_usd(day_usd(carried.cargo))
        return QuoteRequest(
            origin=origin,
            destination=destination,
            cargo=carried.cargo,
            container_number=carried.container_number,
            temperature_c=carried.temperature_c,
            ready=ready,
            latest_arrival=latest,
            currency=currency,
            changes=changes,
            samples=samples,
            seed=seed,
            wishes=wishes,
            as_given={
                "from": origin.id,
                "to": destination.id,
                **carried.as_given,
                "ready": render_instant(ready),
                "latest_arrival": render_instant(latest) if latest else None,
                "currency": currency,
                "changes": [str(change) for change in changes],
                **wishes.as_given,
                "samples": samples,
                "seed": seed,
            },
        )

    def _place(self, faults: Faults, name: str) -> Named | None:
        return faults.read(name, self._gazetteer.get)

    def _ready(self, faults: Faults, origin: Named | None, now: datetime) -> datetime | None:
        zone = self._zone(origin)
        ready = faults.read("ready", lambda text: _day_or_instant(text, zone))
        if ready is None:
            return None
        given = str(faults.body.get("ready"))
        past = (
            ready.astimezone(zone).date() < now.astimezone(zone).date()
            if len(given) == 10
            else ready < now
        )
        if past:
            faults.add(
                "ready-in-the-past",
                "the ready date has passed",
                "ready",
                fix=f"{now.astimezone(zone).date()} or later",
                given=given,
            )
            return None
        if ready > now + timedelta(days=READY_WITHIN_DAYS):
            faults.add(
                "ready-too-far",
                "the ready date lies beyond the timetable",
                "ready",
                fix=f"within {READY_WITHIN_DAYS} days",
                given=given,
            )
            return None
        return max(ready, now)

    def _latest(
        self, faults: Faults, destination: Named | None, ready: datetime | None
    ) -> datetime | None:
        zone = self._zone(destination)
        latest = faults.read("latest_arrival", lambda text: _day_or_instant(text, zone, last=True))
        if latest is not None and ready is not None and latest <= ready:
            faults.add(
                "arrival-before-ready",
                "the latest arrival lies before the ready date",
                "latest_arrival",
            )
        return latest

    def _zone(self, named: Named | None) -> ZoneInfo:
        if named is None:
            return ZoneInfo("UTC")
        return ZoneInfo(self._network.places[named.members[0]].time_zone)

    def _currency(self, faults: Faults) -> str:
        text = faults.text("currency")
        if text is None:
            return "USD"
        known = self._book.currencies()
        if text not in known:
            faults.add(
                "unknown-currency",
                "no exchange rate for this currency",
                "currency",
                fix="one of " + ", ".join(known),
                given=text,
            )
        return text

    def _changes(self, faults: Faults) -> tuple[Change, ...]:
        value = faults.body.get("changes")
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            faults.add("wrong-type", "must be a list of texts", "changes")
            return ()
        if len(value) > MOST_CHANGES:
            faults.add("too-many", "too many changes", "changes", most=MOST_CHANGES)
            return ()
        changes = [self._change(faults, f"changes/{i}", item) for i, item in enumerate(value)]
        return tuple(change for change in changes if change is not None)

    def _change(self, faults: Faults, name: str, text: str) -> Change | None:
        change = faults.attempt(name, partial(parse_change, text))
        if change is None or faults.attempt(name, partial(apply, self._network, [change])) is None:
            return None
        return change


def _check_shape(faults: Faults) -> None:
    for name in REQUIRED:
        if faults.body.get(name) is None:
            faults.add("missing", "is required", name)
    for name in faults.body:
        if name not in (*REQUIRED, *OPTIONAL):
            escaped = str(name)[:LONGEST_TEXT].replace("~", "~0").replace("/", "~1")
            faults.add(
                "unknown-field",
                "no such field",
                escaped,
                fix="one of " + ", ".join((*REQUIRED, *OPTIONAL)),
            )


def _day_or_instant(text: str, zone: ZoneInfo, *, last: bool = False) -> datetime:
    """Read a day in the zone of a place (its begin, or its end when `last`) or an instant."""
    if len(text) != 10:
        return parse_instant(text)
    day = parse_date(text)
    try:
        begin = datetime.combine(day, time(0), tzinfo=zone)
        end = datetime.combine(day + timedelta(days=1), time(0), tzinfo=zone)
        return (end if last else begin).astimezone(UTC)
    except OverflowError:
        raise InvalidInput("not a date of our time", given=text) from None
