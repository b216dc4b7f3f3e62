"""Words of a quote for people: modes, labels, charges and units, on screens and on paper."""

from __future__ import annotations

from typing import Final

from karvan.domain.identifiers.container_type import ContainerType
from karvan.services.words import Labels, phrase

#: How modes are called, by the values of `karvan.network.links.Mode`.
MODES: Final = Labels(
    "mode",
    {
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
    },
)

LABELS: Final = Labels(
    "label",
    {
        "best-balance": "best balance",
        "cheapest": "cheapest",
        "fastest": "fastest",
        "most-certain": "most certain",
        "least-co2e": "least CO2e",
        "avoids-ru": "not through Russia",
        "avoids-ir": "not through Iran",
    },
)

CHARGES: Final = Labels(
    "charge",
    {
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
    },
)

#: What a quantity of each basis counts, as a price line says it; of one unit its kilometres.
BASES: Final = Labels(
    "basis",
    {
        "container": "container",
        "wagon": "wagon",
        "vehicle": "vehicle",
        "axle": "axle",
        "flat": "flat",
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
    },
)

#: What a journey waits for or does, by the cause of a part of its time.
CAUSES: Final = Labels(
    "cause",
    {
        "moving": "moving",
        "handling": "handling",
        "departure": "for departures",
        "border": "at borders",
        "weather": "for weather",
        "closed": "for offices",
        "queue": "in queues",
    },
)

#: How currencies are called in the head of a quote; one without a name here by its code.
CURRENCIES: Final = Labels(
    "currency",
    {
        "AZN": "manat",
        "CHF": "Swiss francs",
        "CNY": "yuan",
        "EUR": "euros",
        "GEL": "lari",
        "KZT": "tenge",
        "TRY": "Turkish lira",
        "USD": "US dollars",
    },
)

#: What is done at a call, by the name of the activity.
ACTIVITIES: Final = Labels(
    "activity",
    {
        "transfer": "handling",
        "stop": "stop",
        "gauge-change": "gauge change",
        "border-exit": "border, leaving",
        "border-entry": "border, entering",
        "union-border": "border within the union",
        "slot": "waiting for a slot",
        "departure": "waiting for departure",
        "weather": "weather",
    },
)

#: What is closed while a journey waits, by the office.
OFFICES: Final = Labels(
    "office",
    {
        "customs": "customs closed",
        "border_rail": "border closed",
        "border_road": "border closed",
        "port": "port closed",
        "phyto": "plant inspection closed",
        "tunnel": "tunnel closed",
    },
)

#: What a quote is ranked by, where that is not the balance.
RANKED: Final = Labels(
    "rank",
    {
        "cheapest": "price",
        "fastest": "days, half of the time within",
        "surest": "how sure the days are",
        "least_co2e": "CO2e",
    },
)


def chance(share: float) -> str:
    """A share of journeys as a count of ten or fifty, never surer than 49 of 50."""
    if share < 1 / 50:
        return phrase("hardly")
    if share > 49 / 50:
        return phrase("almost surely")
    if 0.05 <= share <= 0.95:
        return phrase("{share} in 10", share=min(9, max(1, round(share * 10))))
    return phrase("{share} in 50", share=round(share * 50))


def container(code: str) -> str:
    """A type of container with its length; raises `InvalidContainerType`.

    >>> container("45G1")
    "45G1 (40' high cube)"
    """
    box = ContainerType.parse(code)
    if box.is_high_cube:
        return phrase("{code} ({feet}' high cube)", code=code, feet=box.length_ft)
    return f"{code} ({box.length_ft}')"


#: What a place is in the first line.
PLACE_KINDS: Final = Labels(
    "place-kind",
    {
        "border": "border",
        "chokepoint": "chokepoint",
        "dry_port": "dry port",
        "field": "field",
        "grain_origin": "grain origin",
        "industrial_origin": "industrial origin",
        "oil_station": "oil station",
        "oil_terminal": "oil terminal",
        "pump_station": "pump station",
        "rail_bottleneck": "rail bottleneck",
        "rail_ferry": "rail ferry",
        "rail_junction": "rail junction",
        "rail_terminal": "rail terminal",
        "refinery": "refinery",
        "seaport": "seaport",
        "uranium_mine": "uranium mine",
        "uranium_plant": "uranium plant",
    },
)

#: Whether a place, link or service can be used.
STATUSES: Final = Labels(
    "status",
    {
        "open": "open",
        "planned": "planned",
        "suspended": "suspended",
        "idle": "idle",
        "closed": "closed",
    },
)

#: Payees at a place that are no carriers.
PAYEES: Final = Labels("payee", {"terminal": "terminal", "customs": "customs", "lessor": "lessor"})

#: What held an amount up or down.
LIMITS: Final = Labels("limit", {"maximum": "maximum", "minimum": "minimum"})


def short_name(name: str) -> str:
    """A place as a chain calls it.

    >>> short_name("Alat port (Baku Port)"), short_name("Порт Алят (Бакинский порт)")
    ('Alat', 'Алят')
    """
    short = name.partition(" (")[0]
    return short.removesuffix(" port").removeprefix("Порт ") or name
