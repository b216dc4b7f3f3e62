"""CO2e of a transport chain by leg and by hub, after ISO 14083.

`chain` gives the footprint of a shipment; `leg_co2e_g` and `hub_co2e_g` its parts, for who
compares routes before there is a chain.
"""

from __future__ import annotations

from karvan.engines.emissions.factors import EmissionFactor, HubFactor
from karvan.engines.emissions.footprint import (
    Co2e,
    Footprint,
    Hub,
    HubFootprint,
    Leg,
    LegFootprint,
    chain,
    hub_co2e_g,
    leg_co2e_g,
)

__all__ = [
    "Co2e",
    "EmissionFactor",
    "Footprint",
    "Hub",
    "HubFactor",
    "HubFootprint",
    "Leg",
    "LegFootprint",
    "chain",
    "hub_co2e_g",
    "leg_co2e_g",
]
