"""Tariff arrays of one cargo, as the search reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from karvan.domain.errors import InvalidInput
from karvan.network.passages import Segment
from karvan.network.places import PlaceId
from karvan.network.tariff_arrays import MICRO_PER_UNIT, NATIONAL, NO_RATE, STAYS, TariffArrays
from karvan.services.quoting.tariffs import (
    Charges,
    NoRateFound,
    Tariffs,
    Zone,
    missing,
    total_of,
)

_COLUMNS: Final = 5

#: Largest charge of one way, so that sums over a way stay in 64 bits.
MOST_MICRO: Final = 2**55


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledTariffs:
    """Tariff arrays with the names behind their indices.

    Attributes
    ----------
    zones
        Zone of each index (Z,).
    no_rate
        By segment index, the first way on board that the book has no rate for.
    on_request
        Whether some carrier's price is on request; `arrays` holds them at nothing where it was
        filled with `requests`, and closes them where it was not.
    no_handling
        (P, M + 1, M + 1) hand-overs from mode to mode that the book has no rate for.
    """

    arrays: TariffArrays
    zones: tuple[Zone, ...]
    no_rate: Mapping[int, NoRateFound]
    on_request: bool
    no_handling: NDArray[np.bool_]


def fill_tariffs(tariffs: Tariffs, *, requests: bool = False) -> FilledTariffs:
    """Fill the arrays the search reads; the same charges make the price lines later.

    Parameters
    ----------
    requests
        Keep ways whose price is on request open, at nothing; else they are closed.
    """
    corridor = tariffs.corridor
    zones = tuple(sorted(tariffs.points_by_zone, key=lambda zone: (zone.carrier, zone.equipment)))
    number = {zone: i for i, zone in enumerate(zones)}
    size = len(corridor.places)
    asked = _Asked(requests)
    matrix = np.full((len(zones), size, size), NO_RATE, dtype=np.int64)
    for zone, z in number.items():
        for start, end in tariffs.pairs(zone):
            micro = asked.price(tariffs.haul(zone, start, end))
            if micro != NO_RATE:
                ends = corridor.index[PlaceId(start)], corridor.index[PlaceId(end)]
                matrix[z, *ends] = micro
    systems = len(tariffs.systems)
    columns = np.zeros((_COLUMNS, systems, len(corridor.segments)), dtype=np.int64)
    no_rate: dict[int, NoRateFound] = {}
    for s, segment in enumerate(corridor.segments):
        for system in range(systems):
            lacking, values = _segment(tariffs, segment, system, number, asked)
            columns[:, system, s] = values
            if system == NATIONAL and lacking is not None:
                no_rate[s] = lacking
    handling = _transfer_prices(tariffs, systems)
    return FilledTariffs(
        arrays=TariffArrays(
            leaves_zone=columns[0].astype(np.int32),
            exit_place=columns[1].astype(np.int32),
            through_price=columns[2],
            enters_zone=columns[3].astype(np.int32),
            entry_place=columns[4].astype(np.int32),
            charge=matrix,
            transfer_price=np.maximum(handling, 0),
            system_of_zone=_system_of_zone(tariffs, zones),
        ),
        zones=zones,
        no_rate=no_rate,
        on_request=asked.met,
        no_handling=handling[NATIONAL] == NO_RATE,
    )


@dataclass(slots=True)
class _Asked:
    """Prices as the search sees them; notes whether one was on request."""

    open: bool
    met: bool = False

    def price(self, found: Charges | None) -> int:
        if found is None:
            return NO_RATE
        if any(each.on_request for each in found):
            self.met = True
            if not self.open:
                return NO_RATE
        total = total_of(found)
        if total > MOST_MICRO:
            raise InvalidInput(
                "the shipment is too large for one quote in this currency; divide it",
                most=MOST_MICRO // MICRO_PER_UNIT,
            )
        return total


def _segment(
    tariffs: Tariffs, segment: Segment, system: int, number: Mapping[Zone, int], asked: _Asked
) -> tuple[NoRateFound | None, tuple[int, ...]]:
    """Columns of one segment under one system, and the first way that has no rate."""
    index = tariffs.corridor.index
    parts = tariffs.stretches(segment, system)
    first, last = parts[0], parts[-1]
    on_board = tariffs.on_board(segment, system)
    lacking = tariffs.missing_at(segment.from_place) if on_board is None else None
    through = total_of(on_board or ())
    for middle in parts[1:-1]:
        micro = asked.price(tariffs.haul(middle.zone, middle.from_place, middle.to_place))
        if micro == NO_RATE:
            lacking = lacking or missing(middle.zone, middle.from_place, middle.to_place)
        else:
            through += micro
    if lacking is not None and system != NATIONAL:
        through = NO_RATE
    exit_place = index[first.to_place] if len(parts) > 1 else STAYS
    entry_place = index[last.from_place] if len(parts) > 1 else STAYS
    return lacking, (number[first.zone], exit_place, through, number[last.zone], entry_place)


def _system_of_zone(tariffs: Tariffs, zones: Sequence[Zone]) -> NDArray[np.int32]:
    of_joint = {
        joint.id: system for system, joint in enumerate(tariffs.systems) if joint is not None
    }
    return np.array([of_joint.get(zone.carrier, NATIONAL) for zone in zones], dtype=np.int32)


def _transfer_prices(tariffs: Tariffs, systems: int) -> NDArray[np.int64]:
    corridor = tariffs.corridor
    shape = (systems, len(corridor.places), corridor.gate + 1, corridor.gate + 1)
    prices = np.zeros(shape, dtype=np.int64)
    for place, a, b in corridor.handovers:
        for system in range(systems):
            found = tariffs.handling(corridor.places[place], a, b, system)
            prices[system, place, a, b] = NO_RATE if found is None else total_of(found)
    return prices
