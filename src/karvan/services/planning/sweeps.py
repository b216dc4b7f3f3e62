"""Many scenarios planned, each a task of its own: `sweep(executor, network, scenarios)`.

A task is a scenario; what all share is the network and the options of the solver. So a sweep gives
the same studies on one process, on many and on Ray, in the order of the scenarios.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from karvan.engines.planner.solving import SolverOptions
from karvan.network.network import Network
from karvan.services.executing import Executor
from karvan.services.planning.scenario import Scenario
from karvan.services.planning.study import Study, study


def sweep(
    executor: Executor,
    network: Network,
    scenarios: Sequence[Scenario],
    options: SolverOptions | None = None,
) -> Iterator[Study]:
    """Plan scenarios, in their order.

    Raises
    ------
    InvalidTables
        A scenario names what is not there.
    LimitReached
        The solver came to its time limit, or a worker has ended.
    """
    yield from executor.map(_planned, (network, options), scenarios)


def _planned(shared: tuple[Network, SolverOptions | None], scenario: Scenario) -> Study:
    network, options = shared
    return study(network, scenario, options)
