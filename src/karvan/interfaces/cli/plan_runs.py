"""What `karvan plan --runs` adds: intervals under every figure, and what to find out next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from karvan.interfaces.cli.told_console import as_told
from karvan.services.words import phrase

if TYPE_CHECKING:
    from rich.console import Console

    from karvan.network.network import Network
    from karvan.services.planning.tornado import Swing, Tornado
    from karvan.services.studies.plans import Drawn

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

#: How many of ten runs an interval holds.
IN_TEN = 8
#: Columns of the bars of a tornado, and how many estimates it shows.
BAR_WIDTH, SHOWN = 30, 10


def draw_runs(console: Console, network: Network, drawn: Drawn) -> None:
    """Draw the intervals of every figure, and what to find out next."""
    from karvan.services.planning.tornado import shown
    from karvan.services.words import spoken

    found, number = drawn.sample, spoken().number
    console.print(
        as_told(
            phrase(
                "In {held} of 10 runs of {runs}, {count} estimates drawn (seed {seed}), over all "
                "months:",
                held=IN_TEN,
                runs=number(found.runs, 0),
                count=len(found.estimates),
                seed=found.seed,
            )
        )
    )
    console.print(_intervals(network, drawn))
    charts = shown(drawn.tornados)
    for each in charts:
        _draw_tornado(console, network, each)
    if not charts:
        console.print("No estimate moves what is left behind, what it costs or what goes out.")
    if found.fixed:
        told = phrase(
            "Estimates without a low and a high end, which no run moves: {count}.",
            count=len(found.fixed),
        )
        console.print(as_told(told))


def _intervals(network: Network, drawn: Drawn) -> object:
    from rich.padding import Padding

    from karvan.interfaces.cli.network_pages import table
    from karvan.services.planning.naming import Names
    from karvan.services.planning.sampled_telling import lines
    from karvan.services.planning.sampled_words import heading, shown_lines, told_name, told_unit
    from karvan.services.words import spoken

    number, names = spoken().number, Names(network)
    headings = ("as told", "low", "median", "high")
    made = table("", *headings, "unit", numbers=headings)
    last = ""
    for line in shown_lines(lines(drawn.sample.of[0], drawn.told)):
        if line.what != last and not line.total:
            made.add_row(as_told(heading(line.what)), style="bold")
        last, found = line.what, line.found
        figures = (line.told, float(found.low), float(found.median), float(found.high))
        digits = digits_of(line.unit)
        cells = [number(each, digits) for each in figures]
        deep = 2 * ((not line.total) + line.part)
        name = Padding(as_told(told_name(names, line)), (0, 0, 0, deep))
        made.add_row(name, *cells, as_told(told_unit(line.unit)))
    return made


def digits_of(unit: str) -> int:
    """With how many decimals a figure of a unit is told."""
    return {"Mt": 2, "USD/t": 1, "kg/t": 1, "kt CO2e": 1}.get(unit, 2 if "/" in unit else 0)


def _draw_tornado(console: Console, network: Network, found: Tornado) -> None:
    from karvan.services.planning.sampled_telling import UNITS
    from karvan.services.planning.sampled_words import about_chance
    from karvan.services.words import spoken

    unit = UNITS[found.figure]
    told = phrase(
        "What moves it most: {figure}, {value} {unit} as told.",
        figure=figure_name(found.figure),
        value=spoken().number(found.value, digits_of(unit)),
        unit=unit,
    )
    console.print(as_told(told))
    console.print(_chart(network, found))
    console.print(as_told(about_chance(found)))


def _chart(network: Network, found: Tornado) -> object:
    from karvan.interfaces.cli.network_pages import table
    from karvan.services.words import spoken

    number = spoken().number
    swings = found.moving[:SHOWN]
    ends = [end for each in swings for end in (each.at_low, each.at_high)]
    least, most = min(*ends, found.value), max(*ends, found.value)
    numbers = ("low", "high", "share")
    left, right = number(least, 2), number(most, 2)
    scale = left.ljust(BAR_WIDTH - len(right)) + right
    made = table("estimate", "low", "high", scale, "share", numbers=numbers)
    for each in swings:
        told = each.estimate
        share = "-" if each.share is None or not each.apart else f"{each.share:.0%}"
        bar = bar_of(each, found.value, least, most)
        name = as_told(named(network, told.name))
        made.add_row(name, f"{told.low:.3g}", f"{told.high:.3g}", bar, share)
    return made


def bar_of(swing: Swing, value: float, least: float, most: float) -> str:
    """Draw a swing: light towards its low end, full towards its high one, a mark as told."""

    def column(at: float) -> int:
        return round((at - least) / ((most - least) or 1.0) * (BAR_WIDTH - 1))

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
