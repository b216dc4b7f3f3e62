"""`karvan validate`: base years beside what was observed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from karvan.interfaces.cli.options import Data, Json, session
from karvan.interfaces.cli.output import print_drawn, print_json, tell_progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table

    from karvan.services.planning.outage_checks import CheckedOutage
    from karvan.services.planning.validation import Validation


def validate(
    context: typer.Context,
    every: Annotated[
        bool, typer.Option("--all", help="Tell the rows that do not count too, and why.")
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Compare the base years with every row that counts as observed.

    A row counts when nothing of the plan was made from it. The aim is 10 % on routes above
    1 Mt a year and 25 % on smaller ones.

    karvan validate
    """
    from karvan.services.planning.observed_years import by_year, plan_years, with_freight
    from karvan.services.planning.outage_checks import check_outages, plan_winter
    from karvan.services.planning.validation import validate as compare
    from karvan.services.planning.validation_telling import validation_json

    work = session(context, {"data": data})
    wiring = work.wiring
    assert wiring.scenarios is not None, "wired without scenarios"
    assert wiring.observed is not None, "wired without observations"
    tables, network = wiring.observed.load(), work.published().network
    tell_progress("Planning the base years ...")
    studies = plan_years(network, wiring.scenarios, tables.disruptions)
    years = with_freight(by_year(studies), network, tables.freight)
    found = compare(tables, years, wiring.clock().date())
    winter = plan_winter(network, wiring.scenarios, tables.disruptions)
    outages = check_outages(tables.outages, {**studies, **winter})
    if as_json:
        print_json(validation_json(found, outages))
    else:
        print_drawn(lambda console: _draw(console, found, outages, every=every))


def _draw(
    console: Console, found: Validation, outages: Sequence[CheckedOutage], *, every: bool
) -> None:
    from karvan.services.planning.validation_telling import (
        OUTAGE_HEADS,
        PLANS,
        ROW_HEADS,
        outage_row,
        row_of,
        summary,
        why_missed,
    )

    for line in summary(found):
        console.print(line)
    for title, plan in (
        ("Oil, million tonnes:", "oil"),
        ("Freight, million tonnes, or thousands of what is named:", "freight"),
    ):
        console.print()
        console.print(title)
        made = _table(ROW_HEADS, numbers=("observed", "planned", "error"))
        for row in found.of(*PLANS[plan]).compared:
            made.add_row(*row_of(row))
        for narrow in (0, 1, len(ROW_HEADS) - 1):
            made.columns[narrow].no_wrap = True
        console.print(made)
    console.print("Where it misses, and why:")
    for why in why_missed(found):
        console.print(why)
    console.print()
    console.print("What was told of outages, beside the plan; it counts for nothing above:")
    struck = _table(OUTAGE_HEADS, numbers=("told", "planned"))
    for each in outages:
        struck.add_row(*outage_row(each))
    console.print(struck)
    if every:
        from karvan.interfaces.cli.network_pages import table

        rest = table("row", "what", "why it does not count")
        for left in found.left:
            seen = left.observation
            rest.add_row(str(seen.id), f"{seen.subject}: {seen.quantity}", left.reason)
        console.print(rest)


def _table(heads: Sequence[str], *, numbers: Sequence[str]) -> Table:
    """A quiet table with its headings in the language of the reader."""
    from karvan.interfaces.cli.network_pages import table
    from karvan.services.planning.validation_telling import WORDS

    told = {head: WORDS.get(head, head) for head in heads}
    return table(*told.values(), numbers=[told[head] for head in numbers])
