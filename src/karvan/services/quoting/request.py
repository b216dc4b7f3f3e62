"""From a request as it was typed to a `QuoteRequest`, or to all of its faults at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from karvan.domain.cargo import Cargo, UnitKind
from karvan.domain.errors import (
    Fault,
    InvalidInput,
    InvalidRequest,
    NotFound,
)
from karvan.domain.identifiers.container import ContainerNumber
from karvan.domain.identifiers.container_type import ContainerType
from karvan.domain.identifiers.hs_code import HsCode
from karvan.domain.instants import parse_date, parse_instant, render_instant
from karvan.domain.quantities import Mass, parse_mass_kg
from karvan.domain.tariff import TariffBook
from karvan.network.changes import Change, apply, parse_change
from karvan.network.network import Network
from karvan.services.quoting.cargo import DEFAULT_SAMPLES, DEFAULT_SEED, QuoteRequest
from karvan.services.quoting.gazetteer import Gazetteer, Named

#: A ready date further away than this has no timetable behind it.
READY_WITHIN_DAYS: Final = 75
SAMPLES_FROM, SAMPLES_TO = 50, 20_000
MOST_CHANGES: Final = 50
LONGEST_TEXT: Final = 200

REQUIRED: Final = ("from", "to", "container", "mass_kg", "hs", "ready")
OPTIONAL: Final = (
    "container_number",
    "latest_arrival",
    "currency",
    "changes",
    "samples",
    "seed",
)

T = TypeVar("T")


@dataclass(slots=True)
class _Faults:
    """Faults found so far, and the one way to read a field."""

    body: Mapping[str, object]
    found: list[Fault] = field(default_factory=list)

    def add(self, code: str, message: str, name: str, *, fix: str = "", **facts: object) -> None:
        self.found.append(
            Fault(code=code, message=message, pointer=f"/{name}", fix=fix, facts=facts)
        )

    def text(self, name: str) -> str | None:
        """Text of a field; a missing required one is told by `check_shape`."""
        value = self.body.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            self.add("wrong-type", "must be text", name)
            return None
        if len(value) > LONGEST_TEXT:
            self.add("too-long", "text is too long", name, longest=LONGEST_TEXT)
            return None
        return value

    def read(self, name: str, parse: Callable[[str], T]) -> T | None:
        """Parse the text of a field, telling our errors as faults of it."""
        text = self.text(name)
        return None if text is None else self.attempt(name, lambda: parse(text))

    def attempt(self, name: str, make: Callable[[], T]) -> T | None:
        """Make a value, telling our errors as faults of a field."""
        try:
            return make()
        except (InvalidInput, NotFound) as error:
            self.found.append(Fault.of(error, f"/{name}"))
            return None


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
        faults = _Faults(body)
        _check_shape(faults)
        origin = self._place(faults, "from")
        destination = self._place(faults, "to")
        if origin and destination and set(origin.members) & set(destination.members):
            faults.add("same-place", "origin and destination are the same", "to")
        container = faults.read("container", ContainerType.parse)
        mass = self._mass(faults, container)
        hs = faults.read("hs", self._hs)
        number = faults.read("container_number", ContainerNumber.parse)
        ready = self._ready(faults, origin, now)
        latest = self._latest(faults, destination, ready)
        currency = self._currency(faults)
        changes = self._changes(faults)
        samples = _whole(faults, "samples", DEFAULT_SAMPLES, SAMPLES_FROM, SAMPLES_TO)
        seed = _whole(faults, "seed", DEFAULT_SEED, 0, 2**63 - 1)
        if faults.found:
            raise InvalidRequest(tuple(faults.found))
        assert origin
        assert destination
        assert container
        assert mass
        assert hs
        assert ready
        return QuoteRequest(
            origin=origin,
            destination=destination,
            cargo=self._cargo(container, mass, hs),
            container_number=str(number) if number else "",
            ready=ready,
            latest_arrival=latest,
            currency=currency,
            changes=changes,
            samples=samples,
            seed=seed,
            as_given={
                "from": origin.id,
                "to": destination.id,
                "container": container.code,
                "container_number": number.compact if number else None,
                "mass_kg": str(mass.kg),
                "hs": hs,
                "ready": render_instant(ready),
                "latest_arrival": render_instant(latest) if latest else None,
                "currency": currency,
                "changes": [str(change) for change in changes],
                "samples": samples,
                "seed": seed,
            },
        )

    def _place(self, faults: _Faults, name: str) -> Named | None:
        return faults.read(name, self._gazetteer.get)

    def _mass(self, faults: _Faults, container: ContainerType | None) -> Mass | None:
        value = faults.body.get("mass_kg")
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            faults.add("wrong-type", "must be a decimal string of kilograms", "mass_kg")
            return None
        mass = faults.attempt("mass_kg", lambda: parse_mass_kg(value))
        if mass is None:
            return None
        if mass.kg == 0:
            faults.add("no-mass", "goods weigh more than nothing", "mass_kg")
        rating = self._network.rules.containers.get(container.code) if container else None
        if container and rating is None:
            faults.add(
                "container-not-carried",
                "no rating is known for this container type",
                "container",
                known=sorted(self._network.rules.containers),
            )
        elif rating is not None and mass.kg > rating.payload_kg:
            faults.add(
                "over-payload",
                "the goods weigh more than the container may carry",
                "mass_kg",
                fix=f"at most {rating.payload_kg} kg in one {rating.code}",
                mass_kg=mass.kg,
                payload_kg=rating.payload_kg,
            )
        return mass

    def _cargo(self, container: ContainerType, mass: Mass, hs: str) -> Cargo:
        return Cargo(
            kind=UnitKind.CONTAINER,
            type_code=container.code,
            equipment=str(container.length_ft),
            count=1,
            mass=mass,
            tare=Mass(self._network.rules.containers[container.code].tare_kg),
            hs=hs,
            teu=Decimal(str(container.teu)),
            group=container.group.value,
        )

    def _hs(self, text: str) -> str:
        code = str(HsCode.parse(text))
        if code not in self._network.rules.hs:
            near = sorted(c for c in self._network.rules.hs if len(c) == 6 and c[:4] == code[:4])
            raise InvalidInput(
                "no such subheading in the Harmonized System of 2022", hs=text, near=near[:8]
            )
        return code

    def _ready(self, faults: _Faults, origin: Named | None, now: datetime) -> datetime | None:
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
        self, faults: _Faults, destination: Named | None, ready: datetime | None
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

    def _currency(self, faults: _Faults) -> str:
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

    def _changes(self, faults: _Faults) -> tuple[Change, ...]:
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

    def _change(self, faults: _Faults, name: str, text: str) -> Change | None:
        change = faults.attempt(name, partial(parse_change, text))
        if change is None or faults.attempt(name, partial(apply, self._network, [change])) is None:
            return None
        return change


def _check_shape(faults: _Faults) -> None:
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


def _whole(faults: _Faults, name: str, default: int, low: int, high: int) -> int:
    value = faults.body.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        faults.add("out-of-range", f"must be a whole number from {low} to {high}", name)
        return default
    return value


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
