"""Customs regimes as an automaton over segments.

A consignment is always under one regime: the export procedure of its origin, EAEU transit,
the national transit of Azerbaijan, the common transit of Georgia, Türkiye and the EU, and so
on. Crossing a border may open a new one, at a price, or keep the one that is open. Rules are
dated rows of `data/rules`; a use case turns those in force into this automaton.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: In `step`: under this regime the segment may not be used.
FORBIDDEN: Final = -1

#: In `refusal`: closed by the wish of who asks, which no lifting of rules opens.
CLOSED: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimeAutomaton:
    """Q regimes over S segments and P places.

    Attributes
    ----------
    states
        The Q names, in index order.
    start
        (P,) regime of goods that begin their way at a place.
    step
        (S, Q) regime after the segment, or `FORBIDDEN`.
    price
        (S, Q) micro: declarations and guarantees the segment calls for under each regime.
    refusal
        (S,) 0 where the segment is open to this cargo, else the number (from 1) of the rule
        that closes it; rules are listed by whoever made the automaton. `CLOSED` where nobody
        wants it.
    """

    states: tuple[str, ...]
    start: NDArray[np.int32]
    step: NDArray[np.int32]
    price: NDArray[np.int64]
    refusal: NDArray[np.int32]
