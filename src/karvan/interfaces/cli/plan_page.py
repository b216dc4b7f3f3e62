"""A study on the terminal: a picture of the months, what differs, and the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.text import Text

from karvan.interfaces.cli.freight_pages import draw_freight
from karvan.interfaces.cli.network_pages import table
from karvan.interfaces.cli.plan_runs import named
from karvan.interfaces.cli.told_console import as_told
from karvan.services.planning.comparing import signed
from karvan.services.planning.freight_telling import tells_oil
from karvan.services.planning.naming import Names
from karvan.services.planning.scenario import PeriodLength
from karvan.services.planning.telling import LEAST_KT, LIMITS, cost_words, rows
from karvan.services.planning.wording import ROWS, about, cause, limit, unit
from karvan.services.words import phrase, spoken, tell_message

if TYPE_CHECKING:
    from rich.console import Console

    from karvan.engines.planner.plan import ShadowPrice
    from karvan.engines.planner.problem import Floats
    from karvan.network.network import Network
    from karvan.services.planning.closed import Laid
    from karvan.services.planning.freight_telling import FreightTold
    from karvan.services.planning.study import Months, Study

#: Columns of the terminal for the names of ways, for a month, and beside a bar.
WAY_WIDTH, MONTH_WIDTH, BESIDE = 42, 10, 30
#: Ways that have a mark of their own, and how each is drawn: the mark, and the colour.
_MARKS: Final = (
    ("█", "blue"),
    ("▓", "cyan"),
    ("▒", "magenta"),
    ("░", "yellow"),
    ("≡", "green"),
)
_OTHERS, _REFINED, _SHUT_IN = ("-", "white"), ("=", "bright_black"), ("x", "red")
#: The most bars, and the most events that are named.
_BARS: Final = 40
_EVENTS: Final = 6
_NEWS: Final = 6


@dataclass(frozen=True, slots=True)
class Band:
    """What one mark of the picture stands for: amounts (T,) in kt."""

    name: str
    mark: str
    style: str
    amounts: Floats


def draw_study(
    console: Console,
    network: Network,
    found: Study,
    laid: Laid | None,
    freight: FreightTold | None = None,
) -> None:
    """Draw a study, and its freight where it has some."""
    _head(console, network, found)
    if laid is not None:
        _situation(console, network, laid)
    if found.planned_until:
        until = found.planned_until
        words = f"Partial: nothing is planned from {until} on, for the solver came to its limit."
        console.print(Text(words, style="bold red"))
    _picture(console, network, found)
    _differences(console, network, found)
    if tells_oil(found.scenario):
        _by_month(console, network, found)
    if freight is not None:
        draw_freight(console, freight, lambda where: named(network, where))
    freights = set() if freight is None else {each.of for each in freight.bound}
    _worth(console, network, [each for each in found.limits if each.row.asset not in freights])
    console.print(
        f"Proven to a gap of {found.gap:.0e}; largest residual {found.worst_residual:.0e}."
    )


def _head(console: Console, network: Network, found: Study) -> None:
    scenario = found.scenario
    console.print(Text(about(scenario), style="bold"))
    if scenario.text:
        console.print(Text(scenario.text))
    if found.compared == "events":
        console.print(f"The event is hidden until {found.event_from}.")
        begun = [stage.plan.problem.period_ids[0] for stage in found.stages]
        news = [name for name in begun if name > found.event_from]
        if news:
            listed = ", ".join(news[:_NEWS]) + (" ..." if len(news) > _NEWS else "")
            console.print(f"It brings news, and is planned again, in {listed}.")
    elif found.compared == "changes":
        console.print(f"Changed from {found.event_from} on; compared with the same without it.")
    taking = [event for event in scenario.event if event.share_lost > 0]
    for event in taking[:_EVENTS]:
        days = f"{event.first_day} to {event.last_day}"
        asset = named(network, event.asset)
        console.print(f"  {event.id}: {asset} loses {event.share_lost:.0%}, {days}.")
    if len(taking) > _EVENTS:
        console.print(f"  and {len(taking) - _EVENTS} more")


def _situation(console: Console, network: Network, laid: Laid) -> None:
    for event in laid.events:
        asset = named(network, event.asset)
        why = cause(event.cause)
        console.print(
            as_told(
                phrase(
                    "{id}: {asset} loses {lost}, {first} to {last}, {cause}.",
                    id=event.id,
                    asset=asset,
                    lost=f"{event.share_lost:.0%}",
                    first=event.first_day.isoformat(),
                    last=event.last_day.isoformat(),
                    cause=why,
                )
            )
        )
    if laid.without_effect:
        idle = ", ".join(laid.without_effect)
        console.print(f"No oil of these months is touched by: {idle}.")


def bands(network: Network, months: Months, usual: Months) -> Iterator[Band]:
    """What is drawn: the widest ways by themselves, the others together, and what stays."""
    names = Names(network)
    size = {
        way: each.sum() + usual.leaves.get(way, each).sum() for way, each in months.leaves.items()
    }
    ways = sorted(size, key=lambda way: (-size[way], way))
    for way, (mark, style) in zip(ways, _MARKS, strict=False):
        yield Band(names.short_way(way), mark, style, months.leaves[way])
    rest = ways[len(_MARKS) :]
    if rest:
        together = sum((months.leaves[way] for way in rest), start=0 * months.refined)
        yield Band(phrase("other ways"), *_OTHERS, together)
    yield Band(phrase("refined in Kazakhstan"), *_REFINED, months.refined)
    left = sum(months.shut_in.values(), start=0 * months.refined)
    yield Band(phrase("left in the ground"), *_SHUT_IN, left)


def _picture(console: Console, network: Network, found: Study) -> None:
    """A bar for each period, of where the oil goes."""
    drawn = [
        band for band in bands(network, found.told, found.without) if band.amounts.max() >= LEAST_KT
    ]
    if not drawn or not found.months:
        return
    console.print()
    console.print("Where the Kazakh oil goes, thousand tonnes:")
    whole = sum(band.amounts for band in drawn)
    if not isinstance(whole, int):
        width = max(20, console.width - BESIDE)
        a_mark = float(whole.max()) / width
        for first, beyond, name in _grouped(found.months):
            cells = [band.amounts[first:beyond].mean() for band in drawn]
            bar = _bar(drawn, cells, a_mark)
            gone = sum(cells) * (beyond - first)
            line = Text(f"{name:<11}")
            line.append_text(bar)
            line.append(f" {spoken().number(gone, 0)}", style="dim")
            console.print(line, soft_wrap=True)
    _legend(console, drawn)
    console.print()


def _legend(console: Console, drawn: Sequence[Band]) -> None:
    """What the marks stand for, as many on a line as fit."""
    line = Text()
    for band in drawn:
        if line and len(line) + len(band.name) + 2 > console.width:
            console.print(line)
            line = Text()
        line.append(f"{band.mark} ", style=band.style)
        line.append(f"{band.name}   ")
    console.print(line)


def _grouped(months: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """First period, the one after the last, and name of each bar; by month where there are many."""
    if len(months) <= _BARS:
        yield from ((number, number + 1, name) for number, name in enumerate(months))
        return
    first = 0
    for number in range(1, len(months) + 1):
        if number == len(months) or months[number][:7] != months[first][:7]:
            yield first, number, months[first][:7]
            first = number


def _bar(drawn: Sequence[Band], cells: Sequence[float], a_mark: float) -> Text:
    """Marks in proportion, rounded at their ends so that the whole is as long as its sum."""
    bar, at = Text(), 0.0
    for band, amount in zip(drawn, cells, strict=True):
        begin, at = round(at / a_mark), at + amount
        bar.append(band.mark * (round(at / a_mark) - begin), style=band.style)
    return bar


def _differences(console: Console, network: Network, found: Study) -> None:
    """What each way carries over all periods, with and without."""
    if not found.compared:
        return
    with_ = {"events": "with the event", "changes": "with the change"}[found.compared]
    without = {"events": "without it", "changes": "without it"}[found.compared]
    made = table(
        "kt over all months", with_, without, "difference", numbers=(with_, without, "difference")
    )
    for what, told, usual in _pairs(found.told, found.without):
        for where in sorted({*told, *usual}, key=lambda way: -_sum(told, way) + _sum(usual, way)):
            now, before = _sum(told, where), _sum(usual, where)
            if abs(now - before) >= LEAST_KT:
                name = f"{what} {named(network, where)}"
                amounts = (spoken().number(each, 0) for each in (now, before))
                made.add_row(name, *amounts, signed(now - before, 0))
    if made.row_count:
        console.print(made)
    told_cost = cost_words(found)
    console.print(as_told(f"{told_cost[0].upper()}{told_cost[1:]}."))
    console.print()


def _pairs(
    told: Months, usual: Months
) -> Iterator[tuple[str, Mapping[str, Floats], Mapping[str, Floats]]]:
    yield ROWS["leaves by"], told.leaves, usual.leaves
    yield ROWS["sold at"], told.sold, usual.sold
    yield ROWS["shut in at"], told.shut_in, usual.shut_in


def _sum(amounts: Mapping[str, Floats], where: str) -> float:
    return float(amounts[where].sum()) if where in amounts else 0.0


def _by_month(console: Console, network: Network, found: Study) -> None:
    period = found.scenario.period
    if period is PeriodLength.WEEK:
        console.print("Kazakh oil, thousand tonnes a week:")
    elif period is PeriodLength.DAY:
        console.print("Kazakh oil, thousand tonnes a day:")
    else:
        console.print("Kazakh oil, thousand tonnes a month:")
    fit = max(1, (console.width - WAY_WIDTH) // MONTH_WIDTH)
    for first in range(0, len(found.months), fit):
        months = found.months[first : first + fit]
        made = table("", *months, numbers=months)
        last = ""
        for what, where, amounts in rows(found.told):
            if what != last and where:
                made.add_row(as_told(ROWS[what]))
            number = spoken().number
            shown = [number(abs(float(each)), 0) for each in amounts[first : first + fit]]
            made.add_row(as_told(f"  {named(network, where)}" if where else ROWS[what]), *shown)
            last = what
        console.print(made)


def _worth(console: Console, network: Network, limits: Sequence[ShadowPrice]) -> None:
    """What one more of each limit would save where it saves most; the freight's stand with it."""
    if not limits:
        return
    groups: dict[tuple[str, str, str], list[ShadowPrice]] = {}
    for price in limits:
        groups.setdefault((price.row.family, price.row.asset, price.row.unit), []).append(price)
    console.print("One more of a limit is worth, in 1000 USD, in the month where it is worth most:")
    made = table("limit", "of", "month", "periods", "worth", "for a", numbers=("periods", "worth"))
    for (family, asset, units), prices in list(groups.items())[:LIMITS]:
        dearest = min(prices, key=lambda each: each.value)
        worth = spoken().number(-dearest.value, 2)
        cells = (dearest.row.period, str(len(prices)), worth, unit(units))
        made.add_row(limit(family), named(network, asset), *cells)
    console.print(made)


def draw_list(console: Console, titles: Sequence[tuple[str, str]]) -> None:
    """Draw the names of the shipped scenarios, with their titles."""
    made = table("scenario", "what it is")
    for name, title in titles:
        made.add_row(name, tell_message(title))
    console.print(made)
