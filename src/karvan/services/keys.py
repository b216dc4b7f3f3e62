"""Keys: who may write over HTTP, what, and until when.

A key is a text that its holder shows with every request. It is told once, when it is made; kept
is a hash of its secret. The secret is 256 random bits, so a fast hash is enough: nobody can try
them all, as they could with a password.
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final, Protocol

from karvan.domain.errors import Fault, InvalidRequest, KeyRefused, ScopeMissing
from karvan.services.databases import Database

#: How long a key holds when nobody says, and at most.
USUAL: Final = timedelta(days=365)
LONGEST: Final = timedelta(days=2 * 366)

#: Digits of an id, without those that are read as others. Source: D. Crockford, Base32.
_DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ID_DIGITS: Final = 8
_SECRET_BYTES: Final = 32

_ID = re.compile(rf"K-[{_DIGITS}]{{{_ID_DIGITS}}}")
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,62}")
_TOKEN = re.compile(rf"karvan\.({_ID.pattern})\.([A-Za-z0-9_-]{{43}})")


class Scope(StrEnum):
    """What a key lets its holder do."""

    CLOSURES = "closures"  # enter and end closures and other changes of the situation
    STUDIES = "studies"  # start, cancel and repeat jobs
    TIMETABLE = "timetable"  # change departures


class KeyState(StrEnum):
    """Whether a key is taken."""

    LIVE = "live"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key as it is kept.

    Attributes
    ----------
    id
        What it is listed and revoked by; no secret.
    name
        Whose it is; two keys may have one name, the old and the new.
    until
        First instant at which it is no longer taken.
    secret_sha256
        Hash of the secret, in hexadecimal digits.
    revoked_at
        When it was revoked, None where it was not.
    """

    id: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    until: datetime
    secret_sha256: str
    revoked_at: datetime | None = None

    @property
    def actor(self) -> str:
        """How the journal names its holder: by the id alone, for names may be of people."""
        return f"key:{self.id}"

    def state_at(self, now: datetime) -> KeyState:
        """Whether it is taken at an instant."""
        if self.revoked_at is not None:
            return KeyState.REVOKED
        return KeyState.LIVE if now < self.until else KeyState.EXPIRED


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key that was just made, and the text that its holder is told, once."""

    key: Key
    token: str


class Keys(Protocol):
    """The keys of a database. A key is never changed: that it is revoked is a record more."""

    def add(self, key: Key, *, actor: str) -> None:
        """Keep a key, and enter it in the journal."""

    def find(self, key_id: str) -> Key | None:
        """Give a key, None where there is none."""

    def list_keys(self) -> Sequence[Key]:
        """Give every key, the newest first."""

    def revoke(self, key_id: str, *, at: datetime, actor: str, reason: str) -> Key:
        """Revoke a key and enter it in the journal; one that is revoked already stays so.

        Raises
        ------
        UnknownKey
            No key has this id.
        """

    def close(self) -> None:
        """Let go of the database."""


class KeyStores(Protocol):
    """Opens the keys of databases."""

    def open(self, where: Database, *, create: bool) -> Keys:
        """Open them; raises `StoreUnavailable`, `StoreDamaged`, `StoreVersion`."""


def make_key(
    name: str,
    scopes: Iterable[str],
    *,
    now: datetime,
    until: datetime | None = None,
    draw: Callable[[int], bytes] = secrets.token_bytes,
) -> NewKey:
    """Make a key.

    Parameters
    ----------
    until
        First instant at which it is no longer taken; None for `USUAL` from now.
    draw
        Gives so many random bytes that nobody can foresee.

    Raises
    ------
    InvalidRequest
        With every fault of name, scopes and end.
    """
    wanted, ends = list(scopes), now + USUAL if until is None else until
    faults = list(_faults(name, wanted, now, ends))
    if faults:
        raise InvalidRequest(faults)
    key_id = "K-" + "".join(_DIGITS[byte % len(_DIGITS)] for byte in draw(_ID_DIGITS))
    secret = _secret_text(draw(_SECRET_BYTES))
    key = Key(
        id=key_id,
        name=name,
        scopes=frozenset(Scope(each) for each in wanted),
        created_at=now,
        until=ends,
        secret_sha256=_hash(secret),
    )
    return NewKey(key=key, token=f"karvan.{key_id}.{secret}")


def admit(keys: Keys, token: str, scope: Scope, now: datetime) -> Key:
    """See that a token is of a live key that has a scope.

    Raises
    ------
    KeyRefused
        It is no key, no longer one, or was revoked; only who holds it is told which.
    ScopeMissing
        The key is not for this.
    """
    match = _TOKEN.fullmatch(token)
    key = keys.find(match[1]) if match else None
    if match is None or key is None or not hmac.compare_digest(key.secret_sha256, _hash(match[2])):
        raise KeyRefused("this is no key of this server")
    state = key.state_at(now)
    if state is not KeyState.LIVE:
        raise KeyRefused(f"this key is {state.value}", key=key.id)
    if scope not in key.scopes:
        raise ScopeMissing(
            "this key is not for that",
            key=key.id,
            needed=scope.value,
            scopes=sorted(each.value for each in key.scopes),
        )
    return key


def parse_key_id(text: str) -> str:
    """Read the id of a key in any case; raises `InvalidRequest`."""
    found = text.strip().upper()
    if _ID.fullmatch(found) is None:
        fault = Fault("invalid-input", "must be an id like K-7Q2M4XDA", "/id")
        raise InvalidRequest([fault])
    return found


def _faults(name: str, scopes: list[str], now: datetime, until: datetime) -> Iterable[Fault]:
    if _NAME.fullmatch(name) is None:
        yield Fault(
            "invalid-input",
            "must be 1 to 63 of a to z, 0 to 9, dot and hyphen, the first no dot or hyphen",
            "/name",
        )
    known = [each.value for each in Scope]
    if not scopes:
        yield Fault("missing", "must name at least one", "/scopes", fix="of " + ", ".join(known))
    for each in dict.fromkeys(scopes):
        if each not in known:
            fix = "one of " + ", ".join(known)
            yield Fault("not-found", "no such scope", "/scopes", fix=fix, facts={"given": each})
    if not now < until <= now + LONGEST:
        words = f"must lie ahead, at most {LONGEST.days} days"
        yield Fault("out-of-range", words, "/until")


def _secret_text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode("ascii").rstrip("=")


def _hash(secret: str) -> str:
    return sha256(secret.encode("ascii")).hexdigest()
