"""What is wrong with events, changes and contracts of a scenario, seen against a problem."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import numpy as np

from karvan.domain.errors import TableFault
from karvan.engines.planner.problem import PlanningProblem
from karvan.network.network import Network
from karvan.services.planning.changing import (
    SOLD,
    Draft,
    Setting,
    change_all,
    fleets_named,
    is_loss,
    link_arcs,
    loss_of,
    usual_capacity,
    volumes_at,
)
from karvan.services.planning.contract_faults import contradictions, unknown_contracts
from karvan.services.planning.laying import joints_of, touched
from karvan.services.planning.naming import nearest
from karvan.services.planning.scenario import Change, Kind, Scenario, Takes, What, covers
from karvan.services.planning.units import find_factor, find_per_day

#: Below this an amount is rounding.
_ROUNDING = 1e-9


def scenario_faults(
    problem: PlanningProblem, scenario: Scenario, setting: Setting
) -> Iterator[TableFault]:
    """Tell all that is wrong; the problem is without the events and changes of the scenario."""
    known = _Known(problem, setting.network)
    yield from _event_faults(scenario, known)
    wrong = False
    for change in scenario.change:
        for key, code, message in _change_faults(problem, change, known, setting):
            wrong = True
            where = f"change {change.number}, {key}"
            yield TableFault(change.file, None, where, code, message)
    yield from unknown_contracts(problem, scenario)
    if not wrong:
        yield from _amount_faults(problem, scenario, setting)


def unknown_names(
    problem: PlanningProblem, scenario: Scenario, setting: Setting
) -> Iterator[TableFault]:
    """Tell what events, changes and contracts name and nobody knows, whatever else is wrong."""
    known = _Known(problem, setting.network)
    yield from _event_faults(scenario, known)
    for change in scenario.change:
        for key, code, message in _name_faults(problem, change, known):
            where = f"change {change.number}, {key}"
            yield TableFault(change.file, None, where, code, message)
    for fault in unknown_contracts(problem, scenario):
        if fault.code.startswith("unknown-"):
            yield fault


class _Known:
    """Ids that may be named."""

    def __init__(self, problem: PlanningProblem, network: Network) -> None:
        arcs = {name for name in problem.arcs.ids if not name.endswith(SOLD)}
        self.commodities = problem.commodity_ids
        self.places = {str(each) for each in network.places}
        self.links = {str(each) for each in network.links} | arcs
        self.of_kind: Mapping[Kind, Collection[str]] = {
            Kind.LINK: self.links,
            Kind.PLACE: self.places,
            Kind.TERMINAL: problem.joints.ids,
            Kind.FLEET: [
                *problem.fleets.ids,
                *(f.rpartition(", ")[0] for f in _both_ways(problem)),
            ],
            Kind.TANK: problem.tanks.ids,
            Kind.CAP: problem.contracts.ids,
            Kind.OUTLET: [
                name.removesuffix(SOLD) for name in problem.arcs.ids if name.endswith(SOLD)
            ],
            Kind.SUPPLY: self._at(problem, problem.supplies.node, problem.supplies.ids),
            Kind.DEMAND: self._at(problem, problem.demands.node, problem.demands.ids),
            Kind.SEA: {level.sea for level in network.link_attributes.sea_levels},
        }

    @staticmethod
    def _at(
        problem: PlanningProblem,
        nodes: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
        ids: Collection[str],
    ) -> set[str]:
        return {problem.node_ids[node] for node in nodes} | set(ids)

    @property
    def assets(self) -> set[str]:
        """What an event may name."""
        of = self.of_kind
        limits = (*of[Kind.TERMINAL], *of[Kind.FLEET])
        return self.places | self.links | {*limits, *(name.partition(", ")[0] for name in limits)}


def _both_ways(problem: PlanningProblem) -> list[str]:
    """Fleets whose hours out and back are counted apart, by the name of both."""
    return [name.rpartition(", ")[0] for name in problem.fleets.ids if ", " in name]


def _event_faults(scenario: Scenario, known: _Known) -> Iterator[TableFault]:
    assets, fields = known.assets, known.of_kind[Kind.SUPPLY]
    for row, event in enumerate(scenario.event):
        # One of the table of disruptions may take what is not planned here.
        if event.source == f"disruptions:{event.id}":
            continue
        output = event.takes == Takes.OUTPUT
        if event.takes not in set(Takes):
            key, code = "takes", "unknown-word"
            words = f"one of {', '.join(Takes)} is expected"
        elif event.asset not in (fields if output else assets):
            key, code = "asset", "unknown-asset"
            words = "no field has this id" if output else "no link, place or terminal has this id"
            words += nearest(event.asset, fields if output else assets)
        elif not any(covers(event.commodity, kind) for kind in known.commodities):
            key, code = "commodity", "unknown-commodity"
            words = f"nothing of this name is moved{nearest(event.commodity, known.commodities)}"
        else:
            continue
        where = f"{scenario.told_at('event', row, event.id)}, {key}"
        yield TableFault(scenario.file, None, where, code, words)


def _change_faults(
    problem: PlanningProblem, change: Change, known: _Known, setting: Setting
) -> Iterator[tuple[str, str, str]]:
    """Key, code and message."""
    unknown = list(_name_faults(problem, change, known))
    if unknown:
        yield from unknown
        return
    network = setting.network
    tracks = joints_of(problem, change.asset, network)
    if is_loss(change):
        losses = setting.stands_for([loss_of(change, setting.whole)])
        if change.kind is not Kind.TERMINAL and not touched(problem, losses, network).any:
            yield change.kind, "not-planned", "nothing of this plan goes there"
        return
    if change.kind is Kind.LINK and change.asset not in problem.arcs.ids and not tracks:
        yield change.kind, "not-planned", "nothing of this plan goes over this link"
    if change.kind is Kind.PLACE and change.asset not in problem.node_ids and not tracks:
        yield change.kind, "not-planned", "nothing of this plan goes over this place"
    if change.kind is Kind.FLEET and change.unit == "ships" and change.asset not in setting.fleets:
        yield "unit", "unknown-unit", "how many ships it has is not told; scale is"
    if change.kind is Kind.TANK and (change.first_day or change.last_day):
        yield "from", "whole-time", "a tank is changed for all periods or for none"
    if not _opens_at_something(problem, change, setting):
        yield "value", "missing", "the tables tell no capacity of it: the value says how much"
    units = set(_units(problem, change, network))
    if not all(_fits(change, unit) for unit in units):
        words = f"it is counted in {' and '.join(sorted(units))}"
        yield "unit", "unknown-unit", words
    if len(units) > 1 and change.what in {What.SET, What.ADD}:
        yield "commodity", "missing", "there are several: the commodity says which"


def _name_faults(
    problem: PlanningProblem, change: Change, known: _Known
) -> Iterator[tuple[str, str, str]]:
    names = known.of_kind[change.kind]
    if change.asset not in names:
        words = f"no {change.kind} has this id{nearest(change.asset, names)}"
        yield change.kind, "unknown-asset", words
    if not any(covers(change.commodity, kind) for kind in problem.commodity_ids):
        words = f"nothing of this name is moved{nearest(change.commodity, problem.commodity_ids)}"
        yield "commodity", "unknown-commodity", words


def _opens_at_something(problem: PlanningProblem, change: Change, setting: Setting) -> bool:
    """Whether a link that is opened without a value gets one of the tables; others are well."""
    if change.kind is not Kind.LINK or change.what is not What.OPEN or change.value is not None:
        return True
    if joints_of(problem, change.asset, setting.network):
        return False
    units = [problem.arcs.unit[row] for row in link_arcs(problem, change.asset)]
    return all(usual_capacity(setting, change.asset, unit).any() for unit in units)


def _units(problem: PlanningProblem, change: Change, network: Network) -> Iterator[str]:
    """Units in which what a change touches is counted."""
    name = change.asset
    if change.what is What.PRICE:
        arcs, moved = set(link_arcs(problem, name)), problem.permissions
        for arc, kind in zip(moved.arc.tolist(), moved.commodity.tolist(), strict=True):
            if arc in arcs and covers(change.commodity, problem.commodity_ids[kind]):
                yield problem.commodity_units[kind]
        return
    if change.kind is Kind.LINK:
        yield from (problem.arcs.unit[row] for row in link_arcs(problem, name))
        yield from (problem.joints.unit[row] for row in joints_of(problem, name, network))
    for kind, ids, unit in (
        (Kind.TERMINAL, problem.joints.ids, problem.joints.unit),
        (Kind.TANK, problem.tanks.ids, problem.tanks.unit),
        (Kind.CAP, problem.contracts.ids, problem.contracts.unit),
    ):
        if kind is change.kind:
            yield from (u for each, u in zip(ids, unit, strict=True) if each == name)
    if change.kind in {Kind.SUPPLY, Kind.DEMAND}:
        told = problem.supplies if change.kind is Kind.SUPPLY else problem.demands
        rows = volumes_at(problem, change)
        yield from (problem.commodity_units[told.commodity[row]] for row in rows)


def _fits(change: Change, unit: str) -> bool:
    if change.value is None or change.what is What.SCALE:
        return True
    if change.what is What.PRICE:
        return find_factor(unit, "t") is not None
    if change.kind is Kind.TANK:
        return find_factor(change.unit, unit) is not None
    return find_per_day(change.value, change.unit, unit) is not None


def _amount_faults(
    problem: PlanningProblem, scenario: Scenario, setting: Setting
) -> Iterator[TableFault]:
    """Tell amounts that a change leaves below 0, and contracts that cannot be kept."""
    before = problem
    for change in scenario.change:
        after = change_all(before, [change], (), setting)
        draft = Draft(after)
        amounts = (draft.arcs, draft.joints, draft.hours, draft.tanks, draft.supplies)
        least = min(
            (float(each.min()) for each in (*amounts, draft.demands) if each.size), default=0
        )
        gone = change.kind is Kind.FLEET and change.what in {What.SET, What.ADD, What.SCALE}
        emptied = gone and _hours(after, change) <= _ROUNDING
        if least < -_ROUNDING or emptied:
            words = "no ship is left" if emptied else "less than nothing is left"
            where = f"change {change.number}, value"
            yield TableFault(change.file, None, where, "out-of-range", words)
            return
        before = after
    yield from contradictions(before, scenario)


def _hours(problem: PlanningProblem, change: Change) -> float:
    return min(
        float(hours.min()) for hours in problem.fleets.hours[fleets_named(problem, change.asset)]
    )
