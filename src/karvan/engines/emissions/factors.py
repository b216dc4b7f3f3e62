"""Emission factors: how much CO2e a tonne-kilometre or a tonne handled stands for.

Every factor is well to wheel (WTW): energy provision plus operation. Default factors already
contain empty running; nothing is added for the way back. Factors are decimals, so that a
published figure is what is computed with.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from karvan.domain.errors import InvalidInput


@dataclass(frozen=True, slots=True, kw_only=True)
class EmissionFactor:
    """CO2e of one mode of transport, in grams a tonne-kilometre.

    Attributes
    ----------
    key
        Row of the factor table, such as `uk-rail-freight`.
    mode
        Kind of vehicle the factor was made for: `rail`, `road`, `ship`...
    wtw_g_per_tkm
        Well to wheel, >= 0.
    low_g_per_tkm, high_g_per_tkm
        Range of the figure; None where the source gives none, then the figure stands for both.
    ttw_g_per_tkm
        The part of operation alone (tank to wheel); None where the source does not part it.
    basis
        Assessment report whose 100-year warming potentials it is built on: `AR5`, `AR6` or
        `unknown`. A chain may mix them and then says so.
    source
        Key of `data/sources.toml`.
    estimate
        Whether the figure is recalled or assumed rather than read in a table.
    """

    key: str
    mode: str
    wtw_g_per_tkm: Decimal
    low_g_per_tkm: Decimal | None = None
    high_g_per_tkm: Decimal | None = None
    ttw_g_per_tkm: Decimal | None = None
    basis: str
    source: str
    estimate: bool

    def __post_init__(self) -> None:
        _check(self.key, self.low_g_per_tkm, self.wtw_g_per_tkm, self.high_g_per_tkm)
        ttw = self.ttw_g_per_tkm
        if ttw is not None and not 0 <= ttw <= self.wtw_g_per_tkm:
            raise InvalidInput("operation is a part of well to wheel", factor=self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class HubFactor:
    """CO2e of handling at a terminal or port, in kilograms a tonne.

    `low_kg_per_t`, `high_kg_per_t`, `basis`, `source` and `estimate` as in `EmissionFactor`.
    """

    key: str
    wtw_kg_per_t: Decimal
    low_kg_per_t: Decimal | None = None
    high_kg_per_t: Decimal | None = None
    basis: str
    source: str
    estimate: bool

    def __post_init__(self) -> None:
        _check(self.key, self.low_kg_per_t, self.wtw_kg_per_t, self.high_kg_per_t)


def _check(key: str, low: Decimal | None, value: Decimal, high: Decimal | None) -> None:
    figures = [figure for figure in (low, value, high) if figure is not None]
    if not all(figure.is_finite() and figure >= 0 for figure in figures):
        raise InvalidInput("emission factors are finite and >= 0", factor=key)
    if figures != sorted(figures):
        raise InvalidInput("a range holds its figure", factor=key)
