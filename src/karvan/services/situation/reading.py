"""From a closure as it was typed to what is kept, or to all of its faults at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from karvan.domain.errors import InvalidInput, InvalidRequest, UnknownClosure, UnknownPlace
from karvan.domain.instants import parse_date, parse_instant, render_instant
from karvan.network.links import LinkId
from karvan.network.network import Network
from karvan.network.patterns import ServiceId
from karvan.services.quoting.fields import LONGEST_TEXT, Faults
from karvan.services.quoting.gazetteer import SUGGESTIONS, Gazetteer
from karvan.services.situation.closures import ESTIMATE, Closure, Deed, Draft, Interval, TargetKind

#: Fields of a closure; a correction has all but the first, a lifting `at` and the note.
FIELDS: Final = (
    "target",
    "from",
    "until",
    "until_low",
    "until_likely",
    "until_high",
    "cause",
    "share",
    "note",
    "source",
)
LIFT_FIELDS: Final = ("at", "note")
_INTERVAL: Final = ("until_low", "until_likely", "until_high")
#: The farthest instant that a closure may name, in days from now.
MOST_DAYS: Final = 3_660
_OTHER: Final = "other"


@dataclass(frozen=True, slots=True)
class Target:
    """What is closed."""

    id: str
    kind: TargetKind
    zone: ZoneInfo


class ClosureReader:
    """Reads closures against one network."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._gazetteer = Gazetteer(network)

    def draft(self, body: Mapping[str, object], now: datetime, actor: str) -> Draft:
        """Read a new closure.

        Raises
        ------
        InvalidRequest
            With every fault: pointer, code, what is wrong, what would be right.
        """
        faults = Faults(body)
        _check_names(faults, FIELDS)
        if body.get("target") is None:
            faults.add("missing", "is required", "target")
        target = faults.read("target", self.target)
        return self._read(faults, Deed.CLOSED, target, None, now, actor)

    def correction(
        self, base: Closure, body: Mapping[str, object], now: datetime, actor: str
    ) -> Draft:
        """Read a correction; what it does not name stays as it was.

        Raises
        ------
        InvalidRequest
            With every fault.
        """
        faults = Faults(body)
        _check_names(faults, FIELDS[1:])
        if base.deed is Deed.LIFTED:
            faults.add("closure-lifted", "it was lifted; enter a new closure", "closure")
        return self._read(faults, Deed.CORRECTED, self._known(base), base, now, actor)

    def lifting(
        self, base: Closure, body: Mapping[str, object], now: datetime, actor: str
    ) -> Draft:
        """Read that something is open again, `at` an instant that is now without one.

        Raises
        ------
        InvalidRequest
            With every fault.
        """
        faults = Faults(body)
        _check_names(faults, LIFT_FIELDS)
        zone = self._known(base).zone
        at = faults.read("at", lambda text: day_or_instant(text, zone)) or now
        if base.deed is Deed.LIFTED:
            faults.add("closure-lifted", "it was lifted before", "closure")
        elif base.is_over(now) and at >= now:
            faults.add("closure-over", "it is over already", "closure")
        note = faults.text("note") or ""
        if faults.found:
            raise InvalidRequest(tuple(faults.found))
        return Draft(
            closure_id=base.id,
            base_version=base.version,
            deed=Deed.LIFTED,
            recorded_at=now,
            actor=actor,
            target=base.target,
            kind=base.kind,
            cause=base.cause,
            since=base.since,
            reopening=Interval(low=at, likely=at, high=at),
            share_lost_pct=base.share_lost_pct,
            note=note,
            source=base.source,
        )

    def target(self, text: str) -> Target:
        """Find what is closed: a link, service or carrier by its id, or a place by any name.

        Raises
        ------
        UnknownPlace
            Nothing has this id or name; `suggestions` says what comes near.
        InvalidInput
            It is a city; its places are closed one by one.
        """
        given, network = text.strip(), self._network
        kinds: tuple[tuple[TargetKind, Collection[str]], ...] = (
            (TargetKind.LINK, network.links),
            (TargetKind.SERVICE, network.services),
            (TargetKind.CARRIER, network.carriers),
        )
        for kind, known in kinds:
            for each in (given, given.upper()):
                if each in known and each not in network.places:
                    return Target(each, kind, self._zone(kind, each))
        named = self._gazetteer.find(given)
        if named is None:
            ids = [each for _, known in kinds for each in known]
            near = difflib.get_close_matches(given, ids, n=SUGGESTIONS, cutoff=0.6)
            raise UnknownPlace(
                "no place, link, service or carrier has this name",
                given=given,
                suggestions=(self._gazetteer.suggest(given) + near)[:SUGGESTIONS],
            )
        if len(named.members) > 1 or named.id not in network.places:
            raise InvalidInput(
                "this is a city; close its places one by one",
                given=given,
                places=list(named.members),
            )
        return Target(named.id, TargetKind.PLACE, self._zone(TargetKind.PLACE, named.id))

    def _known(self, base: Closure) -> Target:
        return Target(base.target, base.kind, self._zone(base.kind, base.target))

    def _zone(self, kind: TargetKind, target: str) -> ZoneInfo:
        """The clock of a target; UTC of a carrier and of what the tables no longer have."""
        network = self._network
        place = ""
        if kind is TargetKind.PLACE:
            place = target
        elif kind is TargetKind.LINK and target in network.links:
            place = network.links[LinkId(target)].from_place
        elif kind is TargetKind.SERVICE and target in network.services:
            place = network.services[ServiceId(target)].calls[0].place
        zones = {str(each.id): each.time_zone for each in network.places.values()}
        return ZoneInfo(zones.get(place, "UTC"))

    def _read(
        self,
        faults: Faults,
        deed: Deed,
        target: Target | None,
        base: Closure | None,
        now: datetime,
        actor: str,
    ) -> Draft:
        zone = ZoneInfo("UTC") if target is None else target.zone
        since = faults.read("from", lambda text: day_or_instant(text, zone))
        since = since or (base.since if base else now)
        reopening = _interval(faults, zone, base)
        _check_times(faults, since, reopening, now)
        cause = faults.word("cause", self._network.rules.causes)
        share = faults.decimal("share", "0.01", "1")
        source = faults.text("source")
        note = faults.text("note") or ""
        if faults.found:
            raise InvalidRequest(tuple(faults.found))
        assert target is not None, "or there is a fault"
        kept = base.share_lost_pct if base else 100
        return Draft(
            closure_id=base.id if base else "",
            base_version=base.version if base else 0,
            day=since.astimezone(zone).date(),
            deed=deed,
            recorded_at=now,
            actor=actor,
            target=target.id,
            kind=target.kind,
            cause=cause or (base.cause if base else self._told_cause(note)),
            since=since,
            reopening=reopening,
            share_lost_pct=kept if share is None else max(int(share * Decimal(100)), 1),
            note=note,
            source=source or (base.source if base else ESTIMATE),
        )

    def _told_cause(self, note: str) -> str:
        """The one cause that a note names; `other` where it names none, or several."""
        said = f" {' '.join(re.findall(r'[a-z]+', note.lower()))} "
        causes = self._network.rules.causes
        named = [cause for cause, row in causes.items() if f" {row.name.lower()} " in said]
        return named[0] if len(named) == 1 else _OTHER


