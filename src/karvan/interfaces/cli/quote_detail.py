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
from karvan.network.activities import Activity, Element, OfficeWait, ReopeningWait, Wait
from karvan.services.quoting import wording
from karvan.services.quoting.answer import Alternative, Quote
from karvan.services.words import phrase, phrase_count, tell_message

if TYPE_CHECKING:
    from rich.console import Console

#: From this width on carriers have a column of their own.
WIDE: Final = 110

#: Causes of waiting, in the order they are told.
CAUSES: Final = (Cause.DEPARTURE, Cause.BORDER, Cause.WEATHER, Cause.CLOSED, Cause.QUEUE)


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
        name = tell_message(way.family_name)
        km = words.number(sum(leg.distance_km for leg in way.legs), 0)
        console.print(
            Text.assemble(
                (phrase("Way {rank}: {name}", rank=self.index + 1, name=name), "bold"),
                f", {phrase('{distance} km', distance=km)}, {_count(way)}",
            )
        )
        hours = way.times.hours
        console.print(
            phrase(
                "{moving} days moving, {handling} handling, {waiting} waiting",
                moving=words.number(hours.moving / 24, 1),
                handling=words.number(hours.handling / 24, 1),
                waiting=words.number(hours.waiting / 24, 1),
            )
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
        for cause in CAUSES:
            p50, p95 = (
                sum(getattr(part, f"{each}_h") for part in times.parts if part.cause is cause) / 24
                for each in ("p50", "p95")
            )
            if max(p50, p95) >= 0.05:
                name = wording.CAUSES[cause.value]
                told.append(f"{name} {words.number(p50, 1)} ({words.number(p95, 1)})")
        if told:
            console.print(
                phrase(
                    "Waiting, in days, in brackets of a journey at P95: {causes}",
                    causes=", ".join(told),
                )
            )
        if times.p50_h:
            share = words.number(100 * times.estimates_h / times.p50_h, 0)
            console.print(phrase("{share} % of the time rests on estimates", share=share))

    def _legs(self, width: int) -> Table:
        wide = width >= WIDE
        table = _table()
        table.add_column("", justify="right", no_wrap=True)
        table.add_column(phrase("Legs"), no_wrap=True)
        table.add_column(phrase("From - to"), ratio=1)
        if wide:
            table.add_column(phrase("Carrier"))
        table.add_column(phrase("Departs"), no_wrap=True)
        table.add_column(phrase("Arrives"), no_wrap=True)
        table.add_column(phrase("km"), justify="right", no_wrap=True)
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
                words.number(leg.distance_km, 0),
                words.tonnes(grams),
            )
        notes = phrase("Days and times are those of each place.")
        if any(leg.departure.nominal for leg in self.way.legs):
            notes += " " + phrase(
                "~ leaves when full: a nominal day; the promise is the range of days."
            )
        if self.way.hub_co2e_g:
            mass = words.tonnes(self.way.hub_co2e_g)
            notes += " " + phrase("CO2e of handling: {mass}.", mass=mass)
        table.caption = notes
        return table

    def _price(self, width: int) -> Table:
        wide = width >= WIDE
        price = self.way.price
        code = price.total.currency
        foreign = any(line.charge.currency != code for line in price.lines)
        table = _table(footer=True)
        estimated = words.grouped(price.estimated.amount)
        total = phrase("Total, {amount} of it estimates", amount=estimated)
        table.add_column(phrase("Price"), footer=total, ratio=1)
        if wide:
            table.add_column(phrase("Carrier"))
        table.add_column(phrase("Basis x rate"), justify="right")
        if foreign:
            table.add_column(phrase("Amount"), justify="right", no_wrap=True)
        amount = words.grouped(price.total.amount)
        table.add_column(code, justify="right", no_wrap=True, footer=amount)
        table.add_column("", no_wrap=True)
        for line in price.lines:
            charge = line.charge
            kind, at_place, _ = charge.carrier.partition(":")
            what = Text(f"{words.CHARGES.get(charge.code, charge.code)} {self._ends(line)}")
            carrier = wording.PAYEES.get(kind, kind) if at_place else None
            carrier = carrier or self._carrier(charge.carrier)
            if not wide and carrier and not at_place:
                what.append(f"\n{carrier}", style="dim")
            table.add_row(
                what,
                *([carrier] if wide else []),
                _basis(line, self.quote.request.cargo.count),
                *([f"{words.number(charge.amount, 2)} {charge.currency}"] if foreign else []),
                phrase("on request") if charge.on_request else words.grouped(line.quoted.amount),
                " ".join(_marks(line)),
            )
        low, high = words.grouped(price.low.amount), words.grouped(price.high.amount)
        notes = []
        if low != high:
            notes.append(
                phrase("Between {low} and {high} {currency}.", low=low, high=high, currency=code)
            )
        if any(line.charge.estimate for line in price.lines):
            notes.append(phrase("est: an estimate."))
        if any(line.charge.carried_forward for line in price.lines):
            notes.append(phrase("old: the last known rate, carried forward."))
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
            console.print(
                phrase(
                    "Joint tariff {joint}, {ends}, falls to: {parts} {currency}.",
                    joint=share.joint,
                    ends=ends,
                    parts=parts,
                    currency=code,
                )
            )
        if sharing.national is not None and sharing.joint:
            more = sharing.national - self.way.price.total
            console.print(
                phrase(
                    "The national tariffs alone ask {national} {currency} for this way, "
                    "{more} more.",
                    national=words.grouped(sharing.national.amount),
                    currency=code,
                    more=words.grouped(more.amount),
                )
            )
        paid = [
            phrase(
                "{payer} pays {carrier} {amount}",
                payer=payer,
                carrier=self._carrier(name),
                amount=words.grouped(sharing.amounts[name].amount),
            )
            for name, payer in payers.items()
            if name in sharing.amounts
        ]
        if paid:
            console.print(f"{'; '.join(paid)} {code}.")

    def _calls(self) -> Table:
        table = _table()
        table.add_column(phrase("Calls"))
        table.add_column(phrase("Hours, half of the time within"), ratio=1)
        elements = zip(self.way.elements, self.way.times.element_p50_h, strict=True)
        for place, group in groupby(elements, key=lambda pair: pair[0].place):
            told: dict[str, float] = {}
            for element, hours in group:
                name = _done(element)
                if name and round(hours) > 0:
                    told[name] = told.get(name, 0.0) + hours
            if told:
                parts = (
                    phrase("{what} {hours} h", what=name, hours=words.number(hours, 0))
                    for name, hours in told.items()
                )
                table.add_row(self._name(place), ", ".join(parts))
        return table

    def _documents(self, console: Console) -> None:
        console.print(Text(phrase("Documents"), style="bold"))
        where = ""
        documents = sorted(
            enumerate(self.way.documents), key=lambda pair: (self._first(pair[1].where), pair[0])
        )
        for _, each in documents:
            if each.where != where:
                where = each.where
                console.print(f"  {self._name(where)}")
            console.print(_indented(tell_message(each.document), tell_message(each.rule)))
        if not documents:
            console.print("  " + phrase("none known"))
        console.print()

    def _first(self, where: str) -> int:
        """The document list follows the way; what has no place comes last."""
        places = [self.way.legs[0].from_place, *(e.place for e in self.way.elements)]
        return places.index(where) if where in places else len(places)

    def _warnings(self, console: Console) -> None:
        if not self.way.advice:
            return
        console.print(Text(phrase("Look"), style="bold"))
        for each in self.way.advice:
            console.print(_indented(f"! {tell_message(each.message)}", tell_message(each.rule)))
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


