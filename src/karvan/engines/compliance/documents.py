"""Documents and warnings of a route, from dated rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from karvan.engines.compliance.regimes import Opening
from karvan.network.in_force import in_force
from karvan.network.rules import DocumentRule


@dataclass(frozen=True, slots=True, kw_only=True)
class LegTrace:
    """One leg as the rules see it."""

    mode: str
    from_place: str
    to_place: str
    territories: tuple[str, ...]
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTrace:
    """One route as the rules see it.

    Attributes
    ----------
    places
        Every place passed, in order.
    sea_entries
        Place and territory of each entry by ship.
    """

    origin: str
    places: tuple[str, ...]
    legs: tuple[LegTrace, ...]
    openings: tuple[Opening, ...]
    sea_entries: tuple[tuple[str, str], ...]
    leaves_territory: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredDocument:
    """A document, where it is made or shown, why, and whose rule that is."""

    document: str
    where: str
    rule: str
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Something to know before booking."""

    code: str
    message: str
    rule: str
    source: tuple[str, ...]


def required_documents(
    rules: Iterable[DocumentRule],
    trace: RouteTrace,
    day: date,
    goods: Collection[str] = (),
) -> tuple[RequiredDocument, ...]:
    """Every document the route needs, in the order in which the route comes to its place.

    Parameters
    ----------
    goods
        Words that are true of the cargo (`goods.words_of`).
    """
    out: dict[tuple[str, str], RequiredDocument] = {}
    for rule in rules:
        if not in_force(rule.valid_from, rule.valid_to, day) or not _binds(rule.goods, goods):
            continue
        for where in _places(rule, trace):
            out.setdefault(
                (rule.document, where),
                RequiredDocument(
                    document=rule.document, where=where, rule=rule.rule, source=rule.source
                ),
            )
    order = {place: i for i, place in reversed(list(enumerate(trace.places)))}
    return tuple(sorted(out.values(), key=lambda each: order.get(each.where, len(order))))


def _places(rule: DocumentRule, trace: RouteTrace) -> list[str]:
    if rule.applies == "always":
        return [trace.origin]
    if rule.applies == "export":
        return [trace.origin] if trace.leaves_territory else []
    if rule.applies == "end":
        return [trace.places[-1]]
    if rule.applies == "opens":
        return [o.place for o in trace.openings if _binds(rule.territories, (o.territory,))]
    if rule.applies == "enters_by_sea":
        return [p for p, territory in trace.sea_entries if _binds(rule.territories, (territory,))]
    return _leg_starts(rule, trace.legs)


def _leg_starts(rule: DocumentRule, legs: Sequence[LegTrace]) -> list[str]:
    """Starts of the legs that need the document; one note covers legs that follow on."""
    starts: list[str] = []
    covered = False
    for leg in legs:
        needed = _binds(rule.modes, (leg.mode,)) and _binds(rule.territories, leg.territories)
        if needed and not covered:
            starts.append(leg.from_place)
        covered = needed
    return starts


def _binds(wanted: tuple[str, ...], have: Iterable[str]) -> bool:
    return wanted in ((), ("*",)) or bool(set(wanted) & set(have))
