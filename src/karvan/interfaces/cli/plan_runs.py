"""What `karvan plan --runs` adds: intervals under every figure, and what to find out next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from karvan.services.words import phrase

if TYPE_CHECKING:
    from rich.console import Console

    from karvan.network.network import Network
    from karvan.services.planning.sampling import Sample, Told
    from karvan.services.planning.study import Study
    from karvan.services.planning.tornado import Swing, Tornado

Runs = Annotated[
    int,
    typer.Option(
        help="Plan so many times, every estimate drawn anew; 0 for none.", min=0, max=10_000
    ),
]
Seed = Annotated[
    int,
    typer.Option(help="Of the draws: the same seed, the same runs.", min=0, max=2**32 - 1),
]

#: Columns of the bars of a tornado, and how many estimates it shows.
BAR_WIDTH, SHOWN = 30, 10


def draw_runs(
    console: Console, network: Network, as_told: Study, drawn: Sample, found: Mapping[str, Tornado]
) -> None:
    """Draw the intervals of every figure, the band of what is left behind, and the tornados."""
    from karvan.services.planning.sampled_telling import UNITS
    from karvan.services.planning.sampling import told_of
    from karvan.services.planning.tornado import USUAL

    console.print(
        f"In 8 of 10 runs of {drawn.runs}, {len(drawn.estimates)} estimates drawn (seed"
        f" {drawn.seed}); kt over all months, and the fullest month of a tank:"
    )
    console.print(_intervals(network, told_of(network, as_told), drawn))
    for name in USUAL:
        if not found[name].swings or not found[name].swings[0].width:
            console.print(f"No estimate moves this figure: {figure_name(name)}.")
            continue
        value = f"{found[name].value:,.2f} {UNITS[name]}"
        console.print(f"What moves it most: {figure_name(name)}, {value} as told.")
        console.print(_chart(network, found[name]))
    if drawn.fixed:
        count = len(drawn.fixed)
        console.print(f"Estimates without a low and a high end, which no run moves: {count}.")


def _intervals(network: Network, told: Told, drawn: Sample) -> object:
    from karvan.interfaces.cli.network_pages import table
    from karvan.services.planning.sampled_telling import lines

    numbers = ("as told", "low", "median", "high")
    made = table("", "as told", "low", "median", "high", "unit", numbers=numbers)
    last = ""
    for line in lines(drawn.of[0], told):
        if line.where and line.what != last:
            made.add_row(line.what)
        last, found = line.what, line.found
        digits = {"Mt": 2, "USD/t": 1}.get(line.unit, 0)
        figures = (line.told, float(found.low), float(found.median), float(found.high))
        shown = [f"{each:,.{digits}f}" for each in figures]
        name = f"  {named(network, line.where)}" if line.where else figure_name(line.what)
        made.add_row(name, *shown, line.unit)
    return made


def _chart(network: Network, found: Tornado) -> object:
    from karvan.interfaces.cli.network_pages import table

    swings = [each for each in found.swings if each.width][:SHOWN]
    ends = [end for each in swings for end in (each.at_low, each.at_high)]
    least, most = min(*ends, found.value), max(*ends, found.value)
    numbers = ("low", "high", "share")
    scale = f"{least:,.2f}".ljust(BAR_WIDTH - len(f"{most:,.2f}")) + f"{most:,.2f}"
    made = table("estimate", "low", "high", scale, "share", numbers=numbers)
    for each in swings:
        told = each.estimate
        share = "" if each.share is None else f"{each.share:.0%}"
        bar = bar_of(each, found.value, least, most)
        made.add_row(named(network, told.name), f"{told.low:.3g}", f"{told.high:.3g}", bar, share)
    return made


def bar_of(swing: Swing, value: float, least: float, most: float) -> str:
    """Draw a swing: light towards its low end, full towards its high one, a mark as told."""

    def column(at: float) -> int:
        return round((at - least) / (most - least) * (BAR_WIDTH - 1))

    cells = [" "] * BAR_WIDTH
    middle = column(value)
    for end, filled in ((swing.at_low, "░"), (swing.at_high, "█")):
        first, last = sorted((column(end), middle))
        cells[first : last + 1] = filled * (last + 1 - first)
    cells[middle] = "┃"
    return "".join(cells)


def figure_name(name: str) -> str:
    """How a total is called."""
    from karvan.services.planning.figures import NAMES

    return phrase("What the events cost") if name == "extra_cost" else NAMES[name]


def named(network: Network, where: str) -> str:
    """Names of the places in an id of a place, a way or an estimate."""
    from karvan.services.planning.naming import Names

    return Names(network).brief(where)
