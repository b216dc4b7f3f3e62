"""Flows: what went over each link, by commodity and period; one shape for plans and simulations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowTable:
    """n rows, each an amount that left the tail of a link in a period.

    Attributes
    ----------
    link, commodity, period
        (n,) positions in the ids below.
    amount
        (n,) in the unit of the commodity; rows of nothing are left out.
    """

    link_ids: tuple[str, ...]
    commodity_ids: tuple[str, ...]
    commodity_units: tuple[str, ...]
    period_ids: tuple[str, ...]
    link: NDArray[np.int64]
    commodity: NDArray[np.int64]
    period: NDArray[np.int64]
    amount: NDArray[np.float64]

    def total(self, link_id: str, commodity_id: str) -> float:
        """Sum over the periods; 0 where nothing went."""
        link, commodity = self.link_ids.index(link_id), self.commodity_ids.index(commodity_id)
        chosen = (self.link == link) & (self.commodity == commodity)
        return float(self.amount[chosen].sum())
