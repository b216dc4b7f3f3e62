"""A scenario read with every fault told at once: of its form, and of what it names."""

from __future__ import annotations

from collections.abc import Mapping

from karvan.domain.errors import InvalidTables
from karvan.network.network import Network
from karvan.services.planning.oil import name_faults_of
from karvan.services.planning.scenario import Scenario, Scenarios


def read_whole(
    scenarios: Scenarios, given: str | Mapping[str, object], network: Network
) -> Scenario:
    """Read a scenario, by name, from a file or as it was sent; every fault is told at once.

    Raises
    ------
    NotFound
        There is none of that name.
    InvalidTables
        Faults of its form, and with them what it names and the network does not have.
    """
    try:
        return scenarios.read(given) if isinstance(given, str) else scenarios.parse(given)
    except InvalidTables as error:
        named = scenarios.naming(given)
        if named is None:
            raise
        told = {fault.column for fault in error.faults}
        more = [each for each in name_faults_of(network, named) if each.column not in told]
        raise InvalidTables([*error.faults, *more]) from None
