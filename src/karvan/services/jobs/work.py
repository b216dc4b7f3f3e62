"""What a kind of job is: a function from the job under way to its result.

A kind does its work in parts. Each part that is finished is kept at once, and what was kept
before a worker was killed is there for the next one: a part is computed again only when it was
not kept. So that nothing is doubled, whatever a part does elsewhere must be the same when it is
done again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from karvan.domain.errors import KarvanError


class Work(Protocol):
    """A job under way, as its kind sees it."""

    @property
    def parameters(self) -> str:
        """The text of what it works on."""

    @property
    def parts(self) -> Mapping[int, str]:
        """What is finished, by number; of earlier attempts too."""

    def keep(self, number: int, content: str, *, total: int) -> None:
        """Keep a finished part, and tell progress.

        Raises
        ------
        Halt
            The work is to end here: it was cancelled, or the worker is asked to end.
        LeaseLost
            Another worker does it by now.
        """

    def forget(self) -> None:
        """Begin anew: remove every part; raises like `keep`."""


#: Gives the result; `GiveUp` and an error of the caller's are not tried again, any other is.
Kind = Callable[[Work], bytes]


class GiveUp(Exception):  # noqa: N818 - named by what it is: an order, not an error
    """The work failed, and would fail again: it is not tried once more.

    Parameters
    ----------
    why
        What it ended with.
    """

    def __init__(self, why: KarvanError) -> None:
        super().__init__(why)
        self.why = why


class Halt(Exception):  # noqa: N818 - named by what it is: an order, not an error
    """Work is to end before it is done."""
