"""What may be asked of a study over HTTP, read from one JSON object with every fault at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from karvan.domain.errors import Fault, InvalidInput, InvalidRequest, InvalidTables
from karvan.network.network import Network
from karvan.services.planning.scenario import Scenario, Scenarios, bounds_of

if TYPE_CHECKING:
    from karvan.services.studies.terms import StudyTerms

#: Kinds of studies; the first is meant where none is named.
STUDIES: Final = ("plan", "contingency", "resilience", "invest", "compare")
INVEST: Final = "invest"
#: Kinds whose page tells what one more failure would cost.
FAILING: Final = ("plan", "compare")
#: Seconds the solver may take for one plan, at most: a job that shows no progress for an hour
#: counts as hung.
LONGEST_LIMIT_S: Final = 1200.0

_COMMON: Final = ("kind", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A study that is asked for.

    Attributes
    ----------
    scenarios
        Name and text of the file of each; two where they are compared.
    terms
        As a manifest has them.
    situation
        Whether what is closed is laid over the last scenario.
    failures
        Whether the page tells what one more failure would cost.
    """

    kind: str
    scenarios: tuple[tuple[str, str], ...]
    terms: Mapping[str, object]
    situation: bool
    failures: bool


def question_of(body: Mapping[str, object], scenarios: Scenarios, network: Network) -> Question:
    """Read a question.

    Raises
    ------
    InvalidRequest
        With every fault, each with a pointer.
    """
    # The terms of studies come with NumPy; a server that is asked for none does without.
    from karvan.services.studies.terms import TERMS, StudyKind, keys_of, read_terms, told_terms

    kind = body.get("kind", STUDIES[0])
    if kind not in STUDIES:
        fix = "one of " + ", ".join(STUDIES)
        raise InvalidRequest([Fault("not-found", "no such kind of study", "/kind", fix=fix)])
    wanted = TERMS[StudyKind(kind)]
    subjects = ("a", "b") if kind == "compare" else ("scenario",)
    flags = ("situation", "failures") if kind in FAILING else ("situation",)
    faults = unknown(body, (*_COMMON, *flags, *subjects, *keys_of(wanted)), "")
    read: list[Scenario] = []
    texts: list[tuple[str, str]] = []
    terms: StudyTerms | None = None
    for name in subjects:
        with gathering(faults):
            scenario, text = _scenario(body.get(name), scenarios, network, f"/{name}")
            read.append(scenario)
            texts.append(text)
    with gathering(faults):
        terms = read_terms(wanted, body)
        _check_terms(terms, read)
    faults += [
        Fault("invalid-input", "must be true or false", f"/{flag}")
        for flag in flags
        if not isinstance(body.get(flag, False), bool)
    ]
    if faults or terms is None:
        raise InvalidRequest(faults)
    return Question(
        kind=str(kind),
        scenarios=tuple(texts),
        terms=told_terms(terms),
        situation=bool(body.get("situation", False)),
        failures=bool(body.get("failures", True)),
    )


def _check_terms(terms: StudyTerms, read: list[Scenario]) -> None:
    """What a field by itself does not show; raises `InvalidRequest`."""
    from karvan.services.studies.terms import DAYS, InvestTerms, ResilienceTerms

    faults: list[Fault] = []
    if terms.time_limit_s > LONGEST_LIMIT_S:
        beyond = InvalidInput("the number is out of range", least=0, most=LONGEST_LIMIT_S)
        faults.append(Fault.of(beyond, "/time_limit_s"))
    if isinstance(terms, InvestTerms):
        try:
            _ = terms.money
        except InvalidInput as error:
            faults.append(Fault.of(error, "/last_year"))
    if isinstance(terms, ResilienceTerms) and read:
        bounds = bounds_of(read[0])
        first = terms.first_day or bounds[len(bounds) // 3]
        asked = terms.days is not None or terms.first_day is not None
        last = first + timedelta(days=(terms.days or DAYS) - 1)
        if asked and not bounds[0] <= first <= last < bounds[-1]:
            outside = InvalidInput(
                "the days do not lie within the scenario",
                begins=str(bounds[0]),
                ends=str(bounds[-1] - timedelta(days=1)),
            )
            pointer = "/days" if terms.first_day is None else "/first_day"
            faults.append(Fault.of(outside, pointer))
    if faults:
        raise InvalidRequest(faults)


def _scenario(
    given: object, scenarios: Scenarios, network: Network, pointer: str
) -> tuple[Scenario, tuple[str, str]]:
    """A scenario that can be planned, and its text.

    Raises
    ------
    InvalidRequest
        No shipped scenario has the name, or what was sent has faults: all of them.
    """
    from karvan.services.planning.oil import faults_of
    from karvan.services.planning.read_whole import read_whole

    if isinstance(given, str):
        known = scenarios.known()
        if given not in known:
            fix = "one of " + ", ".join(known)
            raise InvalidRequest(
                [Fault("not-found", "no scenario has this name", pointer, fix=fix)]
            )
    elif not isinstance(given, Mapping):
        words = "must be the name of a scenario, or an object"
        raise InvalidRequest([Fault("invalid-input", words, pointer)])
    try:
        found = read_whole(scenarios, given, network)
        faults = list(faults_of(network, found))
    except InvalidTables as error:
        faults = list(error.faults)
    if faults:
        raise InvalidRequest(
            [Fault(each.code, each.message, _pointer(pointer, each.column)) for each in faults]
        )
    return found, scenarios.text(given) if isinstance(given, str) else scenarios.text_of(given)


def unknown(body: Mapping[str, object], known: Sequence[str], pointer: str) -> list[Fault]:
    """Tell the fields of an object that are not known."""
    fix = "one of " + ", ".join(known)
    return [
        Fault("unknown-field", "no such field", f"{pointer}/{name}", fix=fix)
        for name in body
        if name not in known
    ]


@contextmanager
def gathering(faults: list[Fault]) -> Iterator[None]:
    """Keep the faults of what is read here, and go on with the rest."""
    try:
        yield
    except InvalidRequest as error:
        faults += error.faults


def _pointer(pointer: str, where: str) -> str:
    """Pointer of a place in a file.

    >>> _pointer("/scenario", "event 2, asset")
    '/scenario/event/1/asset'
    """
    table, _, key = where.rpartition(", ")
    name, _, number = table.partition(" ")
    steps = [name, str(int(number) - 1)] if number.isdecimal() else [name]
    return "/".join([pointer, *filter(None, [*steps, key])])
