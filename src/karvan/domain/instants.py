"""Instants in UTC, dates, and the zone as an attribute of the place.

Inside Karvan an instant is an aware `datetime` in UTC. Text without an offset
and naive `datetime` values are refused, for nobody knows which Aktau clock they
were read from. Source of the spelling: RFC 3339, section 5.6.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from karvan.domain.errors import InvalidInput

_INSTANT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})"
    r"(?:\.([0-9]{1,9}))?(?:([Zz])|([+-])([0-9]{2}):([0-9]{2}))"
)
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


def parse_instant(text: str) -> datetime:
    """Read an RFC 3339 instant, offset required; digits below the microsecond are cut.

    >>> parse_instant("2026-12-01T10:00:00+05:00")
    datetime.datetime(2026, 12, 1, 5, 0, tzinfo=datetime.timezone.utc)
    >>> parse_instant("2026-12-01T10:00:00")
    Traceback (most recent call last):
        ...
    karvan.domain.errors.InvalidInput: expected an instant with offset, like 2026-12-01T10:00:00Z
    """
    match = _INSTANT.fullmatch(text)
    if match is None:
        raise InvalidInput("expected an instant with offset, like 2026-12-01T10:00:00Z", given=text)
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    microsecond = int((match[7] or "0").ljust(6, "0")[:6])
    try:
        zone = UTC if match[8] else _offset(match[9], int(match[10]), int(match[11]))
        local = datetime(year, month, day, hour, minute, second, microsecond, tzinfo=zone)
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInput("no such instant", given=text) from None


def parse_date(text: str) -> date:
    """Read an ISO 8601 calendar date.

    >>> parse_date("2026-02-28")
    datetime.date(2026, 2, 28)
    >>> parse_date("2026-02-29")
    Traceback (most recent call last):
        ...
    karvan.domain.errors.InvalidInput: no such date
    """
    match = _DATE.fullmatch(text)
    if match is None:
        raise InvalidInput("expected a date, like 2026-12-01", given=text)
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise InvalidInput("no such date", given=text) from None


def to_utc(instant: datetime) -> datetime:
    """Give the same instant in UTC; refuse one without a zone."""
    if instant.utcoffset() is None:
        raise InvalidInput("an instant needs a zone", given=instant.isoformat())
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise InvalidInput("no such instant", given=instant.isoformat()) from None


def render_instant(instant: datetime) -> str:
    """Write an instant in UTC, as RFC 3339 with Z.

    >>> render_instant(parse_instant("2026-12-01T10:00:00+05:00"))
    '2026-12-01T05:00:00Z'
    """
    return to_utc(instant).replace(tzinfo=None).isoformat() + "Z"


def render_local(instant: datetime, zone: tzinfo) -> str:
    """Write an instant as RFC 3339 with the clock and the offset of a zone.

    >>> render_local(parse_instant("2026-12-01T05:00:00Z"), get_zone("Asia/Aqtau"))
    '2026-12-01T10:00:00+05:00'
    """
    try:
        local = to_utc(instant).astimezone(zone)
    except OverflowError:
        raise InvalidInput("no such instant", given=instant.isoformat()) from None
    offset = local.utcoffset()
    if offset is None or offset % _MINUTE:
        raise InvalidInput(
            "the zone had no offset in whole minutes then", given=instant.isoformat()
        )
    return local.isoformat()


def get_zone(name: str) -> ZoneInfo:
    """Find a zone of the IANA time zone database by its name.

    >>> get_zone("Asia/Atlantis")
    Traceback (most recent call last):
        ...
    karvan.domain.errors.InvalidInput: unknown time zone
    """
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise InvalidInput("unknown time zone", zone=name) from None


def minutes_since_epoch(instant: datetime) -> int:
    """Count whole minutes since 1970-01-01T00:00:00Z, rounded down.

    >>> minutes_since_epoch(parse_instant("1969-12-31T23:59:30Z"))
    -1
    """
    return (to_utc(instant) - _EPOCH) // _MINUTE


def from_minutes(minutes: int) -> datetime:
    """Give the instant so many minutes after 1970-01-01T00:00:00Z.

    >>> render_instant(from_minutes(29_710_000))
    '2026-06-27T22:40:00Z'
    """
    try:
        return _EPOCH + timedelta(minutes=minutes)
    except OverflowError:
        raise InvalidInput("outside the calendar", minutes=minutes) from None


def _offset(sign: str, hours: int, minutes: int) -> timezone:
    if minutes > 59:
        raise ValueError
    behind = timedelta(hours=hours, minutes=minutes)
    return timezone(behind if sign == "+" else -behind)
