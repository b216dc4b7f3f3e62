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
