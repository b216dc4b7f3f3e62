"""One way in detail: legs, price lines, calls, documents, warnings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from rich.box import SIMPLE_HEAD
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from karvan.domain.instants import from_minutes
from karvan.engines.pricing.charging import basis_of
from karvan.engines.pricing.lines import PriceLine
from karvan.engines.transit_time.breakdown import Cause
from karvan.interfaces.cli import words
from karvan.network.activities import Activity, OfficeWait, Wait
from karvan.services.quoting.answer import Alternative, Quote

if TYPE_CHECKING:
    from rich.console import Console

#: From this width on carriers have a column of their own.
WIDE: Final = 110

ACTIVITIES: Final = {
    "transfer": "handling",
    "stop": "stop",
    "gauge-change": "gauge change",
    "border-exit": "border, leaving",
    "border-entry": "border, entering",
    "union-border": "border within the union",
    "slot": "waiting for a slot",
}

OFFICES: Final = {
    "customs": "customs closed",
    "border_rail": "border closed",
    "border_road": "border closed",
    "port": "port closed",
    "phyto": "plant inspection closed",
    "tunnel": "tunnel closed",
}

CAUSES: Final = {
    Cause.DEPARTURE: "for departures",
    Cause.BORDER: "at borders",
    Cause.WEATHER: "for weather",
    Cause.CLOSED: "for offices",
    Cause.QUEUE: "in queues",
}


@dataclass(frozen=True, slots=True)
class Detail:
    """Draws one alternative of a quote."""

    quote: Quote
    index: int

    @property
    def way(self) -> Alternative:
        """The alternative that is drawn."""
        return self.quote.alternatives[self.index]

    def draw(self, console: Console) -> None:
        """Draw everything about the way."""
        way = self.way
        console.print(
            Text.assemble(
                (f"Way {self.index + 1}: {way.family_name}", "bold"),
                f", {sum(leg.distance_km for leg in way.legs):,.0f} km, {_count(way)}",
            )
        )
        hours = way.times.hours
        console.print(
            f"{hours.moving / 24:.1f} days moving, {hours.handling / 24:.1f} handling, "
            f"{hours.waiting / 24:.1f} waiting"
        )
        self._waiting(console)
        console.print(self._legs(console.width))
        console.print(self._price(console.width))
        self._sharing(console)
        console.print(self._calls())
        self._documents(console)
        self._warnings(console)

    def _waiting(self, console: Console) -> None:
        """What the waiting is for, at the median and in a bad case; how much is an estimate."""
        times = self.way.times
        told = []
        for cause, name in CAUSES.items():
            p50, p95 = (
                sum(getattr(part, f"{each}_h") for part in times.parts if part.cause is cause) / 24
                for each in ("p50", "p95")
            )
            if max(p50, p95) >= 0.05:
                told.append(f"{name} {p50:.1f} ({p95:.1f})")
        if told:
            console.print(f"Waiting, in days, in brackets of a journey at P95: {', '.join(told)}")
        if times.p50_h:
            share = times.estimates_h / times.p50_h
            console.print(f"{100 * share:.0f} % of the time rests on estimates")

    def _legs(self, width: int) -> Table:
        wide = width >= WIDE
        table = _table()
        table.add_column("", justify="right", no_wrap=True)
        table.add_column("Legs", no_wrap=True)
        table.add_column("From - to", ratio=1)
        if wide:
            table.add_column("Carrier")
        table.add_column("Departs", no_wrap=True)
        table.add_column("Arrives", no_wrap=True)
        table.add_column("km", justify="right", no_wrap=True)
        table.add_column("CO2e", justify="right", no_wrap=True)
        for i, (leg, grams) in enumerate(zip(self.way.legs, self.way.leg_co2e_g, strict=True)):
            carrier = self._carrier(leg.service.operator)
            ends = Text(f"{self._name(leg.from_place)} - {self._name(leg.to_place)}")
            if not wide:
                ends.append(f"\n{carrier}", style="dim")
            table.add_row(
                str(i + 1),
                words.MODES.get(leg.service.mode.value, leg.service.mode.value),
                ends,
                *([carrier] if wide else []),
                self._local(leg.departs_min, leg.from_place, nominal=leg.departure.nominal),
                self._local(leg.arrives_min, leg.to_place, nominal=leg.departure.nominal),
                f"{leg.distance_km:,.0f}",
                words.tonnes(grams),
            )
        notes = "Days and times are those of each place."
        if any(leg.departure.nominal for leg in self.way.legs):
            notes += " ~ leaves when full: a nominal day; the promise is the range of days."
        if self.way.hub_co2e_g:
            notes += f" CO2e of handling: {words.tonnes(self.way.hub_co2e_g)}."
        table.caption = notes
        return table

    def _price(self, width: int) -> Table:
        wide = width >= WIDE
        price = self.way.price
        code = price.total.currency
        foreign = any(line.charge.currency != code for line in price.lines)
        table = _table(footer=True)
        total = f"Total, {words.grouped(price.estimated.amount)} of it estimates"
        table.add_column("Price", footer=total, ratio=1)
        if wide:
            table.add_column("Carrier")
        table.add_column("Basis x rate", justify="right")
        if foreign:
            table.add_column("Amount", justify="right", no_wrap=True)
        amount = words.grouped(price.total.amount)
        table.add_column(code, justify="right", no_wrap=True, footer=amount)
        table.add_column("", no_wrap=True)
        for line in price.lines:
            charge = line.charge
            kind, at_place, _ = charge.carrier.partition(":")
            what = Text(f"{words.CHARGES.get(charge.code, charge.code)} {self._ends(line)}")
            carrier = kind if at_place else self._carrier(charge.carrier)
            if not wide and carrier and not at_place:
                what.append(f"\n{carrier}", style="dim")
            table.add_row(
                what,
                *([carrier] if wide else []),
                _basis(line, self.quote.request.cargo.count),
                *([f"{charge.amount:,.2f} {charge.currency}"] if foreign else []),
                "on request" if charge.on_request else words.grouped(line.quoted.amount),
                " ".join(_marks(line)),
            )
        low, high = words.grouped(price.low.amount), words.grouped(price.high.amount)
        notes = [f"Between {low} and {high} {code}."] if low != high else []
        if any(line.charge.estimate for line in price.lines):
            notes.append("est: an estimate.")
        if any(line.charge.carried_forward for line in price.lines):
            notes.append("old: the last known rate, carried forward.")
        table.caption = " ".join(notes) or None
        return table

    def _sharing(self, console: Console) -> None:
        """The joint price beside the national sum, and who is paid what where that is asked."""
        sharing, payers = self.way.sharing, self.quote.request.wishes.payers
        code = self.way.price.total.currency
        for share in sharing.joint:
            ends = " - ".join(self._name(end) for end in (share.from_place, share.to_place))
            parts = ", ".join(
                f"{self._carrier(name)} {words.grouped(amount.amount)}"
                for name, amount in share.amounts.items()
            )
            console.print(f"Joint tariff {share.joint}, {ends}, falls to: {parts} {code}.")
        if sharing.national is not None and sharing.joint:
            more = sharing.national - self.way.price.total
            console.print(
                f"The national tariffs alone ask {words.grouped(sharing.national.amount)} {code} "
                f"for this way, {words.grouped(more.amount)} more."
            )
        paid = [
            f"{payer} pays {self._carrier(name)} {words.grouped(sharing.amounts[name].amount)}"
            for name, payer in payers.items()
            if name in sharing.amounts
        ]
        if paid:
            console.print(f"{'; '.join(paid)} {code}.")

    def _calls(self) -> Table:
        table = _table()
        table.add_column("Calls")
        table.add_column("Hours, half of the time within", ratio=1)
        elements = zip(self.way.elements, self.way.times.element_p50_h, strict=True)
        for place, group in groupby(elements, key=lambda pair: pair[0].place):
            told: dict[str, float] = {}
            for element, hours in group:
                if isinstance(element, Activity):
                    name = (
                        "" if element.name == "run" else ACTIVITIES.get(element.name, element.name)
                    )
                elif isinstance(element, OfficeWait):
                    name = OFFICES.get(element.office, "closed")
                else:
                    name = "waiting for departure" if isinstance(element, Wait) else "weather"
                if name and round(hours) > 0:
                    told[name] = told.get(name, 0.0) + hours
            if told:
                parts = (f"{name} {hours:.0f} h" for name, hours in told.items())
                table.add_row(self._name(place), ", ".join(parts))
        return table

    def _documents(self, console: Console) -> None:
        console.print(Text("Documents", style="bold"))
        where = ""
        documents = sorted(
            enumerate(self.way.documents), key=lambda pair: (self._first(pair[1].where), pair[0])
        )
        for _, each in documents:
            if each.where != where:
                where = each.where
                console.print(f"  {self._name(where)}")
            console.print(_indented(each.document, each.rule))
        if not documents:
            console.print("  none known")
        console.print()

    def _first(self, where: str) -> int:
        """The document list follows the way; what has no place comes last."""
        places = [self.way.legs[0].from_place, *(e.place for e in self.way.elements)]
        return places.index(where) if where in places else len(places)

    def _warnings(self, console: Console) -> None:
        if not self.way.advice:
            return
        console.print(Text("Look", style="bold"))
        for each in self.way.advice:
            console.print(_indented(f"! {each.message}", each.rule))
        console.print()

    def _ends(self, line: PriceLine) -> str:
        ends = dict.fromkeys(p for p in (line.charge.from_place, line.charge.to_place) if p)
        return " - ".join(self._name(place) for place in ends)

    def _local(self, minutes: int, place: str, *, nominal: bool) -> str:
        """The day and time at the place; of a nominal departure only the day is known."""
        local = from_minutes(minutes).astimezone(ZoneInfo(self.quote.zones.get(place, "UTC")))
        return f"~{words.day(local)}" if nominal else words.day_and_time(local)

    def _name(self, place: str) -> str:
        return self.quote.place_names.get(place, place)

    def _carrier(self, carrier: str) -> str:
        return self.quote.carrier_names.get(carrier, carrier)


def _table(*, footer: bool = False) -> Table:
    return Table(
        box=SIMPLE_HEAD,
        show_footer=footer,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        expand=True,
        caption_justify="left",
        caption_style="dim",
        header_style="bold",
        footer_style="bold",
    )


def _indented(what: str, rule: str) -> Padding:
    return Padding(Text(what) + Text(f" ({rule})", style="dim"), (0, 0, 0, 4))


def _count(way: Alternative) -> str:
    legs = len(way.legs)
    carriers = len({leg.service.operator for leg in way.legs})
    return (
        f"{legs} {'leg' if legs == 1 else 'legs'}, "
        f"{carriers} {'carrier' if carriers == 1 else 'carriers'}"
    )


def _basis(line: PriceLine, count: int) -> str:
    charge = line.charge
    if charge.on_request:
        return "on request"
    rate = words.grouped(f"{charge.each.normalize():f}")
    quantity = f"{charge.quantity.normalize():,f}"
    unit = basis_of(charge)
    if unit == "percent":
        return f"{rate} % of {charge.quantity:,.2f}"
    counted = "km" if count == 1 and unit in words.UNIT_KM else words.BASES.get(unit, unit)
    told = f"{quantity} {counted} x {rate}"
    for factor in charge.factors:
        told += f" x {factor.value.normalize():f}"
    return f"{told} ({charge.limited})" if charge.limited else told


def _marks(line: PriceLine) -> Iterator[str]:
    if line.charge.estimate:
        yield "est"
    if line.charge.carried_forward:
        yield "old"
