"""What `karvan contingency` shows at a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rich.padding import Padding

from karvan.interfaces.cli.network_pages import table
from karvan.interfaces.cli.told_console import as_told
from karvan.services.planning.sampled_amounts import Amount
from karvan.services.planning.sampled_outages import COST, LEFT, RANK, id_of
from karvan.services.planning.sampled_words import about_runs
from karvan.services.planning.wording import OUTAGES, about, amount, unit
from karvan.services.words import phrase, phrase_count, spoken

if TYPE_CHECKING:
    from rich.console import Console

    from karvan.services.planning.contingency import Consequence
    from karvan.services.planning.naming import Names
    from karvan.services.planning.outage_reasons import More, Reason
    from karvan.services.planning.scenario import Scenario
    from karvan.services.studies.outages import Ranked

_ENDS: Final = ("low", "high")
_NUMBERS: Final = ("rank", "extra cost", *_ENDS, "worth left", "beyond both")


def _span(periods: tuple[str, ...]) -> str:
    """The first and the last period; one of all months has both in its name."""
    both = f"{periods[0]} to {periods[-1]}" if len(periods) > 1 else periods[0]
    first, _, last = both.partition(" to ")
    return phrase("{first} to {last}", first=first, last=last) if last else first


class Page:
    """Ranks, reasons and pairs of outages."""

    def __init__(self, made: Ranked, names: Names, asked: Scenario, top: int) -> None:
        self.found, self.drawn, self.names = made.found, made.drawn, names
        self.asked, self.top, found = asked, top, made.found
        thousands = found.problem.currency == "1000 USD"
        self.unit = unit("M USD") if thousands else found.problem.currency
        self.scale = 1e-3 if thousands else 1.0

    def draw(self, console: Console) -> None:
        """Title, ranks, reasons, pairs, and how sure all that is."""
        found, periods = self.found, self.found.problem.period_ids
        console.print(as_told(about(self.asked)))
        console.print(
            as_told(
                phrase(
                    "All works: {cost} {unit}. Out for {span}; the worst first, in {unit}:",
                    cost=self._money(found.cost),
                    unit=self.unit,
                    span=_span(periods),
                )
            )
        )
        if self.drawn is not None:
            console.print(as_told(about_runs(self.drawn)))
        self._ranks(console)
        less = sum(each.rank > self.top and each.extra_cost > found.tie for each in found.ranked)
        if less:
            told = phrase_count(
                "{count} more costs less and is not shown; --top says how many are.",
                "{count} more cost less and are not shown; --top says how many are.",
                less,
            )
            console.print(as_told(told))
        idle = sum(each.extra_cost <= found.tie for each in found.ranked)
        told = phrase_count(
            "{count} other outage costs nothing.", "{count} other outages cost nothing.", idle
        )
        console.print(as_told(told))
        self._reasons(console)
        self._pairs(console)
        console.print(
            f"{found.solved} plans solved, {found.checked_cold} of them again from nothing; "
            f"proven to a gap of {found.worst_gap:.0e}."
        )

    def _ranks(self, console: Console) -> None:
        ends = () if self.drawn is None else _ENDS
        made = table("rank", "extra cost", *ends, "worth left", "what is out", "", numbers=_NUMBERS)
        last = 0
        for each in self._shown(self.found.ranked):
            new, last = each.rank != last, each.rank
            cells = self._figures(each)
            (outage,) = each.outages
            told_cells = cells if new else ("",) * len(cells)
            kind = OUTAGES[outage.kind]
            made.add_row(*told_cells, as_told(self.names.brief(outage.asset)), as_told(kind))
        console.print(made)

    def _reasons(self, console: Console) -> None:
        console.print("Why, as one of the cheapest plans has it:")
        for each in self._shown(self.found.ranked):
            if each.reason is None:
                continue
            why = each.reason
            told = phrase(
                "{name}: {amount} went through.",
                name=self.names.brief(each.outages[0].asset),
                amount=amount(why.carried, why.unit),
            )
            console.print(as_told(f"{each.rank:>5} {told}"))
            lines = "\n".join(self._why(why))
            console.print(Padding(as_told(lines), (0, 0, 0, 6)))

    def _why(self, why: Reason) -> Iterator[str]:
        if why.instead:
            yield phrase("goes by {ways}", ways=self._more(why.instead))
        if why.left:
            yield phrase("stays at {places}", places=self._more(why.left))
        if why.limit:
            yield phrase("held by {limit}", limit=self.names.limit(why.limit))

    def _more(self, rows: tuple[More, ...]) -> str:
        return "; ".join(f"{self.names.brief(of)} {amount(more, each)}" for of, more, each in rows)

    def _pairs(self, console: Console) -> None:
        found = self.found
        if not found.pairs:
            return
        alone = {each.outages[0].id: each.extra_cost for each in found.ranked}
        ends = () if self.drawn is None else _ENDS
        made = table(
            "rank",
            "extra cost",
            *ends,
            "worth left",
            "beyond both",
            "out together",
            numbers=_NUMBERS,
        )
        for each in self._shown(found.pairs):
            beyond = each.extra_cost - sum(alone[outage.id] for outage in each.outages)
            both = " + ".join(self.names.brief(outage.asset) for outage in each.outages)
            made.add_row(*self._figures(each), self._money(beyond), as_told(both))
        console.print(made)
        console.print(
            f"{len(found.pairs)} of {found.pairs_possible} pairs were looked at: those of the "
            "worst ranks, and of links that meet. Beyond both: more than one by one."
        )

    def _figures(self, each: Consequence) -> tuple[str, ...]:
        """Rank, cost and value left; with runs the ends of both, ranks as `2-4`."""
        cost, left = self._money(each.extra_cost), self._left(each)
        if self.drawn is None:
            return str(each.rank), cost, left
        of, drawn = id_of(each), self.drawn
        ranks = drawn.ends(Amount(RANK, of, "", "")) or (float(each.rank),) * 2
        costs = drawn.ends(Amount(COST, of, "", "1000 USD")) or (each.extra_cost,) * 2
        lefts = drawn.ends(Amount(LEFT, of, "", "1000 USD")) or (each.left_behind,) * 2
        return (
            f"{each.rank}\n{ranks[0]:.0f}-{ranks[1]:.0f}",
            cost,
            *(self._money(end) for end in costs),
            f"{left}\n{' - '.join(self._money(end) for end in lefts)}",
        )

    def _shown(self, listed: tuple[Consequence, ...]) -> Iterator[Consequence]:
        for each in listed:
            if each.rank <= self.top and each.extra_cost > self.found.tie:
                yield each

    def _left(self, each: Consequence) -> str:
        at_least = "" if each.left_is_sure else ">= "
        return at_least + self._money(each.left_behind)

    def _money(self, amount: float) -> str:
        return spoken().number(amount * self.scale, 1)
