"""The observations and the table of what answers them, the `ObservedSource` port on files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from typing import Final

from karvan.adapters.files.cells import Cells, build
from karvan.adapters.files.corridor_tables import read_file, shipped_attributes, shipped_data
from karvan.adapters.files.demand_tables import read_demand
from karvan.adapters.files.disruptions import shipped_disruptions
from karvan.adapters.files.freight_tables import read_freight
from karvan.domain.errors import InvalidTables, TableFault
from karvan.network.observations import Observation, Tag
from karvan.services.planning.validation import Comparison, ObservedTables, OutageCheck

NAME: Final = "comparisons.csv"
OUTAGES: Final = "outage_checks.csv"
#: Units in which goods are counted without saying which.
PIECES: Final = frozenset({"wagons", "vehicles", "trucks"})


class FileObserved:
    """The shipped tables, or those of a data folder."""

    def __init__(self, folder: Traversable | None = None) -> None:
        self._folder = folder

    def load(self) -> ObservedTables:
        """Read both tables; raises `InvalidTables` with every fault."""
        data = shipped_data() if self._folder is None else self._folder
        demand, faults = read_demand(data / "demand")
        rows, more = read_file(data / "planning", NAME, shipped_attributes("comparison"))
        made, yet_more = build(rows, _comparison)
        observations = tuple(entry.value for entry in demand.observations)
        lines = tuple(entry.value for entry in made)
        checks, of_checks = read_file(
            data / "planning", OUTAGES, shipped_attributes("outage_check")
        )
        outages, of_outages = build(checks, _outage)
        told = [*faults, *more, *yet_more, *of_checks, *of_outages, *_odd(observations, lines)]
        if told:
            raise InvalidTables(told)
        return ObservedTables(
            observations=observations,
            comparisons=lines,
            disruptions=shipped_disruptions(),
            freight=read_freight(),
            outages=tuple(entry.value for entry in outages),
        )


def is_of_a_route(row: Observation) -> bool:
    """Whether a row was observed and tells of goods, so that a line has to say what answers it.

    Goods are told by wagons, vehicles and trucks too, and by what grew.
    """
    told = row.commodity is not None or row.unit in PIECES or "growth" in row.quantity
    return row.tag is Tag.OBSERVED and told


def _comparison(cells: Cells) -> Comparison:
    return Comparison(
        observation=cells.text("observation"),
        plan=cells.text("plan"),
        counts=cells.flag("counts"),
        plus=cells.parts("plus"),
        minus=cells.parts("minus"),
        commodity=cells.text("commodity"),
        bbl_per_t=cells.maybe_number("bbl_per_t"),
        reason=cells.text("reason"),
        less=cells.parts("less"),
    )


def _outage(cells: Cells) -> OutageCheck:
    return OutageCheck(
        id=cells.text("id"),
        disruption=cells.text("disruption"),
        study=cells.whole("study"),
        kind=cells.text("kind"),
        links=cells.parts("links"),
        months=cells.parts("months"),
        told=cells.number("told"),
        low=cells.maybe_number("low"),
        high=cells.maybe_number("high"),
        unit=cells.text("unit"),
        fact=cells.parts("fact"),
        note=cells.text("note"),
    )


def _odd(
    observations: tuple[Observation, ...], lines: tuple[Comparison, ...]
) -> Iterator[TableFault]:
    """Tell lines without a row, rows without a line, and lines that say nothing."""
    wanted = {str(row.id) for row in observations if is_of_a_route(row)}
    known = {str(row.id): row for row in observations}
    happened = {name for name, row in known.items() if row.tag is Tag.OBSERVED}
    counted = Counter(line.observation for line in lines)

    def fault(observation: str, code: str, message: str) -> TableFault:
        return TableFault(NAME, None, observation, code, message)

    for name in sorted(wanted - set(counted)):
        yield fault(name, "missing-row", "no line says what answers this observation")
    for name, times in counted.items():
        if name not in happened:
            yield fault(name, "unknown-row", "no observation of what happened has this id")
        if times > 1:
            yield fault(name, "duplicate-id", "the id stands twice")
    for line in lines:
        for name in line.less:
            if name not in happened or known[name].period_to is None:
                yield fault(
                    line.observation, "unknown-row", f"no observation of a period is {name}"
                )
        if line.counts and not line.plus:
            yield fault(line.observation, "missing-value", "it counts, and no link answers it")
        if not line.counts and not line.reason:
            yield fault(
                line.observation, "missing-value", "it does not count, and nothing says why"
            )