def _done(element: Element) -> str:
    """What is done or waited for at a call, '' for the journey itself."""
    if isinstance(element, Activity):
        known = wording.ACTIVITIES.get(element.name, element.name)
        return "" if element.name == "run" else known
    if isinstance(element, OfficeWait):
        return wording.OFFICES.get(element.office) or phrase("closed")
    if isinstance(element, ReopeningWait):
        return phrase("closed")
    return wording.ACTIVITIES["departure" if isinstance(element, Wait) else "weather"]


def _count(way: Alternative) -> str:
    legs = len(way.legs)
    carriers = len({leg.service.operator for leg in way.legs})
    told = phrase_count("{count} leg", "{count} legs", legs)
    return f"{told}, {phrase_count('{count} carrier', '{count} carriers', carriers)}"


def _basis(line: PriceLine, count: int) -> str:
    charge = line.charge
    if charge.on_request:
        return phrase("on request")
    rate = words.grouped(f"{charge.each.normalize():f}")
    quantity = words.number(charge.quantity.normalize())
    unit = basis_of(charge)
    if unit == "percent":
        return phrase("{rate} % of {sum}", rate=rate, sum=words.number(charge.quantity, 2))
    counted = phrase("km") if count == 1 and unit in words.UNIT_KM else words.BASES.get(unit, unit)
    told = f"{quantity} {counted} x {rate}"
    for factor in charge.factors:
        told += f" x {words.number(factor.value.normalize())}"
    limit = wording.LIMITS.get(charge.limited, charge.limited)
    return f"{told} ({limit})" if limit else told


def _marks(line: PriceLine) -> Iterator[str]:
    if line.charge.estimate:
        yield phrase("est")
    if line.charge.carried_forward:
        yield phrase("old")
