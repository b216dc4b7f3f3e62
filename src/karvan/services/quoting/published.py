"""What a quote is made from: the published network, the tariff book, the emission factors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from karvan.domain.tariff import TariffBook
from karvan.engines.emissions.factors import EmissionFactor, HubFactor
from karvan.network.network import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One consistent set of tables; `factors` by link mode."""

    network: Network
    book: TariffBook
    factors: Mapping[str, EmissionFactor]
    hub: HubFactor
