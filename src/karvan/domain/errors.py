"""Every error this package raises on purpose.

KarvanError
├── InvalidInput                     the caller's value cannot be right
│   ├── InvalidIdentifier            a number or code breaks its standard
│   │   ├── InvalidContainerNumber
│   │   ├── InvalidContainerType
│   │   ├── InvalidCustomsReference
│   │   ├── InvalidGoodsCode
│   │   ├── InvalidLogisticsNumber
│   │   ├── InvalidPartyNumber
│   │   ├── InvalidPlaceCode
│   │   ├── InvalidShipNumber
│   │   ├── InvalidStationCode
│   │   └── InvalidWagonNumber
│   ├── InvalidRequest               all faults of one body at once
│   ├── CurrencyMismatch
│   ├── NetworkError                 the network tables contradict each other
│   │   └── InvalidTables            all faults of the tables at once
│   └── TariffError                  the tariff tables contradict each other
├── NotFound                         a well-formed reference to nothing
│   ├── UnknownKey
│   ├── UnknownJob
│   ├── UnknownPlace
│   ├── UnknownClosure
│   ├── UnknownPerson
│   ├── UnknownQuote
│   ├── NoRoute
│   └── NoRate
├── Conflict                         right in itself, but not now
│   ├── CapacityExhausted
│   ├── IdempotencyConflict
│   ├── JobConflict
│   ├── LeaseLost
│   ├── QuoteConflict
│   ├── StaleVersion
│   └── StillUnderWay
├── AccessRefused                    the caller may not do this
│   ├── KeyRefused                   no key, or one that is not taken
│   └── ScopeMissing                 the key is for something else
├── RuleViolation                    a regulation forbids it
├── StoreUnavailable                 the store cannot be read or written
│   ├── StoreVersion                 its tables are of another version
│   └── VaultLocked                  personal data cannot be opened without its master key
├── StoreDamaged                     what is stored is not what was stored
│   └── JournalBroken                the journal does not fit together
└── EngineError                      a computation gave no answer
    ├── Infeasible
    ├── LimitReached
    └── NotReproduced

Messages say what is wrong in plain words, without the values; the values are
`facts`. `docs/reference/errors.md` explains every code.

>>> raise NoRate("the tariff book has no rate for this cargo", carrier="ferry")
Traceback (most recent call last):
    ...
karvan.domain.errors.NoRate: the tariff book has no rate for this cargo
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar


class KarvanError(Exception):
    """Base of all errors raised on purpose.

    `code` is a public promise: clients match on it, so it never changes once
    released. `exit_status` is what a command ends with: 1 our fault, 2 wrong
    input or nothing found, 3 a limit reached. `facts` holds the values a person
    needs to act, under names that carry their units.
    """

    code: ClassVar[str] = "error"
    exit_status: ClassVar[int] = 1

    def __init__(self, message: str, /, **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.facts: dict[str, object] = facts

    def __reduce__(self) -> tuple[object, ...]:
        return _as_it_was, (type(self), self.args, self.__dict__)


def _as_it_was(
    kind: type[KarvanError], arguments: tuple[object, ...], values: Mapping[str, object]
) -> KarvanError:
    """Make an error that another process raised, whatever its kind is made from."""
    error = kind.__new__(kind)
    error.args = arguments
    error.__dict__.update(values)
    return error


class InvalidInput(KarvanError, ValueError):
    """A value given by the caller cannot be right."""

    code = "invalid-input"
    exit_status = 2


class InvalidIdentifier(InvalidInput):
    """A number or code does not follow its standard."""

    code = "invalid-identifier"


class InvalidContainerNumber(InvalidIdentifier):
    """Not a container number of ISO 6346."""

    code = "invalid-container-number"


class InvalidContainerType(InvalidIdentifier):
    """Not a container size and type this corridor carries."""

    code = "invalid-container-type"


class InvalidCustomsReference(InvalidIdentifier):
    """Not a customs reference (MRN, LRN, GRN) or customs office code."""

    code = "invalid-customs-reference"


class InvalidGoodsCode(InvalidIdentifier):
    """Not a goods code (HS, GNG, ETSNG) or UN number."""

    code = "invalid-goods-code"


class InvalidLogisticsNumber(InvalidIdentifier):
    """Not a GS1 number (GTIN, GLN, SSCC)."""

    code = "invalid-logistics-number"


class InvalidPartyNumber(InvalidIdentifier):
    """Not a tax, registration or customs number of a party."""

    code = "invalid-party-number"


class InvalidPlaceCode(InvalidIdentifier):
    """Not a country code or UN/LOCODE."""

    code = "invalid-place-code"


class InvalidShipNumber(InvalidIdentifier):
    """Not a ship's IMO number."""

    code = "invalid-ship-number"


class InvalidStationCode(InvalidIdentifier):
    """Not a station code of the 1520 network."""

    code = "invalid-station-code"


class InvalidWagonNumber(InvalidIdentifier):
    """Not a wagon number, neither of 8 nor of 12 digits."""

    code = "invalid-wagon-number"


class CurrencyMismatch(InvalidInput):
    """Amounts of two currencies meet without an exchange rate."""

    code = "currency-mismatch"


class NetworkError(InvalidInput):
    """The network contradicts itself."""

    code = "network-inconsistent"


