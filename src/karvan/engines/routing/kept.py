"""What is kept between questions: the newest few of anything, for many threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Values by key; of more than `limit` the one that nobody asked for longest goes.

    >>> kept = Kept[int](limit=2)
    >>> for n in (1, 2, 1, 3):
    ...     kept.put(n, n * n) if kept.find(n) is None else None
    >>> kept.find(1), kept.find(2), kept.find(3)
    (1, None, 9)
    """

    __slots__ = ("_limit", "_lock", "_values")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = Lock()
        self._values: OrderedDict[Hashable, Value] = OrderedDict()

    def find(self, key: Hashable) -> Value | None:
        """The value of a key, `None` where there is none."""
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def put(self, key: Hashable, value: Value) -> None:
        """Keep a value, in the place of any other of this key."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            if len(self._values) > self._limit:
                self._values.popitem(last=False)
