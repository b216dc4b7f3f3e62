"""The freight of a study in the terminal: corridors, crossings, what stays, what binds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from karvan.services.words import phrase, spoken, tell_message

if TYPE_CHECKING:
    from rich.console import Console

    from karvan.interfaces.cli.options import Session
    from karvan.network.network import Network
    from karvan.services.planning.freight_telling import Carried, FreightTold
    from karvan.services.planning.route_prices import RoutePrice
    from karvan.services.planning.scenario import Scenario

#: Crossings and limits that are drawn, the heaviest and the dearest; goods that change corridors.
CROSSINGS, LIMITS, MOVED = 24, 12, 16
#: Less than this of a unit is rounding.
_SOME = 0.5


def draw_freight(console: Console, told: FreightTold, named: Callable[[str], str]) -> None:
    """Tables of the freight over all periods; `named` gives a link or place its names."""
    from karvan.interfaces.cli.network_pages import table
    from karvan.services.planning.wording import GOODS, limit, unit

    number = spoken().number
    console.print("Freight by corridor, all periods:")
    made = table("", "amount", "unit", "thousand t", "kt CO2e", numbers=_NUMBERS)
    for corridor, rows in _grouped(told.corridors):
        kt, co2e = sum(row.kt for row in rows), sum(row.co2e_kt for row in rows)
        made.add_row(_corridor(corridor), "", "", number(kt, 0), number(co2e, 0))
        for row in rows:
            cells = (number(row.amount, 0), unit(row.unit), number(row.kt, 0))
            made.add_row(f"  {GOODS.get(row.good, row.good)}", *cells, number(row.co2e_kt, 0))
    console.print(made)
    _draw_moved(console, told)
    console.print("Over borders and the sea:")
    made = table("", "amount", "unit", "thousand t", numbers=_NUMBERS)
    for crossing, rows in _grouped(told.crossings)[:CROSSINGS]:
        made.add_row(named(crossing), "", "", number(sum(row.kt for row in rows), 0))
        for row in (each for each in rows if each.amount >= _SOME):
            cells = (number(row.amount, 0), unit(row.unit), number(row.kt, 0))
            made.add_row(f"  {GOODS.get(row.good, row.good)}", *cells)
    console.print(made)
    _draw_left(console, told, named)
    _draw_yards(console, told, named)
    if told.bound:
        console.print("One more of a limit is worth, in 1000 USD, on average where it binds:")
        made = table("limit", "of", "periods", "worth", "for a", numbers=("periods", "worth"))
        for each in told.bound[:LIMITS]:
            of = named(each.of)
            cells = (f"{each.periods}", number(each.worth, 2), unit(each.unit))
            made.add_row(limit(each.limit), of, *cells)
        console.print(made)


_NUMBERS = ("amount", "thousand t", "kt CO2e")


def _corridor(of: str) -> str:
    from karvan.services.planning.freight_telling import WITHIN

    return phrase("within the region") if of == WITHIN else tell_message(of)


def _draw_moved(console: Console, told: FreightTold) -> None:
    """What goes by another corridor than it would without the events or changes."""
    from karvan.interfaces.cli.network_pages import table
    from karvan.services.planning.wording import GOODS, unit

    if not told.moved:
        return
    numbers, number = ("with", "without", "difference"), spoken().number
    console.print("What goes by another corridor than it would:")
    made = table("", "corridor", *numbers, "unit", numbers=numbers)
    for row in told.moved[:MOVED]:
        shift = row.told - row.usual
        signed = f"{'+' if shift > 0 else '-'}{number(abs(shift), 0)}"
        amounts = number(row.told, 0), number(row.usual, 0), signed
        made.add_row(GOODS.get(row.good, row.good), _corridor(row.where), *amounts, unit(row.unit))
    console.print(made)


def _draw_left(console: Console, told: FreightTold, named: Callable[[str], str]) -> None:
    from karvan.interfaces.cli.network_pages import table
    from karvan.services.planning.wording import GOODS, unit

    rows = [row for row in told.left if max(row.unserved, row.waits, row.late) >= _SOME]
    if not rows:
        console.print("Everything that is asked for goes.")
        return
    waits = any(max(row.waits, row.late) >= _SOME for row in rows)
    console.print("What comes late, waits or stays behind:" if waits else "What stays behind:")
    columns = ("late", "waits") if waits else ()
    heads = ("asked", *columns, "stays")
    made = table("", "from", "to", *heads, "unit", numbers=heads)
    for row in rows:
        ends = named(row.origin), named(row.destination)
        amounts = (row.late, row.waits) if waits else ()
        cells = (spoken().number(each, 0) for each in (row.asked, *amounts, row.unserved))
        made.add_row(GOODS.get(row.good, row.good), *ends, *cells, unit(row.unit))
    console.print(made)


def _draw_yards(console: Console, told: FreightTold, named: Callable[[str], str]) -> None:
    """What waits in yards at the end of each month in which something does."""
    from karvan.interfaces.cli.network_pages import table
    from karvan.services.planning.wording import unit

    yards = [row for row in told.yards if max(row.held) >= _SOME]
    if not yards:
        return
    told_in = [t for t in range(len(told.months)) if any(row.held[t] >= _SOME for row in yards)]
    heads = ("room", *(told.months[t] for t in told_in))
    console.print("What waits in yards at the end of the month:")
    made = table("", *heads, "unit", numbers=heads)
    for row in yards:
        cells = (spoken().number(each, 0) for each in (row.room, *(row.held[t] for t in told_in)))
        made.add_row(named(row.yard), *cells, unit(row.unit))
    console.print(made)


def _grouped(rows: Sequence[Carried]) -> list[tuple[str, list[Carried]]]:
    found: dict[str, list[Carried]] = {}
    for row in rows:
        found.setdefault(row.where, []).append(row)
    return list(found.items())


def priced_freight(
    work: Session, scenario: Scenario, told: FreightTold | None
) -> tuple[RoutePrice, ...]:
    """Price the routes that carry most with the quoting engine, at the clock of the session."""
    from karvan.services.planning.freight import freight_in
    from karvan.services.planning.periods import periods_of
    from karvan.services.planning.route_prices import priced_routes
    from karvan.services.quoting.quote import Quoting

    published = work.published()
    freight = freight_in(published.network, scenario, periods_of(scenario))
    if freight is None or scenario.freight is None or told is None:
        return ()
    now = work.wiring.clock()
    return priced_routes(Quoting(published), freight, scenario.freight.base, told, now=now)


def prices_told(priced: Sequence[RoutePrice]) -> Mapping[str, object]:
    """What `--json` adds for them."""
    from karvan.services.planning.route_prices import prices_json

    return {"prices": prices_json(priced)} if priced else {}


def draw_prices(console: Console, network: Network, priced: Sequence[RoutePrice]) -> None:
    """Draw the heaviest routes as the plan counts them and as they are quoted, if there are any."""
    if not priced:
        return
    from karvan.interfaces.cli.network_pages import table
    from karvan.interfaces.cli.plan_runs import named

    console.print("What the heaviest routes cost, USD a unit, time not counted:")
    made = table("", "from", "to", "planned", "quoted", "gap", numbers=("planned", "quoted", "gap"))
    for row in priced:
        ends = named(network, row.origin), named(network, row.destination)
        quoted = row.why if row.quoted is None else f"{row.quoted:,.0f}"
        gap = "" if row.gap is None else f"{row.gap:+.0%}"
        made.add_row(f"{row.good}, {row.unit}", *ends, f"{row.planned:,.0f}", quoted, gap)
    console.print(made)
