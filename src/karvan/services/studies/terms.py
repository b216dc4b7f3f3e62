"""What is asked of each kind of study beside its scenario, as it is kept, sent and read.

The same keys stand in a manifest, in the body of a request and in the parameters of a job.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from functools import cache
from math import isfinite
from typing import Any, Final, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from karvan.domain.errors import Fault, InvalidInput, InvalidRequest
from karvan.services.planning.investment_terms import COSTS, Terms

T = TypeVar("T")

#: Seconds the solver may take for one plan, unless told.
USUAL_LIMIT_S: Final = 600.0
PERCENT: Final = 100.0
_MOST_RUNS: Final = 10_000
#: Length of the test where a scenario has no event of its own.
DAYS: Final = 30


class StudyKind(StrEnum):
    """What can be asked."""

    PLAN = "plan"
    CONTINGENCY = "contingency"
    RESILIENCE = "resilience"
    INVEST = "invest"
    COMPARE = "compare"


def within(option: str, low: float | None = None, high: float | None = None) -> Mapping[str, Any]:
    """What a field says: the option of the command, and the ends of its numbers."""
    return {"option": option, "low": low, "high": high}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTerms:
    """Of a plan, and of two that are compared."""

    time_limit_s: float = field(default=USUAL_LIMIT_S, metadata=within("--time-limit", 0))
    runs: int = field(default=0, metadata=within("--runs", 0, _MOST_RUNS))
    seed: int = field(default=1, metadata=within("--seed", 0, 2**32 - 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class ContingencyTerms:
    """Of the outages of everything in turn."""

    time_limit_s: float = field(default=USUAL_LIMIT_S, metadata=within("--time-limit", 0))
    order: int = field(default=1, metadata=within("--order", 1, 2))
    by_year: bool = field(default=False, metadata=within("--by-year"))
    runs: int = field(default=0, metadata=within("--runs", 0, _MOST_RUNS))
    seed: int = field(default=1, metadata=within("--seed", 0, 2**32 - 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class ResilienceTerms:
    """Of recovering; without `days` and `first_day` from the events of the scenario."""

    time_limit_s: float = field(default=USUAL_LIMIT_S, metadata=within("--time-limit", 0))
    days: int | None = field(default=None, metadata=within("--days", 1, 3660))
    first_day: date | None = field(default=None, metadata=within("--from"))
    tolerance: float = field(default=0.01, metadata=within("--tolerance", 0, 1))
    runs: int = field(default=0, metadata=within("--runs", 0, _MOST_RUNS))
    seed: int = field(default=1, metadata=within("--seed", 0, 2**32 - 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestTerms:
    """Of what to build; no budget where none is told."""

    time_limit_s: float = field(default=USUAL_LIMIT_S, metadata=within("--time-limit", 0))
    first_year: int = field(default=2026, metadata=within("--from", 1990, 2100))
    last_year: int = field(default=2040, metadata=within("--until", 1990, 2100))
    rate_percent: float = field(default=8.0, metadata=within("--rate", -50, 100))
    growth_percent: float = field(default=1.0, metadata=within("--growth", -50, 50))
    every: float = field(default=10.0, metadata=within("--every", 1))
    budget_eur: float | None = field(default=None, metadata=within("--budget-eur", 0))
    budget_by_year_eur: float | None = field(
        default=None, metadata=within("--budget-by-year-eur", 0)
    )
    costs: str = field(default="middle", metadata={"option": "--costs", "of": COSTS})
    frontier: bool = field(default=False, metadata=within("--frontier"))
    runs: int = field(default=0, metadata=within("--runs", 0, _MOST_RUNS))
    seed: int = field(default=1, metadata=within("--seed", 0, 2**32 - 1))

    @property
    def money(self) -> Terms:
        """As the question has them; raises `InvalidInput` with every fault."""
        nothing = float("inf")
        return Terms(
            first_year=self.first_year,
            last_year=self.last_year,
            rate=self.rate_percent / PERCENT,
            growth=self.growth_percent / PERCENT,
            every=self.every,
            budget_eur=nothing if self.budget_eur is None else self.budget_eur,
            yearly_budget_eur=(
                nothing if self.budget_by_year_eur is None else self.budget_by_year_eur
            ),
            costs=self.costs,
        )


StudyTerms = PlanTerms | ContingencyTerms | ResilienceTerms | InvestTerms

#: What each kind of study is asked with.
TERMS: Final[Mapping[StudyKind, type[Any]]] = {
    StudyKind.PLAN: PlanTerms,
    StudyKind.CONTINGENCY: ContingencyTerms,
    StudyKind.RESILIENCE: ResilienceTerms,
    StudyKind.INVEST: InvestTerms,
    StudyKind.COMPARE: PlanTerms,
}


def keys_of(kind: type[Any]) -> tuple[str, ...]:
    """Names of the terms of a kind."""
    return tuple(each.name for each in fields(kind))


def told_terms(terms: Any) -> Mapping[str, float | int | str | bool]:
    """Terms as they are kept; what nobody told is left out."""
    told: dict[str, float | int | str | bool] = {}
    for each in fields(terms):
        value = getattr(terms, each.name)
        if value is not None:
            told[each.name] = value.isoformat() if isinstance(value, date) else value
    return told


def words_of(terms: Any) -> tuple[str, ...]:
    """Terms as words of a command line; what nobody told is left out."""
    words: list[str] = []
    for each in fields(terms):
        value = getattr(terms, each.name)
        if value == each.default:
            continue
        told = f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
        words += [each.metadata["option"], *(() if value is True else (told,))]
    return tuple(words)


def read_terms(kind: type[T], given: Mapping[str, object], pointer: str = "") -> T:
    """Read terms; keys that are none are left to the caller.

    Raises
    ------
    InvalidRequest
        With every fault, each with a pointer.
    """
    hints, faults, found = _hints(cast("Any", kind)), list[Fault](), dict[str, Any]()
    for each in fields(cast("Any", kind)):
        if each.name not in given:
            continue
        try:
            found[each.name] = _read(hints[each.name], each.metadata, given[each.name])
        except InvalidInput as error:
            faults.append(Fault.of(error, f"{pointer}/{each.name}"))
    if faults:
        raise InvalidRequest(faults)
    return kind(**found)


@cache
def _hints(kind: type[Any]) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _read(hint: Any, told: Mapping[str, Any], value: object) -> object:
    """A value of a kind; raises `InvalidInput` in words for whoever sent it."""
    if get_origin(hint) in {Union, types.UnionType}:
        if value is None:
            return None
        (hint,) = (each for each in get_args(hint) if each is not type(None))
    if hint is bool:
        if not isinstance(value, bool):
            raise InvalidInput("must be true or false")
        return value
    if hint is date:
        return _day(value)
    if hint is str:
        if value not in told["of"]:
            raise InvalidInput("must be one of these", known=told["of"])
        return value
    return _number(hint, value, told["low"], told["high"])


def _day(value: object) -> date:
    try:
        if isinstance(value, str):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise InvalidInput("must be a day", like="2026-12-03")


def _number(hint: type[Any], value: object, low: float | None, high: float | None) -> float:
    number = _plain_number(hint, value)
    ends = {name: end for name, end in (("least", low), ("most", high)) if end is not None}
    if number is None and hint is int:
        raise InvalidInput("must be a whole number", **ends)
    if number is None:
        raise InvalidInput("must be a number", **ends)
    if (low is not None and number < low) or (high is not None and number > high):
        raise InvalidInput("the number is out of range", **ends)
    return number


def _plain_number(hint: type[Any], value: object) -> float | None:
    """A number of a kind; None where it is none, or none that is finite."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int) and hint is int:
        return value
    if isinstance(value, int | float) and hint is float:
        try:
            return float(value) if isfinite(value) else None
        except OverflowError:
            return None
    return None
