"""JSON values that are the same in many answers, so that their text is written once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable


class Fixed(list[object]):
    """A list of JSON values that nobody changes.

    Attributes
    ----------
    texts
        Its text by the line break and indentation it stands at, filled by who writes it.
    """

    __slots__ = ("texts",)

    def __init__(self, values: Iterable[object] = ()) -> None:
        super().__init__(values)
        self.texts: dict[str, str] = {}


class FixedLists:
    """The lists made of the last objects asked about, told apart by identity.

    An object is held as long as its list, so that no other takes its address. Several threads
    may ask at once.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[int, tuple[object, Fixed]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, source: object, make: Callable[[], Iterable[object]]) -> Fixed:
        """Give the list of an object that never changes, made at the first question."""
        with self._lock:
            found = self._kept.get(id(source))
            if found is not None:
                self._kept.move_to_end(id(source))
                return found[1]
        made = Fixed(make())
        with self._lock:
            self._kept[id(source)] = (source, made)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made
