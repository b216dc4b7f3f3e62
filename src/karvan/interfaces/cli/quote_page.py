"""A quote as a page of text: the answer, the ways in rank order, then reasons and versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

from karvan.interfaces.cli import leg_strip, words
from karvan.interfaces.cli.quote_detail import Detail
from karvan.services.quoting import wording
from karvan.services.quoting.answer import Alternative, Quote
from karvan.services.quoting.scope import EXCLUDES, scope_of
from karvan.services.words import Labels, phrase, phrase_count, tell_message

if TYPE_CHECKING:
    from rich.console import Console

#: From this width on the strip stands beside the words.
WIDE: Final = 120
RIGHT: Final = 24

_LETTERS: Final = Labels(
    "strip", {"R": "rail", "T": "truck", "F": "ferry", "S": "sea", "P": "pipeline"}
)


def legend(ways: Sequence[Alternative]) -> str:
    """What the strips of these ways are made of."""
    used = {leg_strip.LETTER[leg.service.mode] for way in ways for leg in way.legs}
    letters = ", ".join(f"{letter} {word}" for letter, word in _LETTERS.items() if letter in used)
    return "\n".join(
        (
            phrase("{letters}, ░ standing, ┃ half, ─ 9 in 10, ╌ 19 in 20", letters=letters),
            phrase("days: the range of 8 in 10, the likeliest, then P50 / P80 / P95"),
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotePage:
    """Draws one quote.

    Attributes
    ----------
    goods
        What the HS code says, for the heading.
    detail
        Index of the way whose legs, lines and documents are shown.
    """

    quote: Quote
    goods: str = ""
    show_all: bool = False
    detail: int = 0

    def draw(self, console: Console) -> None:
        """Draw the whole page."""
        self.draw_heading(console)
        self.draw_ways(console, self.shown())
        Detail(self.quote, self.detail).draw(console)
        self.draw_refused(console)
        self.draw_foot(console)

    def shown(self) -> tuple[int, ...]:
        """Indices of the ways that tell most: front, labelled, best of each corridor."""
        ways = self.quote.alternatives
        if self.show_all:
            return tuple(range(len(ways)))
        first = {way.family: i for i, way in reversed(list(enumerate(ways)))}
        return tuple(
            i
            for i, way in enumerate(ways)
            if way.dominated_by is None or way.labels or first[way.family] == i or i == self.detail
        )

    def draw_heading(self, console: Console) -> None:
        """Say what was asked, and answer it."""
        request = self.quote.request
        ready = request.ready.astimezone(self._zone(request.origin.members[0]))
        cargo = words.cargo_in_words(request.cargo)
        cargo += f" {request.container_number}" if request.container_number else ""
        cargo += f" · HS {request.cargo.hs} "
        cargo += _short(self.goods, console.width - len(cargo) - 5)
        asked = [phrase("ready {day}", day=words.day(ready.date(), year=True))]
        if request.latest_arrival is not None:
            asked.append(phrase("wanted by {day}", day=self._wished(year=True)))
            if self.quote.late:
                asked.append(
                    phrase_count(
                        "{count} later way left out", "{count} later ways left out", self.quote.late
                    )
                )
        currency = words.currency_in_words(request.currency)
        asked.append(phrase("prices in {currency}", currency=currency))
        asked.extend(phrase("with {change}", change=change) for change in request.changes)
        ends = (request.origin, request.destination)
        title = " - ".join(self.quote.place_names.get(each.id, each.name) for each in ends)
        console.print(Text(title, style="bold"))
        console.print(cargo.rstrip())
        console.print(" · ".join(asked))
        console.print()
        console.print(self._answer())
        console.print()

    def _answer(self) -> Table:
        """The labelled ways, one line each: price, days, chance."""
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(min_width=16)
        for _ in range(3):
            table.add_column(no_wrap=True)
        table.columns[1].justify = "right"
        for i, way in enumerate(self.quote.alternatives):
            if way.labels or not i:
                table.add_row(
                    _labels(way) or phrase("Price on request"),
                    words.price_in_words(way),
                    words.days_in_words(way.times, half=False),
                    self._in_time(way),
                    style="" if i else "bold",
                )
        return table

    def draw_ways(self, console: Console, shown: Sequence[int]) -> None:
        """The ways in rank order on one axis of days."""
        ways = self.quote.alternatives
        chosen = [ways[i] for i in shown]
        left, width = self._layout(console.width)
        axis_h = leg_strip.longest_h(chosen)
        count = phrase_count("{count} way", "{count} ways", len(ways))
        rule = words.ranking_in_words(self.quote.request.wishes)
        told = " " + phrase("by {rule}", rule=rule)
        if len(shown) < len(ways):
            told += phrase("; {shown} shown, the rest with --all", shown=len(shown))
        console.print(Text.assemble((count, "bold"), told))
        console.print(Text(legend(chosen), style="dim"))
        console.print()
        for i, chain in zip(shown, self._chains(chosen), strict=True):
            drawn = leg_strip.strip(ways[i], width=width, axis_h=axis_h)
            console.print(self._row(i, chain, drawn, left, width))
        scale = leg_strip.axis(width=width, axis_h=axis_h).ljust(width)
        console.print(Text(" " * left + scale + "  " + phrase("days after ready"), style="dim"))
        console.print()

    @staticmethod
    def _layout(width: int) -> tuple[int, int]:
        """Where strips begin and how wide they are."""
        if width >= WIDE:
            left = 4 + (width - RIGHT) * 42 // 100
            return left, width - RIGHT - left
        return 4, width - RIGHT - 4

    def _row(self, i: int, chain: str, drawn: str, left: int, width: int) -> Table:
        way = self.quote.alternatives[i]
        name = Text(tell_message(way.family_name))
        if way.labels:
            name += Text(f" [{_labels(way)}]", style="bold")
        name += Text("\n" + chain, style="dim")
        timing = Text(words.days_in_words(way.times, half=False))
        timing += Text(f" · {words.quantiles_in_days(way.times)}", style="dim")
        strip = _coloured(drawn)
        rank = Text(f"{i + 1:>2}", style="bold")
        table = Table.grid(padding=0)
        table.add_column(width=4)
        if left > 4:
            table.add_column(width=left - 6)
            table.add_column(width=2)
            table.add_column(width=width)
            table.add_column(justify="right", width=RIGHT)
            table.add_row(rank, name, "", strip + Text("\n") + timing, self._figures(way))
        else:
            table.add_column(width=width)
            table.add_column(justify="right", width=RIGHT)
            table.add_row(rank, name + Text("\n") + strip + Text("\n") + timing, self._figures(way))
        table.add_row("")
        return table

    def _figures(self, way: Alternative) -> Text:
        price = way.price
        text = Text.assemble((words.price_in_words(way), "bold"))
        low, high = (words.grouped(each.amount, 0) for each in (price.low, price.high))
        if low != high:
            text.append("\n" + phrase("{low} to {high}", low=low, high=high), style="dim")
        text.append(f"\n{words.tonnes(way.co2e_g)} CO2e")
        text.append(f"\n{self._chance(way)}")
        return text

    def _in_time(self, way: Alternative) -> str:
        """The same where the wished date was just told."""
        if self.quote.request.latest_arrival is None:
            return self._chance(way)
        return phrase("{chance} in time", chance=words.chance(way.on_time))

    def _chance(self, way: Alternative) -> str:
        """The chance by the wished date, else the day by which 8 in 10 are there."""
        if self.quote.request.latest_arrival is None:
            return phrase("8 in 10 by {day}", day=words.day(self._at(way, way.times.p80_h)))
        return phrase("{chance} by {day}", chance=words.chance(way.on_time), day=self._wished())

    def draw_refused(self, console: Console) -> None:
        """The ways not offered, each with the rule that stops it."""
        refused = self.quote.refused
        if not refused:
            return
        count = phrase_count("{count} way not offered", "{count} ways not offered", len(refused))
        console.print(Text(count, style="bold"))
        for each in refused:
            chain = " - ".join(self._name(place) for place in each.places)
            console.print(Text(f"  {tell_message(each.message)} [{each.rule}]"))
            console.print(Text(f"    {chain}", style="dim"))
        console.print()

    def draw_foot(self, console: Console) -> None:
        """What is not in the price, how long it holds, what it was made from."""
        quote = self.quote
        versions = quote.versions
        scope = tell_message(scope_of(self.quote.request.cargo))
        excludes = ", ".join(map(tell_message, EXCLUDES))
        console.print(scope + " " + phrase("Not included: {excludes}.", excludes=excludes))
        kept = quote.expires_at.astimezone(UTC)
        console.print(
            phrase(
                "Prices kept until {day}, {time} UTC.",
                day=words.day(kept.date(), year=True),
                time=f"{kept:%H:%M}",
            )
        )
        if quote.bounded:
            console.print(
                phrase("The search stopped at its limit: there may be more ways than these.")
            )
        made_from = phrase(
            "network {network} · tariff {tariff} · timetable {timetable} · engine {engine}",
            network=versions.network_hash[:12],
            tariff=versions.tariff_version[:12],
            timetable=versions.timetable_hash[:12],
            engine=versions.engine_version,
        )
        told = f"{quote.quote_id} · {made_from}{self._situation()}"
        console.print(Text(told, style="dim"))

    def _situation(self) -> str:
        seen = self.quote.situation
        if seen is None or not seen.hash:
            return ""
        return " · " + phrase("situation {situation}", situation=seen.hash[:12])

    def _chains(self, chosen: Sequence[Alternative]) -> list[str]:
        """Each way by the places that not all ways share."""
        stops = [tuple(str(leg.to_place) for leg in way.legs) for way in chosen]
        shared = set(stops[0]).intersection(*stops[1:]) if len(stops) > 1 else set()
        chains = []
        for places in stops:
            told = [p for p in places if p not in shared] or list(places)
            chains.append(" - ".join(wording.short_name(self._name(place)) for place in told))
        return chains

    def _name(self, place: str) -> str:
        return self.quote.place_names.get(place, place)

    def _zone(self, place: str) -> ZoneInfo:
        return ZoneInfo(self.quote.zones.get(place, "UTC"))

    def _at(self, way: Alternative, hours: float) -> datetime:
        instant = self.quote.request.ready + timedelta(hours=hours)
        return instant.astimezone(self._zone(way.legs[-1].to_place))

    def _wished(self, *, year: bool = False) -> str:
        latest = self.quote.request.latest_arrival
        assert latest is not None
        last = (latest - timedelta(seconds=1)).astimezone(
            self._zone(self.quote.request.destination.members[0])
        )
        return words.day(last.date(), year=year)


def _coloured(drawn: str) -> Text:
    text = Text()
    for character in drawn:
        text.append(character, style=leg_strip.STYLE.get(character, ""))
    return text


def _short(text: str, longest: int) -> str:
    """A description cut at a word."""
    text = text.split(";", maxsplit=1)[0]
    if len(text) <= longest:
        return text
    cut = text[: max(0, longest - 4)].rsplit(" ", 1)[0].rstrip(",")
    return cut + " ..." if len(cut) > 8 else ""


def _labels(way: Alternative) -> str:
    told = ", ".join(words.LABELS.get(each, each) for each in way.labels)
    return told[:1].upper() + told[1:]
