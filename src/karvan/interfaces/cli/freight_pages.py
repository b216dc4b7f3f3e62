"""The freight of a study in the terminal: corridors, crossings, what stays, what binds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from karvan.services.planning.freight_telling import Carried, FreightTold

#: Crossings and limits that are drawn, the heaviest and the dearest.
CROSSINGS, LIMITS = 24, 12


def draw_freight(console: Console, told: FreightTold, named: Callable[[str], str]) -> None:
    """Tables of the freight over all periods; `named` gives a link or place its names."""
    from karvan.interfaces.cli.network_pages import table

    console.print("Freight by corridor, all periods:")
    made = table("", "amount", "unit", "thousand t", "kt CO2e", numbers=_NUMBERS)
    for corridor, rows in _grouped(told.corridors):
        kt, co2e = sum(row.kt for row in rows), sum(row.co2e_kt for row in rows)
        made.add_row(corridor, "", "", f"{kt:,.0f}", f"{co2e:,.0f}")
        for row in rows:
            amount = f"{row.amount:,.0f}"
            made.add_row(f"  {row.good}", amount, row.unit, f"{row.kt:,.0f}", f"{row.co2e_kt:,.0f}")
    console.print(made)
    console.print("Over borders and the sea:")
    made = table("", "amount", "unit", "thousand t", numbers=_NUMBERS)
    for crossing, rows in _grouped(told.crossings)[:CROSSINGS]:
        made.add_row(named(crossing), "", "", f"{sum(row.kt for row in rows):,.0f}")
        for row in rows:
            made.add_row(f"  {row.good}", f"{row.amount:,.0f}", row.unit, f"{row.kt:,.0f}")
    console.print(made)
    _draw_left(console, told, named)
    if told.bound:
        console.print("One more of a limit is worth, in 1000 USD, on average where it binds:")
        made = table("limit", "of", "periods", "worth", "for a", numbers=("periods", "worth"))
        for each in told.bound[:LIMITS]:
            of = named(each.of)
            made.add_row(each.limit, of, f"{each.periods}", f"{each.worth:,.2f}", each.unit)
        console.print(made)


_NUMBERS = ("amount", "thousand t", "kt CO2e")


def _draw_left(console: Console, told: FreightTold, named: Callable[[str], str]) -> None:
    from karvan.interfaces.cli.network_pages import table

    if not told.left:
        console.print("Everything that is asked for goes.")
        return
    console.print("What stays behind:")
    made = table("", "from", "to", "asked", "stays", "unit", numbers=("asked", "stays"))
    for row in told.left:
        ends = named(row.origin), named(row.destination)
        made.add_row(row.good, *ends, f"{row.asked:,.0f}", f"{row.unserved:,.0f}", row.unit)
    console.print(made)


def _grouped(rows: Sequence[Carried]) -> list[tuple[str, list[Carried]]]:
    found: dict[str, list[Carried]] = {}
    for row in rows:
        found.setdefault(row.where, []).append(row)
    return list(found.items())
