"""Which executor stands behind which name."""

from __future__ import annotations

from karvan.adapters.executors.on_ray import RayExecutor
from karvan.adapters.executors.processes import ProcessExecutor
from karvan.services.executing import Executor, ExecutorKind


class LocalExecutors:
    """The `Executors` port on this machine."""

    def open(self, kind: ExecutorKind, workers: int) -> Executor:
        """Give one; raises `InvalidInput` where Ray is asked for and not installed."""
        if kind is ExecutorKind.RAY:
            return RayExecutor(workers)
        return ProcessExecutor(1 if kind is ExecutorKind.INLINE else workers)
