"""Tasks on Ray: a cluster of this machine alone, started for one piece of work and ended after it.

Ray comes with the extra `karvan[ray]` and takes seconds to start. No dashboard, no report of use
to anyone, loopback addresses only, a token of its own, as many workers as were asked for.
"""

from __future__ import annotations

import os
import secrets
import sys
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final

from karvan.domain.errors import InvalidInput, KarvanError, LimitReached
from karvan.services.executing import Answer, Shared, Task

#: Bytes of memory for what tasks share; Ray would take a third of the machine.
_SHARED_BYTES: Final = 512 * 1024 * 1024
#: How often Ray is started: on a machine with much to do its half a minute may pass once.
_STARTS: Final = 2
_LONGEST_REASON: Final = 300
#: Tasks handed out for each worker: one is at work, the next one waits beside it.
_AHEAD: Final = 2
#: What Ray reads before it is imported. The third makes it listen on loopback addresses alone, on
#: every system; an address given to `init` is replaced by one that others reach.
_SETTINGS: Final = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_AUTH_MODE": "token",
}


class RayExecutor:
    """The `Executor` port on Ray."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._ray = _import_ray()

    def map(
        self, function: Callable[[Shared, Task], Answer], shared: Shared, tasks: Sequence[Task]
    ) -> Iterator[Answer]:
        """Give the answers in the order of the tasks."""
        if not tasks:
            return
        ray = self._ray
        try:
            with _cluster(ray, self._workers):
                remote = ray.remote(max_retries=0)(_answer).remote
                work = ray.put((function, shared))
                waiting = iter(tasks)
                first = islice(waiting, self._workers * _AHEAD)
                under_way = deque(remote(work, task) for task in first)
                while under_way:
                    found = ray.get(under_way.popleft())
                    under_way.extend(remote(work, task) for task in islice(waiting, 1))
                    if isinstance(found, KarvanError):
                        raise found
                    yield found
        except ray.exceptions.WorkerCrashedError:
            raise LimitReached("a process at work has ended; memory may be short") from None


@contextmanager
def _cluster(ray: Any, workers: int) -> Iterator[None]:
    """Start a cluster whose processes find the modules that this one finds, and end it."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    try:
        _start(ray, workers)
        yield
    finally:
        ray.shutdown()
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before


def _start(ray: Any, workers: int) -> None:
    """Start the cluster; raises `LimitReached` where this machine gives it no room or time."""
    for attempt in range(1, _STARTS + 1):
        try:
            ray.init(
                num_cpus=workers,
                num_gpus=0,
                include_dashboard=False,
                object_store_memory=_SHARED_BYTES,
                configure_logging=False,
                log_to_driver=False,
            )
        except Exception as error:  # noqa: BLE001 - Ray raises plain ones where it does not start
            ray.shutdown()
            if attempt < _STARTS:
                continue
            reason = " ".join(str(error).split())[:_LONGEST_REASON]
            raise LimitReached(
                "Ray did not start on this machine; --executor processes needs less",
                reason=reason,
                starts=_STARTS,
                memory_mib=_SHARED_BYTES // 2**20,
            ) from None
        else:
            return


def _import_ray() -> Any:
    os.environ.update(_SETTINGS, RAY_AUTH_TOKEN=secrets.token_hex(32))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import ray
    except ImportError:
        words = "Ray is not installed; it comes with the extra `ray`"
        raise InvalidInput(words, install="pip install 'karvan[ray]'") from None
    return ray


def _answer(work: tuple[Callable[[Any, Any], Any], Any], task: Any) -> Any:
    """Do a task; an error of ours is given back as it is, for Ray would wrap it."""
    function, shared = work
    try:
        return function(shared, task)
    except KarvanError as error:
        return error
