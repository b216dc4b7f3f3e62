"""What `karvan resilience` shows at a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.padding import Padding

from karvan.interfaces.cli.network_pages import table
from karvan.interfaces.cli.told_console import as_told
from karvan.services.planning.sampled_words import RECOVERED, about_runs
from karvan.services.planning.wording import about, unit
from karvan.services.words import phrase, spoken

if TYPE_CHECKING:
    from datetime import date

    from rich.console import Console

    from karvan.services.planning.naming import Names
    from karvan.services.planning.resilience import Recovery
    from karvan.services.planning.sampled_answers import Repeated
    from karvan.services.planning.scenario import Scenario


class Page:
    """How long it takes until all is as usual, and what is lost by then."""

    def __init__(
        self,
        names: Names,
        shown: Sequence[Recovery],
        tolerance: float,
        drawn: Repeated | None = None,
    ) -> None:
        self.names, self.shown, self.tolerance, self.drawn = names, shown, tolerance, drawn

    def draw(self, console: Console, asked: Scenario, days: int, begins: date) -> None:
        """Title, what was tried, and a row for each that takes something."""
        console.print(as_told(about(asked)))
        if days:
            console.print(f"Each asset out for {days} days from {begins}, most lost first:")
            self._table(console)
        for each in () if days else self.shown:
            self._one(console, each)
        if self.drawn is not None:
            console.print(as_told(about_runs(self.drawn)))
            self._sure(console, self.drawn)
        share = f"{self.tolerance:.0%}"
        console.print(
            f"Recovered: what is delivered and what it costs within {share} of the plan without "
            "the event, to the end."
        )

    def _one(self, console: Console, each: Recovery) -> None:
        if not each.begins:
            console.print("The events take nothing.")
            return
        if each.recovered:
            console.print(f"From {each.begins} on; recovered from {each.recovered} on.")
        else:
            console.print(f"From {each.begins} on; not recovered within the periods.")
        number = spoken().number
        for loss in each.losses:
            units = unit(loss.unit)
            lost = phrase(
                "Lost: {shut_in} {unit} shut in, {unserved} unserved, {delayed} delayed.",
                shut_in=number(loss.shut_in, 0),
                unit=units,
                unserved=number(loss.unserved, 0),
                delayed=number(loss.delayed, 0),
            )
            worst = phrase(
                "Worst: {period}, {amount} {unit} short.",
                period=each.worst_period,
                amount=number(loss.worst_short, 0),
                unit=units,
            )
            console.print(as_told(f"{lost}\n{worst}"))
            if loss.peak_place:
                waits = phrase(
                    "Most waits in {period}: {amount} {unit} above the usual, most of it at "
                    "{place}.",
                    period=loss.peak_period,
                    amount=number(loss.peak_stock, 0),
                    unit=units,
                    place=self.names.way(loss.peak_place),
                )
                console.print(as_told(waits))
        cost = number(each.extra_cost_kusd / 1000, 1)
        console.print(as_told(phrase("Extra cost: {amount} M USD.", amount=cost)))

    def _sure(self, console: Console, drawn: Repeated) -> None:
        """The ends of every figure; of many assets those that take something."""
        made = table("", "as told", "low", "high", "unit", numbers=("as told", "low", "high"))
        number, last = spoken().number, None
        for name in drawn.draws:
            shown = name.of in {each.asset for each in self.shown}
            low, high = drawn.ends(name) or (0.0, 0.0)
            if not shown or not (drawn.told.get(name) or low or high):
                continue
            if name.of and name.of != last:
                made.add_row(as_told(self.names.brief(name.of)), style="bold")
            last = name.of
            scale = 1e-3 if name.unit == "1000 USD" else 1.0
            cells = [number(each * scale, 0) for each in (drawn.told.get(name, 0.0), low, high)]
            what = Padding(as_told(RECOVERED[name.what]), (0, 0, 0, 2 if name.of else 0))
            units = "M USD" if name.unit == "1000 USD" else name.unit
            made.add_row(what, *cells, as_told(unit(units) if units else phrase("periods")))
        console.print(made)

    def _table(self, console: Console) -> None:
        money = unit("M USD")
        numbers = ("shut in", "unserved", "delayed", "in tanks", "periods", money)
        made = table(
            "what is out",
            "shut in",
            "unserved",
            "delayed",
            "in tanks",
            "unit",
            "periods",
            "worst",
            money,
            numbers=numbers,
        )
        number = spoken().number
        for each in self.shown:
            name = as_told(self.names.brief(each.asset))
            for loss in each.losses:
                amounts = (loss.shut_in, loss.unserved, loss.delayed, loss.peak_stock)
                made.add_row(
                    name,
                    *(number(abs(amount), 0) for amount in amounts),
                    as_told(unit(loss.unit)),
                    "-" if each.periods_to_recover is None else str(each.periods_to_recover),
                    each.worst_period,
                    number(each.extra_cost_kusd / 1000, 1),
                )
        console.print(made)
        console.print("Periods until recovered; - where not within the scenario.")
