"""The regime automaton: which customs regime goods are under along a route.

Goods begin under the procedure of their origin (`origin`). Over a border into a territory
they stay under the regime that is open if it is the one of that territory, and otherwise a
new one is opened, with a declaration. Common transit is one regime for all its parties, so
Georgia, Türkiye and the Union need one declaration between them once all are parties.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from karvan.network.in_force import in_force
from karvan.network.passages import Event, Segment
from karvan.network.places import Place, PlaceId
from karvan.network.regimes import RegimeAutomaton
from karvan.network.rules import RegimeRule

#: State of goods that have not crossed a customs border yet.
ORIGIN: Final = "origin"

#: In a rule: goods that are only transhipped here open no regime.
KEEPS: Final = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A regime opened at a place, by a procedure."""

    place: PlaceId
    territory: str
    regime: str
    procedure: str
    source: tuple[str, ...]


def rules_on(rules: Iterable[RegimeRule], day: date) -> Mapping[str, RegimeRule]:
    """The rule in force for each territory on a day; the newest where two overlap."""
    chosen: dict[str, RegimeRule] = {}
    for rule in rules:
        if in_force(rule.valid_from, rule.valid_to, day):
            known = chosen.get(rule.territory)
            if known is None or known.valid_from < rule.valid_from:
                chosen[rule.territory] = rule
    return chosen


def entries(segment: Segment, places: Mapping[PlaceId, Place]) -> tuple[tuple[PlaceId, str], ...]:
    """Places and territories entered over a customs border on a segment, in order."""
    return tuple(
        (element.place, places[element.place].customs_territory)
        for element in segment.elements
        if isinstance(element, Event) and element.activity == "border-entry"
    )


def openings(
    state: str,
    segment: Segment,
    places: Mapping[PlaceId, Place],
    rules: Mapping[str, RegimeRule],
) -> tuple[str, tuple[Opening, ...]]:
    """Regime after a segment, and what was opened on it."""
    opened = []
    for place, territory in entries(segment, places):
        rule = rules.get(territory)
        regime = rule.regime if rule is not None else territory
        if regime in (state, KEEPS):
            continue
        state = regime
        opened.append(
            Opening(
                place=place,
                territory=territory,
                regime=regime,
                procedure=rule.procedure if rule is not None else "National procedure",
                source=rule.source if rule is not None else (),
            )
        )
    return state, tuple(opened)


def compile_automaton(
    segments: Sequence[Segment],
    n_places: int,
    places: Mapping[PlaceId, Place],
    rules: Mapping[str, RegimeRule],
    price_micro: Callable[[PlaceId], int],
    refusal: Sequence[int],
) -> RegimeAutomaton:
    """Turn the rules of a day into the automaton the search reads.

    Parameters
    ----------
    price_micro
        Micro-units that opening a regime at a place costs.
    refusal
        (S,) number of the rule that closes each segment, 0 for none.
    """
    names = {rule.regime for rule in rules.values()} - {KEEPS}
    names.update(t for s in segments for _, t in entries(s, places) if t not in rules)
    states = (ORIGIN, *sorted(names))
    number = {name: q for q, name in enumerate(states)}
    step = np.zeros((len(segments), len(states)), dtype=np.int32)
    price = np.zeros((len(segments), len(states)), dtype=np.int64)
    for s, segment in enumerate(segments):
        if not entries(segment, places):
            step[s] = np.arange(len(states))
            continue
        for q, name in enumerate(states):
            after, opened = openings(name, segment, places, rules)
            step[s, q] = number[after]
            price[s, q] = sum(price_micro(each.place) for each in opened)
    return RegimeAutomaton(
        states=states,
        start=np.zeros(n_places, dtype=np.int32),
        step=step,
        price=price,
        refusal=np.array(refusal, dtype=np.int32),
    )
