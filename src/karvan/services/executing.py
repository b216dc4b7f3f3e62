"""The `Executor` port: one pure function over many tasks, wherever they are done.

What a task gives may depend on the function, on what is shared and on the task alone: no clock, no
draw from a common stream, nothing kept from the task before. Then the answers are the same on one
process, on many and on Ray, and whoever asks need not know where they were made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import Protocol, TypeVar

Shared = TypeVar("Shared")
Task = TypeVar("Task")
Answer = TypeVar("Answer")


class ExecutorKind(StrEnum):
    """Where tasks are done."""

    INLINE = "inline"
    PROCESSES = "processes"
    RAY = "ray"


class Executor(Protocol):
    """Does tasks."""

    def map(
        self, function: Callable[[Shared, Task], Answer], shared: Shared, tasks: Sequence[Task]
    ) -> Iterator[Answer]:
        """Give the answers one by one, in the order of the tasks.

        Whoever stops asking, by an interrupt or by closing the iterator, ends the work: tasks that
        have not begun are dropped. So the answers in hand are those of the first tasks.

        Parameters
        ----------
        function
            A function of a module, so that another process finds it.
        shared
            What every task reads; it travels once to each worker.

        Raises
        ------
        KarvanError
            What the first failing task raised, as it raised it.
        LimitReached
            A worker has ended in the middle of a task.
        """
        ...


class Here:
    """The `Executor` port in this process, a task when it is asked for."""

    def map(
        self, function: Callable[[Shared, Task], Answer], shared: Shared, tasks: Sequence[Task]
    ) -> Iterator[Answer]:
        """Give the answers in the order of the tasks."""
        for task in tasks:
            yield function(shared, task)


class Executors(Protocol):
    """The port to the executors there are."""

    def open(self, kind: ExecutorKind, workers: int) -> Executor:
        """Give one; raises `InvalidInput` where what it needs is not installed."""
        ...
