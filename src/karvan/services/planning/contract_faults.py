"""What is wrong with the contracts of a scenario: ways they do not have, promises not to be kept.

A contract that the limits of the network, or another contract, cannot let be kept is a fault: what
falls short of it is priced, and the price would be told as if somebody had chosen it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from karvan.domain.errors import TableFault
from karvan.engines.planner.problem import PlanningProblem
from karvan.services.planning.changing import contract_permissions
from karvan.services.planning.naming import nearest
from karvan.services.planning.scenario import RouteContract, Scenario

#: Below this an amount is rounding.
_ROUNDING = 1e-9


def unknown_contracts(problem: PlanningProblem, scenario: Scenario) -> Iterator[TableFault]:
    """Tell contracts told twice, and those on ways or of commodities that are not planned."""
    known = set(problem.contracts.ids) | set(problem.joints.ids) | set(problem.fleets.ids)
    for row, contract in enumerate(scenario.contract):
        if contract.id in known:
            words = "a contract, cap or limit has this id already"
            yield _fault(scenario, row, "id", "told-twice", words)
        known.add(contract.id)
        if any(True for _ in contract_permissions(problem, contract)):
            continue
        words = "no way on it carries this commodity in kt"
        if contract.link not in problem.arcs.ids:
            words = f"no link has this id{nearest(contract.link, problem.arcs.ids)}"
        yield _fault(scenario, row, "link", "unknown-asset", words)


def contradictions(problem: PlanningProblem, scenario: Scenario) -> Iterator[TableFault]:
    """Tell what is promised beyond what capacity, caps and the other contracts let through.

    Parameters
    ----------
    problem
        With the changes of the scenario made, and without its contracts.
    """
    found = [(each, set(contract_permissions(problem, each))) for each in scenario.contract]
    for row, (contract, permissions) in enumerate(found):
        key, code = "least_kt", "contradiction"
        most = sum(_most(problem, each) for each in permissions)
        if permissions and contract.least_kt > most + _ROUNDING:
            words = f"the least is above what the link and its caps let through, {most:.0f} kt"
            yield _fault(scenario, row, key, code, words)
            continue
        wider = [other for other, rows in found if permissions <= rows and other is not contract]
        for other in wider:
            if other.most_kt is not None and contract.least_kt > other.most_kt + _ROUNDING:
                words = f"the least is above the most of contract {other.id}"
                yield _fault(scenario, row, key, code, words)
        apart = [each for each, rows in found[:row] if rows and not rows & permissions]
        apart = [other for other in apart if other.link == contract.link]
        promised = contract.least_kt + sum(other.least_kt for other in apart)
        room = _room(problem, contract)
        if apart and permissions and promised > room + _ROUNDING:
            names = ", ".join(other.id for other in apart)
            words = f"with {names} more is promised than the link lets through, {room:.0f} kt"
            yield _fault(scenario, row, key, code, words)


def _fault(scenario: Scenario, row: int, key: str, code: str, words: str) -> TableFault:
    where = f"{scenario.told_at('contract', row, scenario.contract[row].id)}, {key}"
    return TableFault(scenario.file, None, where, code, words)


def _room(problem: PlanningProblem, contract: RouteContract) -> float:
    """Capacity of the link in all periods."""
    rows = [row for row, name in enumerate(problem.arcs.ids) if name == contract.link]
    return float(problem.arcs.capacity[rows].sum())


def _most(problem: PlanningProblem, permission: int) -> float:
    """The most that may go in all periods: by capacity and what caps leave in each, or in all."""
    permissions, contracts = problem.permissions, problem.contracts
    by_period = problem.arcs.capacity[permissions.arc[permission]].copy()
    in_all = math.inf
    uses = contracts.uses
    for row in uses.row[uses.permission == permission]:
        first, most = int(contracts.first[row]), float(contracts.most[row])
        if first == contracts.last[row]:
            by_period[first] = min(by_period[first], most)
        else:
            in_all = min(in_all, most)
    return min(in_all, float(by_period.sum()))
