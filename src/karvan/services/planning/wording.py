"""Words of a plan for people: modes, kinds of limits and outages, units, columns, its subject.

What is kept in files and sent as JSON stays as it is; these stand on screens and pages.
"""

from __future__ import annotations

from typing import Final

from karvan.services.planning.scenario import OIL, Scenario
from karvan.services.words import Labels, phrase, spoken, tell_message

MODES: Final = Labels(
    "plan-mode",
    {
        "pipeline": "Pipeline",
        "tanker": "Tanker",
        "rail": "Rail",
        "rail_ferry": "Rail ferry",
        "roro": "Ro-ro",
        "road": "Road",
        "feeder": "Feeder",
        "deep_sea": "Deep sea",
        "bulk": "Bulk ship",
        "chartered_ship": "Chartered ship",
        "canal": "Canal",
    },
)

#: What can be out, by the kinds of an outage.
OUTAGES: Final = Labels(
    "outage",
    {
        "link": "link",
        "place": "place",
        "shared capacity": "shared capacity",
        "fleet": "whole fleet",
        "one ship": "one ship",
    },
)

#: What holds a plan back, by the family of the limit.
LIMITS: Final = Labels(
    "plan-limit",
    {
        "arc capacity": "capacity",
        "joint capacity": "shared capacity",
        "fleet hours": "hours of ships",
        "tank room": "room in tanks",
        "stock room": "room in yards",
        "ramp": "speed of change",
        "blend": "blend",
        "contract minimum": "contract, least",
        "contract cap": "contract, most",
        "minimum throughput": "least of a line",
        "line fill": "room in a line",
        "line kept full": "what is in a line stays",
        "line delivers": "nothing is drawn back from a line",
        "line filled first": "a line is filled first",
        "line filled before": "a line is full before it delivers",
        "under way": "what is under way arrives first",
    },
)

#: What a change of a scenario does.
CHANGES: Final = Labels(
    "plan-change",
    {
        "open": "opened at",
        "close": "closed",
        "set": "set to",
        "add": "more by",
        "scale": "times",
        "price": "priced at",
    },
)

#: Why something is out, by the causes of closures and disruptions.
CAUSES: Final = Labels(
    "outage-cause",
    {
        "storm": "storm",
        "ice": "ice",
        "low-water": "low water",
        "berth-out": "berth out",
        "accident": "accident",
        "maintenance": "maintenance",
        "strike": "strike",
        "embargo": "embargo",
        "order": "order of an authority",
        "war": "war",
        "power": "power failure",
        "congestion": "congestion",
        "commercial": "commercial reasons",
        "other": "other reasons",
        "what if": "what if",
    },
)

#: What the months of the oil are told of.
ROWS: Final = Labels(
    "plan-row",
    {
        "leaves by": "leaves by",
        "sold at": "sold at",
        "shut in at": "shut in at",
        "in tanks at": "in tanks at",
        "fills the line": "fills the line",
        "under way on": "under way on",
        "refined in Kazakhstan": "refined in Kazakhstan",
        "lost on the way": "lost on the way",
    },
)

#: Tables and fields of a scenario, in which two of them differ.
FIELDS: Final = Labels(
    "scenario-field",
    {
        "first_day": "first day",
        "last_day": "last day",
        "period": "length of a period",
        "periods": "periods",
        "parts": "what is planned",
        "freight": "freight",
        "year": "year",
        "event": "event",
        "change": "change",
        "contract": "contract",
        "supply": "supply",
        "demand": "demand",
        "outlet": "outlet",
        "rail": "rail",
        "terminal": "terminal",
        "tank": "tank",
        "fleet": "fleet",
        "cap": "cap",
        "leg": "leg",
        "charge": "charge",
        "rule": "rule",
        "ramp": "ramp",
        "quality": "quality",
        "least": "least",
        "line": "line",
        "prices": "prices",
        "mt_per_y": "Mt a year",
        "usd_t": "USD a tonne",
        "discount_usd_t": "discount, USD a tonne",
        "kt": "thousand t",
        "ships": "ships",
        "share": "share",
        "share_lost": "share lost",
        "value": "value",
        "months_to_full": "months to its whole",
        "freight scale titr": "freight of the route, times",
        "freight scale titr containers": "containers of the route, times",
        "titr_mt": "Mt of the route",
        "titr_containers_mt": "Mt of the route, growth in boxes",
    },
)

