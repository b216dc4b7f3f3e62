"""Routes that would be on the front were this cargo's rules lifted, and the rule that stops each.

The search runs once more with every rule lifted. Of its front on arrival and price those ways
are told that use something refused, each with the first rule met on the way, at most five.
A missing rate counts nothing there, so ways that call anywhere twice are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from karvan.domain.instants import from_minutes, render_instant
from karvan.engines.routing.front import Itinerary
from karvan.network.network import Network
from karvan.network.passages import Segment
from karvan.network.rules import RegimeRule
from karvan.services.quoting.answer import Refused
from karvan.services.quoting.corridor import Corridor
from karvan.services.quoting.filling import FilledTariffs
from karvan.services.quoting.refused import Rule
from karvan.services.quoting.reopenings import closure_in_words
from karvan.services.quoting.suspending import Suspension
from karvan.services.quoting.tariffs import NoRateFound, Tariffs
from karvan.services.quoting.trace import Leg, charges_of, legs_of

MOST: Final = 5


def segment_rules(
    corridor: Corridor, filled: FilledTariffs, denied: Mapping[int, Rule], accepted: str
) -> tuple[tuple[Rule, ...], tuple[int, ...]]:
    """Rules that close segments, and for each segment the number of its rule or 0.

    A closure counts before what the cargo may not do, and that before a missing rate.

    Parameters
    ----------
    denied
        By index of the segment, the rule that closes it to the cargo.
    """
    rules: list[Rule] = []
    numbers: list[int] = []
    for s, segment in enumerate(corridor.segments):
        rule = _closed(corridor.network, segment) or denied.get(s)
        if rule is None and s in filled.no_rate:
            rule = no_rate(filled.no_rate[s], accepted)
        if rule is None:
            numbers.append(0)
        else:
            rules.append(rule)
            numbers.append(len(rules))
    return tuple(rules), tuple(numbers)


def _closed(network: Network, segment: Segment) -> Rule | None:
    if not network.closed:
        return None
    for target in sorted({*segment.passes, str(segment.service)} & set(network.closed)):
        reason = network.closed[target]
        return Rule(
            code="closed",
            message=f"{target} is closed" + (f": {reason}" if reason else ""),
            facts={"closed": target, "reason": reason},
        )
    return None


def no_rate(found: NoRateFound, accepted: str) -> Rule:
    """Say that the book has no rate for a section."""
    kind = found.equipment.replace("_", " ").replace("/", " or ")
    if found.equipment.isdecimal():
        kind += " ft container"
    return Rule(
        code="no-rate",
        message=(
            f"{found.carrier} has no price for {_a(kind)} "
            f"from {found.from_place} to {found.to_place} on {accepted}"
        ),
        facts={
            "carrier": found.carrier,
            "from": found.from_place,
            "to": found.to_place,
            "equipment": found.equipment,
            "date": accepted,
        },
    )


def _a(kind: str) -> str:
    if kind.startswith(("bulk", "oil")):
        return f"{kind}"
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def refused_routes(
    corridor: Corridor,
    lifted: Sequence[Itinerary],
    tariffs: Tariffs,
    regime_rules: Mapping[str, RegimeRule],
    rules: Sequence[Rule],
    numbers: Sequence[int],
    accepted: str,
    suspension: Suspension | None = None,
) -> tuple[Refused, ...]:
    """Tell the refused ways of a front searched with the rules lifted, earliest first.

    Parameters
    ----------
    suspension
        What of the corridor, which is whole, does not go because something is closed.
    """
    told: dict[tuple[str, ...], Refused] = {}
    for itinerary in lifted:
        legs = legs_of(corridor, itinerary)
        if _turns_back(legs):
            continue
        first = None
        for c in itinerary.connections:
            number = numbers[int(corridor.connections.segment[c])]
            first = rules[number - 1] if number else _suspended(corridor, suspension, c)
            if first is not None:
                break
        if first is None:
            _, lacking, _ = charges_of(legs, tariffs, regime_rules)
            if not lacking:
                continue
            first = no_rate(lacking[0], accepted)
        family = corridor.family_of(itinerary.family)
        key = (first.code, first.message, family.id if family else "")
        told.setdefault(
            key,
            Refused(
                rule=first.code,
                message=first.message,
                corridor=family.id if family else "regional",
                places=_places(legs),
                facts=first.facts,
            ),
        )
    return tuple(told.values())[:MOST]


def _suspended(corridor: Corridor, suspension: Suspension | None, c: int) -> Rule | None:
    """The closure by which a connection does not go."""
    if suspension is None or not suspension.by[c]:
        return None
    closure = suspension.closures[int(suspension.by[c]) - 1]
    end = closure.reopening
    opens = {}
    if end is not None:
        instants = {"low": end.low_min, "likely": end.likely_min, "high": end.high_min}
        opens = {
            f"opens_{name}": render_instant(from_minutes(value)) for name, value in instants.items()
        }
    return Rule(
        code="closed" if closure.is_closed else "restricted",
        message=closure_in_words(corridor.network, closure),
        facts={
            "closed": closure.target,
            "reason": closure.cause,
            "closure": closure.id,
            "since": render_instant(from_minutes(closure.from_min)),
            **opens,
        },
    )


def _places(legs: Sequence[Leg]) -> tuple[str, ...]:
    return (legs[0].from_place, *(leg.to_place for leg in legs))


def _turns_back(legs: Sequence[Leg]) -> bool:
    """Say whether the way calls twice at one place."""
    calls = [leg.from_place for leg in legs[:1]]
    calls.extend(segment.to_place for leg in legs for segment in leg.segments)
    return len(set(calls)) < len(calls)