class TariffError(InvalidInput):
    """The tariff book contradicts itself."""

    code = "tariff-inconsistent"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a request, and what would be right.

    Attributes
    ----------
    pointer
        JSON pointer (RFC 6901) of the field, '' when no single field is at fault.
    rule
        Where the rule that was broken is written, '' when it has no name.
    fix
        The value or the action that would put it right, '' when none can be computed.
    """

    code: str
    message: str
    pointer: str = ""
    rule: str = ""
    fix: str = ""
    facts: Mapping[str, object] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, error: KarvanError, pointer: str = "", *, rule: str = "", fix: str = "") -> Fault:
        """Tell an error as the fault of one field."""
        return cls(error.code, error.message, pointer, rule, fix, error.facts)


class InvalidRequest(InvalidInput):
    """A request has faults, all of them named at once."""

    code = "invalid-request"

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        assert self.faults, "a request without faults is valid"
        single = self.faults[0].message if len(self.faults) == 1 else ""
        super().__init__(single or "the request has faults", fault_count=len(self.faults))

    def __reduce__(self) -> tuple[type[InvalidRequest], tuple[tuple[Fault, ...]]]:
        return type(self), (self.faults,)


@dataclass(frozen=True, slots=True)
class TableFault:
    """One thing wrong with a table.

    `row` counts from 1 with the header as row 1, as an editor shows it; it is
    `None` when the whole file is at fault, and `column` is '' when no single
    column is.

    >>> print(TableFault("places.csv", 14, "lat", "not-a-number", "latitude is not a number"))
    places.csv, row 14, lat: latitude is not a number
    """

    file: str
    row: int | None
    column: str
    code: str
    message: str

    def __str__(self) -> str:
        row = "" if self.row is None else f"row {self.row}"
        where = ", ".join(part for part in (self.file, row, self.column) if part)
        return f"{where}: {self.message}"


class InvalidTables(NetworkError):
    """Tables have faults, all of them named at once, by file and row."""

    code = "invalid-tables"

    def __init__(self, faults: Iterable[TableFault]) -> None:
        self.faults = tuple(faults)
        assert self.faults, "tables without faults are valid"
        files = sorted({fault.file for fault in self.faults})
        super().__init__("the tables have faults", fault_count=len(self.faults), files=files)

    def __reduce__(self) -> tuple[type[InvalidTables], tuple[tuple[TableFault, ...]]]:
        return type(self), (self.faults,)


class NotFound(KarvanError, LookupError):
    """A well-formed reference leads to nothing."""

    code = "not-found"
    exit_status = 2


class UnknownKey(NotFound):
    """No key has this id."""

    code = "unknown-key"


class UnknownJob(NotFound):
    """No job has this id."""

    code = "unknown-job"


class UnknownPlace(NotFound):
    """No place of the network answers to this name or code."""

    code = "unknown-place"


class UnknownQuote(NotFound):
    """No stored quote has this id."""

    code = "unknown-quote"


class UnknownClosure(NotFound):
    """No closure has this id."""

    code = "unknown-closure"


class UnknownPerson(NotFound):
    """No person has this id."""

    code = "unknown-person"


class NoRoute(NotFound):
    """No route joins the two places for this cargo at this time."""

    code = "no-route"


class NoRate(NotFound):
    """The tariff book has no rate for this cargo here."""

    code = "no-rate"


class Conflict(KarvanError):
    """Right in itself, but not in the present state."""

    code = "conflict"
    exit_status = 2


class CapacityExhausted(Conflict):
    """Too little capacity is free."""

    code = "capacity-exhausted"


class IdempotencyConflict(Conflict):
    """Something else was asked under this idempotency key."""

    code = "idempotency-conflict"


class JobConflict(Conflict):
    """The state of a job does not allow it."""

    code = "job-conflict"


class LeaseLost(Conflict):
    """A worker does not hold its job any more."""

    code = "lease-lost"


class QuoteConflict(Conflict):
    """Another answer is stored under the id of this quote."""

    code = "quote-conflict"


class StaleVersion(Conflict):
    """Somebody else changed the record first."""

    code = "stale-version"


class StillUnderWay(Conflict):
    """The same was asked a moment ago and is not answered yet."""

    code = "still-under-way"


class AccessRefused(KarvanError):
    """The caller may not do this."""

    code = "access-refused"
    exit_status = 2


class KeyRefused(AccessRefused):
    """There is no key, or it is not taken."""

    code = "key-refused"


class ScopeMissing(AccessRefused):
    """The key is taken, but is for something else."""

    code = "scope-missing"


class RuleViolation(KarvanError):
    """A regulation forbids it."""

    code = "rule-violation"
    exit_status = 2


class StoreUnavailable(KarvanError):
    """The store cannot be opened, read or written."""

    code = "store-unavailable"
    exit_status = 2


class StoreVersion(StoreUnavailable):
    """The tables of the store are of another version than this program's."""

    code = "store-version"


class VaultLocked(StoreUnavailable):
    """Personal data cannot be sealed or opened: the master key is missing or another one."""

    code = "vault-locked"


class StoreDamaged(KarvanError):
    """What the store gives back is not what was put into it."""

    code = "store-damaged"


class JournalBroken(StoreDamaged):
    """The journal does not fit together, or tells something else than what is kept."""

    code = "journal-broken"


class EngineError(KarvanError):
    """A computation gave no answer."""

    code = "engine-failed"


class Infeasible(EngineError):
    """No solution meets all constraints."""

    code = "infeasible"
    exit_status = 2


class LimitReached(EngineError):
    """A limit of time, size or number was reached before the answer."""

    code = "limit-reached"
    exit_status = 3


class NotReproduced(EngineError):
    """The same request, clock, tables and engine gave another answer than the stored one."""

    code = "not-reproduced"