#: Carriers that are no firm.
CARRIERS: Final = Labels(
    "plan-carrier",
    {
        "liners": "liners",
        "hauliers": "hauliers",
        "various": "various",
        "various lines": "various lines",
        "spot": "ships of the day",
        "chartered": "chartered ships",
        "planned": "planned",
        "KMTF, Russian owners": "KMTF, Russian owners",
        "Turkmen merchant fleet": "Turkmen merchant fleet",
    },
)

#: Units of amounts, of capacities and of money.
UNITS: Final = Labels(
    "plan-unit",
    {
        "kt": "thousand t",
        "Mt": "Mt",
        "t": "t",
        "TEU": "TEU",
        "truck": "trucks",
        "train": "trains",
        "h": "h",
        "kt/d": "kt a day",
        "TEU/d": "TEU a day",
        "USD": "USD",
        "USD/t": "USD/t",
        "USD/t/d": "USD/t/d",
        "USD/h": "USD/h",
        "USD/TEU": "USD/TEU",
        "USD/truck": "USD/truck",
        "USD/train": "USD/train",
        "M USD": "M USD",
        "M EUR": "M EUR",
        "kt x % sulphur": "kt x % sulphur",
    },
)

GOODS: Final = Labels(
    "plan-good",
    {
        "containers": "containers",
        "empties": "empty containers",
        "grain": "grain",
        "general": "general cargo",
        "metals": "metals",
        "fertiliser": "fertiliser",
        "uranium": "uranium",
        "trucks": "trucks",
    },
)

#: From so many kilotonnes on an amount is told in Mt.
_KT_IN_MT: Final = 100.0


def unit(of: str) -> str:
    """A unit as people read it; one of ours that has no words stays as it is.

    >>> unit("kt"), unit("boxes")
    ('thousand t', 'boxes')
    """
    return UNITS.get(of, of)


def amount(value: float, of: str) -> str:
    """An amount with its unit: kilotonnes from a hundred up in Mt, all others as they are.

    >>> amount(5832.0, "kt"), amount(40.0, "kt"), amount(1200.0, "TEU")
    ('5.83 Mt', '40 thousand t', '1,200 TEU')
    """
    number = spoken().number
    if of == "kt" and abs(value) >= _KT_IN_MT:
        return f"{number(value / 1000, 2)} {UNITS['Mt']}"
    return f"{number(value, 0)} {unit(of)}"


def mode(of: str) -> str:
    """A mode within a sentence; what is none stays as it is.

    >>> mode("rail_ferry"), mode("sale")
    ('rail ferry', 'sale')
    """
    return MODES[of].lower() if of in MODES else of


def limit(family: str) -> str:
    """The kind of a limit."""
    return LIMITS.get(family, family)


def cause(of: str) -> str:
    """Why something is out: a cause of the tables, or what a scenario says.

    >>> cause("low-water"), cause("a ship across the canal")
    ('low water', 'a ship across the canal')
    """
    return CAUSES[of] if of in CAUSES else tell_message(of)


def about(scenario: Scenario) -> str:
    """Title and subject of a scenario, two sentences."""
    return f"{title(scenario)}. {subject(scenario)}."


def title(scenario: Scenario) -> str:
    """What a scenario is called, in the language of the reader where it is a shipped one."""
    return tell_message(scenario.title)


def subject(scenario: Scenario) -> str:
    """What is planned: the oil of its base, the freight of its year, or both on the same tracks."""
    oil, freight = OIL in scenario.parts, scenario.freight
    if freight is None:
        return tell_message(scenario.base.title)
    if oil:
        return phrase(
            "{oil}, and the freight of {year}",
            oil=tell_message(scenario.base.title),
            year=freight.year,
        )
    return phrase("The freight of {year}", year=freight.year)
