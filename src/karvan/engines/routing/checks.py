"""What the search refuses: columns that do not fit each other.

Every column is looked at once per query; the whole costs a few microseconds a column.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from karvan.domain.errors import InvalidInput
from karvan.engines.routing.bounds import LARGEST_AMOUNT
from karvan.engines.routing.compiled import compiled, frozen
from karvan.network.activity_times import NO_TRANSFER, ActivityTimes, FootprintArrays
from karvan.network.indexed import ConnectionArrays, SegmentArrays
from karvan.network.regimes import CLOSED, FORBIDDEN, RegimeAutomaton
from karvan.network.tariff_arrays import NATIONAL, NO_RATE, STAYS, TariffArrays

Column = NDArray[np.signedinteger]


class Corridor(NamedTuple):
    """All columns of one search."""

    segments: SegmentArrays
    connections: ConnectionArrays
    tariffs: TariffArrays
    regimes: RegimeAutomaton
    times: ActivityTimes
    footprints: FootprintArrays


class Sizes(NamedTuple):
    """The letters, as numbers."""

    places: int
    modes: int
    services: int
    segments: int
    zones: int
    regimes: int
    systems: int


@compiled
def _extremes(column: NDArray[np.signedinteger]) -> tuple[int, int]:
    low, high = column[0], column[0]
    for value in column:
        low = min(low, value)
        high = max(high, value)
    return low, high


def _check_kind(
    name: str, column: Column, dtype: type[np.signedinteger], shape: tuple[int, ...]
) -> None:
    if column.dtype != dtype or column.shape != shape:
        raise InvalidInput(
            "a column has the wrong type or shape",
            column=name,
            type=str(column.dtype),
            expected_type=np.dtype(dtype).name,
            shape=column.shape,
            expected_shape=shape,
        )


def _check_range(name: str, column: Column, low: int, high: int) -> None:
    if column.size == 0:
        return
    smallest, largest = _extremes(frozen(column.reshape(-1)))
    if smallest < low or largest > high:
        wrong = np.argwhere((column < low) | (column > high))
        raise InvalidInput(
            "a column has values out of range",
            column=name,
            low=low,
            high=high,
            rows=wrong[:20].tolist(),
            wrong_values=len(wrong),
        )


def _check_indices(name: str, column: Column, shape: tuple[int, ...], low: int, count: int) -> None:
    _check_kind(name, column, np.int32, shape)
    _check_range(name, column, low, count - 1)


def _check_amounts(name: str, column: Column, shape: tuple[int, ...], low: int = 0) -> None:
    _check_kind(name, column, np.int64, shape)
    _check_range(name, column, low, LARGEST_AMOUNT)


def check_columns(corridor: Corridor, checked: Corridor | None = None) -> Sizes:
    """Refuse columns of the wrong type, shape or range; give the sizes.

    `checked` has passed before: what is the same object in it is not looked at again, if the
    numbers of places, modes, services and segments are the same. The timetable's order is
    checked by `karvan.engines.routing.timetable.survey`.

    Raises
    ------
    InvalidInput
        Naming the column and the rows.
    """
    segments, connections, tariffs, regimes, times, footprints = corridor
    if (tariffs.charge.ndim, times.transfer_min.ndim, tariffs.leaves_zone.ndim) != (3, 3, 2):
        raise InvalidInput(
            "charge and transfer_min have three dimensions, leaves_zone has two",
            charge_shape=tariffs.charge.shape,
            transfer_min_shape=times.transfer_min.shape,
            leaves_zone_shape=tariffs.leaves_zone.shape,
        )
    if tariffs.leaves_zone.shape[0] == 0:
        raise InvalidInput("there is no tariff system, not even the national one")
    sizes = _sizes(corridor)
    if checked is not None and _sizes(checked)[:4] != sizes[:4]:
        checked = None
    if checked is None or segments is not checked.segments:
        _check_segments(segments, connections, sizes)
    if checked is None or tariffs is not checked.tariffs:
        _check_tariffs(tariffs, sizes)
    if checked is None or regimes is not checked.regimes:
        _check_regimes(regimes, sizes)
    if checked is None or times is not checked.times:
        _check_times(times, footprints, sizes)
    return sizes


def _sizes(corridor: Corridor) -> Sizes:
    segments, _, tariffs, regimes, times, _ = corridor
    return Sizes(
        places=regimes.start.size,
        modes=times.transfer_min.shape[1] - 1,
        services=times.cutoff_min.size,
        segments=segments.service.size,
        zones=tariffs.charge.shape[0],
        regimes=len(regimes.states),
        systems=tariffs.leaves_zone.shape[0],
    )


def _check_segments(segments: SegmentArrays, connections: ConnectionArrays, sizes: Sizes) -> None:
    shape = (sizes.segments,)
    _check_indices("service", segments.service, shape, 0, sizes.services)
    _check_indices("from_place", segments.from_place, shape, 0, sizes.places)
    _check_indices("to_place", segments.to_place, shape, 0, sizes.places)
    _check_indices("mode", segments.mode, shape, 0, sizes.modes)
    _check_kind("family", segments.family, np.int64, shape)
    _check_range("family", segments.family, 0, 2**62 - 1)
    length = connections.departs_min.shape
    _check_kind("segment", connections.segment, np.int32, length)
    _check_kind("previous", connections.previous, np.int32, length)
    _check_kind("departs_min", connections.departs_min, np.int64, length)
    _check_kind("arrives_min", connections.arrives_min, np.int64, length)
    # They ascend, which `survey` checks.
    _check_range("departs_min", connections.departs_min[:1], -LARGEST_AMOUNT, LARGEST_AMOUNT)


def _check_tariffs(tariffs: TariffArrays, sizes: Sizes) -> None:
    shape = (sizes.systems, sizes.segments)
    _check_indices("leaves_zone", tariffs.leaves_zone, shape, 0, sizes.zones)
    _check_indices("exit_place", tariffs.exit_place, shape, STAYS, sizes.places)
    _check_indices("enters_zone", tariffs.enters_zone, shape, 0, sizes.zones)
    _check_indices("entry_place", tariffs.entry_place, shape, -1, sizes.places)
    _check_amounts("through_price", tariffs.through_price, shape, NO_RATE)
    _check_amounts("charge", tariffs.charge, (sizes.zones, sizes.places, sizes.places), NO_RATE)
    at_transfers = (sizes.systems, *_at_transfers(sizes))
    _check_amounts("transfer_price", tariffs.transfer_price, at_transfers)
    _check_indices("system_of_zone", tariffs.system_of_zone, (sizes.zones,), 0, sizes.systems)
    stays = tariffs.exit_place == STAYS
    changes = tariffs.leaves_zone != tariffs.enters_zone
    wrong = (stays & changes) | (~stays & (tariffs.entry_place == -1))
    if wrong.any():
        raise InvalidInput(
            "a segment stays in its zone, or leaves it at a place and enters one at a place",
            segments=np.unique(np.nonzero(wrong)[1])[:20].tolist(),
        )
    _check_systems(tariffs, sizes)


def _check_systems(tariffs: TariffArrays, sizes: Sizes) -> None:
    zones = np.bincount(tariffs.system_of_zone, minlength=sizes.systems)
    if (zones[NATIONAL + 1 :] != 1).any():
        raise InvalidInput("each joint tariff has one zone", zones=zones.tolist())
    row = np.arange(sizes.systems)[:, np.newaxis]
    for zone in (tariffs.leaves_zone, tariffs.enters_zone):
        system = tariffs.system_of_zone[zone]
        wrong = (system != NATIONAL) & (system != row)
        if wrong.any():
            raise InvalidInput(
                "a segment is charged under one tariff system by the zone of another",
                systems_and_segments=np.argwhere(wrong)[:20].tolist(),
            )


def _check_regimes(regimes: RegimeAutomaton, sizes: Sizes) -> None:
    shape = (sizes.segments, sizes.regimes)
    _check_indices("start", regimes.start, (sizes.places,), 0, sizes.regimes)
    _check_indices("step", regimes.step, shape, FORBIDDEN, sizes.regimes)
    _check_amounts("price", regimes.price, shape)
    _check_indices("refusal", regimes.refusal, shape[:1], CLOSED, 2**31)


def _check_times(times: ActivityTimes, footprints: FootprintArrays, sizes: Sizes) -> None:
    shape = _at_transfers(sizes)
    _check_amounts("transfer_min", times.transfer_min, shape, NO_TRANSFER)
    _check_amounts("transfer_spread_min", times.transfer_spread_min, shape)
    _check_amounts("cutoff_min", times.cutoff_min, (sizes.services,))
    _check_amounts("board_spread_min", times.board_spread_min, (sizes.services,))
    _check_amounts("segment_spread_min", times.segment_spread_min, (sizes.segments,))
    _check_amounts("segment_g", footprints.segment_g, (sizes.segments,))
    _check_amounts("transfer_g", footprints.transfer_g, shape)


def _at_transfers(sizes: Sizes) -> tuple[int, int, int]:
    return sizes.places, sizes.modes + 1, sizes.modes + 1