def _check_names(faults: Faults, known: Collection[str]) -> None:
    for name in faults.body:
        if name not in known:
            escaped = str(name)[:LONGEST_TEXT].replace("~", "~0").replace("/", "~1")
            faults.add("unknown-field", "no such field", escaped, fix="one of " + ", ".join(known))


def _interval(faults: Faults, zone: ZoneInfo, base: Closure | None) -> Interval | None:
    """The interval of reopening; None until further notice."""
    given = [name for name in _INTERVAL if faults.has(name)]
    if faults.has("until"):
        for name in given:
            faults.add("twice", "has no place beside until", name)
        until = faults.read("until", lambda text: day_or_instant(text, zone, last=True))
        return None if until is None else Interval(low=until, likely=until, high=until)
    if not given:
        return base.reopening if base else None
    before = base.reopening if base else None
    ends = {
        name: faults.read(name, lambda text: day_or_instant(text, zone, last=True))
        for name in _INTERVAL
    }
    low = ends["until_low"] or (before.low if before else None)
    high = ends["until_high"] or (before.high if before else None)
    for name, value in (("until_low", low), ("until_high", high)):
        if value is None and not faults.has(name):
            faults.add("missing", "is required beside the other end of the interval", name)
    if low is None or high is None:
        return None
    likely = ends["until_likely"] or (before.likely if before else None)
    if likely is None or (not faults.has("until_likely") and not low <= likely <= high):
        likely = (low + (high - low) / 2).replace(second=0, microsecond=0)
        likely = max(likely, low)
    if low > high:
        faults.add("end-before-begin", "lies before until_low", "until_high")
    elif not low <= likely <= high:
        faults.add("out-of-range", "must lie between until_low and until_high", "until_likely")
    return Interval(low=low, likely=likely, high=high)


def _check_times(
    faults: Faults, since: datetime, reopening: Interval | None, now: datetime
) -> None:
    farthest = now + timedelta(days=MOST_DAYS)
    if abs(since - now) > timedelta(days=MOST_DAYS):
        faults.add("out-of-range", f"must lie within {MOST_DAYS} days", "from")
    if reopening is None:
        return
    names = ("until",) if faults.has("until") else ("until_low", "until_high")
    last = names[-1]
    if reopening.low < since:
        faults.add(
            "end-before-begin",
            "lies before the begin",
            names[0],
            fix=f"later than {render_instant(since)}",
        )
    elif reopening.high <= max(now, since):
        faults.add("closure-over", "it would be over already", last)
    if reopening.high > farthest:
        faults.add(
            "out-of-range",
            f"must lie within {MOST_DAYS} days",
            last,
            fix="leave it out: closed until further notice",
        )


def day_or_instant(text: str, zone: ZoneInfo, *, last: bool = False) -> datetime:
    """Read an instant, or a day in a zone: its begin, or its end when `last`.

    Raises
    ------
    InvalidInput
        It is neither.
    """
    if len(text) != 10:
        return parse_instant(text).replace(microsecond=0)
    day = parse_date(text)
    try:
        first = day + timedelta(days=1) if last else day
        return datetime.combine(first, time(0), tzinfo=zone).astimezone(UTC)
    except OverflowError:
        raise InvalidInput("not a date of our time", given=text) from None


def find_closure(entries: Collection[Closure], closure_id: str) -> Closure:
    """Give the last version of a closure.

    Raises
    ------
    UnknownClosure
        With the ids like it.
    """
    chosen = [each for each in entries if each.id == closure_id.strip()]
    if chosen:
        return max(chosen, key=lambda each: each.version)
    ids = sorted({each.id for each in entries})
    near = [each for each in ids if each.startswith(closure_id.strip().upper())]
    near += difflib.get_close_matches(closure_id, ids, n=SUGGESTIONS, cutoff=0.6)
    raise UnknownClosure(
        "no closure has this id",
        closure=closure_id,
        suggestions=list(dict.fromkeys(near))[:SUGGESTIONS],
    )
