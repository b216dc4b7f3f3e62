"""Ways found: what each is, how they are ordered, and how they are read from the labels.

Letters as in `karvan.engines.routing.front`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from karvan.domain.errors import InvalidInput
from karvan.engines.routing.layout import (
    CALL,
    CO2E,
    LABEL,
    MINUTE,
    NEXT,
    PARENT,
    PRICE,
    SIZE,
    SPREAD,
    START,
    STATE,
    Ask,
    Found,
    Int64s,
)

if TYPE_CHECKING:
    from karvan.engines.routing.checks import Corridor


@dataclass(frozen=True, slots=True, kw_only=True)
class Itinerary:
    """One way from gate to gate.

    Attributes
    ----------
    connections
        All connections in order. Where one is the `previous` of the next, the cargo stays on
        board between them.
    systems
        Tariff system each of them is ridden under; with the connections it says what every
        charge is (`TariffArrays`).
    arrives_min
        At the gate of `destination`, in minutes since 1970.
    price_micro, co2e_g, spread_min
        Sums over the way, the closing charge included.
    family
        Union of the bit sets of its segments.
    regime
        Index of the customs regime at the end.
    """

    connections: tuple[int, ...]
    systems: tuple[int, ...]
    origin: int
    destination: int
    arrives_min: int
    price_micro: int
    co2e_g: int
    spread_min: int
    family: int
    regime: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """The answer, ascending by arrival, price, CO2e, spread, connections.

    Attributes
    ----------
    itineraries
        For every family bit set the Pareto set on the criteria asked for.
    bounded
        The label limit was reached: itineraries may be missing, those given are real.
    labels
        Labels kept, a measure of the work; depends on the implementation.
    """

    itineraries: tuple[Itinerary, ...]
    bounded: bool
    labels: int


def pareto(itineraries: Iterable[Itinerary], criteria: int = 2) -> tuple[Itinerary, ...]:
    """Drop what another itinerary matches or beats, whatever its corridor family.

    `criteria` as in `FrontQuery`. Of equal ones the fewest connections stay, then the
    lexicographically smallest connections, then systems. The order is that of `Front`.
    """
    check_criteria(criteria)
    kept: list[tuple[tuple[int, ...], Itinerary]] = []
    ranked = sorted(
        ((_amounts(i)[:criteria], _tie(i), i) for i in itineraries),
        key=lambda row: row[:2],
    )
    for amounts, _, itinerary in ranked:
        # What covers an itinerary stands before it.
        if not any(all(a <= b for a, b in zip(other, amounts, strict=True)) for other, _ in kept):
            kept.append((amounts, itinerary))
    return tuple(sorted((itinerary for _, itinerary in kept), key=rank))


def rank(
    itinerary: Itinerary,
) -> tuple[int, int, int, int, tuple[int, ...], tuple[int, ...]]:
    """Order of the itineraries of a `Front`."""
    return (*_amounts(itinerary), itinerary.connections, itinerary.systems)


def _tie(itinerary: Itinerary) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
    """Order of itineraries with equal amounts."""
    return len(itinerary.connections), itinerary.connections, itinerary.systems


def _amounts(itinerary: Itinerary) -> tuple[int, int, int, int]:
    return (
        itinerary.arrives_min,
        itinerary.price_micro,
        itinerary.co2e_g,
        itinerary.spread_min,
    )


def check_criteria(criteria: int) -> None:
    """Refuse any number of criteria but those the search knows."""
    if criteria not in {2, 4}:
        raise InvalidInput("criteria are 2 or 4", criteria=criteria)


def read_front(found: Found, corridor: Corridor, ask: Ask) -> Front:
    """Read what stands in the buckets at the gate."""
    segments, segment = corridor.segments, corridor.connections.segment
    regime_bits = (1 << (ask.family_shift - ask.regime_shift)) - 1
    itineraries = []
    for entry in _at_gate(found, found.head):
        state = int(found.labels[entry[LABEL], STATE])
        way, systems = _way(found.labels, entry[LABEL], ask.system_bits)
        itineraries.append(
            Itinerary(
                connections=way,
                systems=systems,
                origin=int(segments.from_place[segment[way[0]]]),
                destination=int(segments.to_place[segment[way[-1]]]),
                arrives_min=entry[MINUTE],
                price_micro=entry[PRICE],
                co2e_g=entry[CO2E],
                spread_min=entry[SPREAD],
                family=state >> ask.family_shift,
                regime=(state >> ask.regime_shift) & regime_bits,
            )
        )
    return Front(
        itineraries=tuple(sorted(itineraries, key=rank)),
        bounded=found.bounded,
        labels=found.n_labels,
    )


def _at_gate(found: Found, bucket: int) -> Iterator[list[int]]:
    while bucket >= 0:
        start, size = found.buckets[bucket, START], found.buckets[bucket, SIZE]
        yield from found.entries[start : start + size].tolist()
        bucket = int(found.buckets[bucket, NEXT])


def _way(labels: Int64s, label: int, bits: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Connections and systems of the way that ends in a label."""
    backwards = []
    while labels[label, PARENT] >= 0:
        backwards.append(int(labels[label, CALL]))
        label = int(labels[label, PARENT])
    calls = backwards[::-1]
    return tuple(call >> bits for call in calls), tuple(call & ((1 << bits) - 1) for call in calls)
