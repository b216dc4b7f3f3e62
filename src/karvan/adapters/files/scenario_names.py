"""What a scenario with faults in its form still names, so that its names are told with them.

Rows that cannot be read stand as rows that name what they name and take nothing; periods that
cannot be read are a month of the year of the base. None of this is ever planned.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from karvan.domain.errors import KarvanError
from karvan.services.planning.base import OIL_YEARS
from karvan.services.planning.scenario import (
    Change,
    Event,
    Kind,
    RouteContract,
    Scenario,
    Takes,
    What,
)

#: Keys that say on what names are: without them nobody knows what may be named.
_GROUND: Final = ("base", "extends", "rail", "parts", "freight")
_WHEN: Final = ("first_month", "months", "first_day", "periods", "period")


def named_in(
    table: Mapping[str, Any], read: Callable[[Mapping[str, Any]], Scenario]
) -> Scenario | None:
    """Give a scenario that names what a faulty one names; None where its ground has faults.

    Parameters
    ----------
    read
        Reads a table as the file of the scenario; raises `KarvanError`.
    """
    ground = {key: table[key] for key in _GROUND if key in table} | {"title": "names"}
    found = None
    for when in ({key: table[key] for key in _WHEN if key in table}, _usual(table)):
        try:
            found = read({**ground, **when})
            break
        except KarvanError:
            continue
    if found is None:
        return None
    rows = {name: _rows(table, name) for name in ("event", "change", "contract")}
    return replace(
        found,
        event=tuple(_event(found, row) for row in rows["event"]),
        change=tuple(
            each
            for number, row in enumerate(rows["change"], 1)
            if (each := _change(found, row, number)) is not None
        ),
        contract=(*found.contract, *(_contract(row) for row in rows["contract"])),
        above={**found.above, "event": 0, "contract": len(found.contract)},
    )


def _usual(table: Mapping[str, Any]) -> Mapping[str, object]:
    """A month of the year of the base; of what a scenario extends, its own periods."""
    year = OIL_YEARS.get(_text(table, "base"))
    return {} if year is None else {"first_month": f"{year}-01", "months": 1}


def _rows(table: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    given = table.get(name, [])
    whole = isinstance(given, list) and all(isinstance(row, Mapping) for row in given)
    return given if whole else []


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key, "")
    return value if isinstance(value, str) else ""


def _event(found: Scenario, row: Mapping[str, Any]) -> Event:
    takes = _text(row, "takes") or Takes.CAPACITY.value
    return Event(
        id=_text(row, "id"),
        asset=_text(row, "asset"),
        first_day=found.first_day,
        last_day=found.first_day,
        share_lost=0.0,
        cause="",
        source=_text(row, "source"),
        commodity=_text(row, "commodity"),
        takes=takes,
    )


def _change(found: Scenario, row: Mapping[str, Any], number: int) -> Change | None:
    named = [kind for kind in Kind if kind.value in row]
    if len(named) != 1:
        return None
    return Change(
        kind=named[0],
        asset=_text(row, named[0].value),
        what=What.CLOSE,
        commodity=_text(row, "commodity"),
        source="",
        file=found.file,
        number=number,
    )


def _contract(row: Mapping[str, Any]) -> RouteContract:
    return RouteContract(
        id=_text(row, "id"),
        link=_text(row, "link"),
        commodity=_text(row, "commodity"),
        source="",
    )
