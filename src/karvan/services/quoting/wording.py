"""Words of a quote for people: modes, labels, charges and units, on screens and on paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: How modes are called, by the values of `karvan.network.links.Mode`.
MODES: Final[Mapping[str, str]] = {
    "rail": "Rail",
    "road": "Road",
    "rail_ferry": "Rail ferry",
    "roro": "Ro-ro ferry",
    "feeder": "Feeder",
    "deep_sea": "Deep sea",
    "tanker": "Tanker",
    "bulk": "Bulk ship",
    "chartered_ship": "Chartered ship",
    "pipeline": "Pipeline",
}

LABELS: Final[Mapping[str, str]] = {
    "best-balance": "best balance",
    "cheapest": "cheapest",
    "fastest": "fastest",
    "most-certain": "most certain",
    "least-co2e": "least CO2e",
    "avoids-ru": "not through Russia",
    "avoids-ir": "not through Iran",
}

CHARGES: Final[Mapping[str, str]] = {
    "HAUL": "Haul",
    "HANDLING": "Handling",
    "BORDER": "Border",
    "GAUGE": "Gauge change",
    "DECLARATION": "Transit declaration",
    "RETURN": "Empty return",
    "HIRE": "Hire of the unit",
    "CAP": "Cap",
    "FUEL": "Fuel surcharge",
    "STORM": "Storm surcharge",
    "GUARD": "Guard",
    "DANGER": "Dangerous goods",
}

#: What a quantity of each basis counts, as a price line says it; of one unit its kilometres.
BASES: Final[Mapping[str, str]] = {
    "container_km": "container-km",
    "wagon_km": "wagon-km",
    "vehicle_km": "vehicle-km",
    "teu": "TEU",
    "teu_km": "TEU-km",
    "tonne": "t",
    "tonne_km": "t-km",
    "gross_tonne_km": "gross t-km",
    "axle_km": "axle-km",
    "linear_metre": "m",
}

#: What a journey waits for or does, by the cause of a part of its time.
CAUSES: Final[Mapping[str, str]] = {
    "moving": "moving",
    "handling": "handling",
    "departure": "for departures",
    "border": "at borders",
    "weather": "for weather",
    "closed": "for offices",
    "queue": "in queues",
}
