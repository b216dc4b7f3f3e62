"""Write docs/reference/calibration.md: published through rates beside our own price.

    python tools/calibration_page.py            price every lane anew and write the page
    python tools/calibration_page.py --check    fail when the page was made from another book

The lanes are in tools/calibration_lanes.csv, by hand, one for each through rate of the facts, with
day, container and scope. Each is priced twice: by the book as it is, and by the book without the
rates that name the fact, so that no figure is compared with itself alone. The check compares the
version of the tariff book that the page names: pricing takes a minute.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from karvan.adapters.files.published import load_published
from karvan.domain.errors import KarvanError
from karvan.domain.tariff import TariffBook
from karvan.services.quoting.published import Published
from karvan.services.quoting.quote import Quoting
from karvan.services.quoting.request import RequestReader

ROOT = Path(__file__).resolve().parent.parent
LANES = ROOT / "tools" / "calibration_lanes.csv"
PAGE = ROOT / "docs" / "reference" / "calibration.md"

#: A price so near the published one, in per cent, is a hit even outside its range.
NEAR_PERCENT = 25
#: Days between the quote and the day of acceptance.
AHEAD = timedelta(days=7)
MASS_KG = "18000"

Lane = dict[str, str]


@dataclass(frozen=True)
class Ours:
    """Our price of a lane in dollars with its ends; None where there is none, and why."""

    price: float | None
    low: float = 0.0
    high: float = 0.0
    why: str = ""

    def hits(self, lane: Lane) -> str:
        """Say `in range`, `near` or `miss`."""
        if self.price is None:
            return "no price"
        published = float(lane["amount"])
        low, high = float(lane["low"] or published), float(lane["high"] or published)
        if self.low <= high and low <= self.high:
            return "in range"
        return "near" if abs(self.price / published - 1) * 100 <= NEAR_PERCENT else "miss"


def read_lanes() -> list[Lane]:
    with LANES.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def without(book: TariffBook, fact: str) -> TariffBook | None:
    """The book without the rates that name a fact; None where no rate does."""
    rates = tuple(rate for rate in book.rates if fact not in rate.fact)
    return None if len(rates) == len(book.rates) else replace(book, rates=rates)


def price(published: Published, quoting: Quoting, lane: Lane) -> Ours:
    """Our cheapest way on a lane, in its family; of it one carrier's lines where one is named."""
    ready = datetime.fromisoformat(lane["day"]).replace(tzinfo=UTC)
    now = ready - AHEAD
    body: dict[str, object] = {
        "from": lane["from"],
        "to": lane["to"],
        "container": lane["container"],
        "mass_kg": MASS_KG,
        "hs": "851660",
        "ready": lane["day"],
        "samples": 50,
        "changes": [f"close:{place}" for place in filter(None, lane["closed"].split(";"))],
    }
    try:
        request = RequestReader(published.network, published.book).read(body, now)
        answer = quoting.quote(request, now)
    except KarvanError as error:
        return Ours(None, why=str(error))
    ways = [each for each in answer.alternatives if lane["family"] in ("", each.family)]
    if not ways:
        return Ours(None, why="no way of this family has a rate for every part")
    best = min((each.price for each in ways), key=lambda made: made.total.minor_units)
    if not lane["carrier"]:
        total, low, high = (float(m.to_decimal()) for m in (best.total, best.low, best.high))
        return Ours(total, low, high)
    charges = [line.charge for line in best.lines if line.charge.carrier == lane["carrier"]]
    sums = (
        sum(each.micro for each in charges),
        sum(each.low_micro for each in charges),
        sum(each.high_micro for each in charges),
    )
    if not charges:
        return Ours(None, why=f"no line of {lane['carrier']} on the cheapest way")
    return Ours(*(each / 1e6 for each in sums))


def compare(published: Published, lanes: Sequence[Lane]) -> list[tuple[Lane, Ours, Ours | None]]:
    """Price each lane by the book, and by the book without its own rates."""
    whole = Quoting(published)
    found: list[tuple[Lane, Ours, Ours | None]] = []
    for lane in lanes:
        if not lane["from"]:
            found.append((lane, Ours(None, why=lane["why"]), None))
            continue
        book = without(published.book, lane["fact"])
        again = None
        if book is not None:
            other = replace(published, book=book)
            again = price(other, Quoting(other), lane)
        found.append((lane, price(published, whole, lane), again))
        print(lane["fact"], found[-1][1], found[-1][2], file=sys.stderr)
    return found


HEAD = """\
# Published through rates beside our prices

Made by `tools/calibration_page.py` from tariff book {version}; do not edit.

Every through rate that the facts have, on its lane, in its year, for its container with 18 t:
what was published in dollars, and what a quote accepted on that day says, with its low and high
end. *In range* means that the two ranges touch; *near*, that our price is within {near} % of the
figure; anything else is a *miss*. Where the figure is itself a rate of the book, or an estimate
was made from it, the last columns price the lane again without those rates: only they say whether
the rest of the book finds it.

{verdict}

| Fact | Lane | Day | Unit | Published | Ours | Range | Off by | | Without | Range | |
|---|---|---|---|---:|---:|---:|---:|---|---:|---:|---|
"""

TAIL = """
## What each figure covers, and why we miss

| Fact | Scope of the published figure | Ours |
|---|---|---|
"""

LEFT_OUT = """
## What this leaves out

Ours is from terminal to terminal: no collection, delivery, hire of the container or margin of a
forwarder, all of which a market figure may contain. Subsidies of Chinese provinces lower market
figures by up to 40 %. Before 2025 most of our rates are those of 2025. No figure of ours was
fitted to a lane of this page; ranges are wide because they add up the ends of all lines, so *in
range* says little where the range is a factor of three.
"""


def page(published: Published, rows: Sequence[tuple[Lane, Ours, Ours | None]]) -> str:
    return "".join(
        (
            HEAD.format(version=published.book.version, near=NEAR_PERCENT, verdict=verdict(rows)),
            *(table_row(*row) for row in rows),
            TAIL,
            *reasons(rows),
            LEFT_OUT,
        )
    )


def verdict(rows: Sequence[tuple[Lane, Ours, Ours | None]]) -> str:
    """Count hits, with the figure in the book and, where it was there, without."""
    priced = [(lane, ours) for lane, ours, _ in rows if ours.price is not None]
    alone = [(lane, again or ours) for lane, ours, again in rows if ours.price is not None]
    names = ("in range", "near", "miss", "no price")

    def counted(pairs: Sequence[tuple[Lane, Ours]]) -> str:
        found = [ours.hits(lane) for lane, ours in pairs]
        return ", ".join(f"{found.count(name)} {name}" for name in names if name in found)

    return (
        f"{len(rows)} figures, {len(priced)} of them on lanes that can be priced: "
        f"{counted(priced)}. Each without its own rates: {counted(alone)}."
    )


def table_row(lane: Lane, ours: Ours, again: Ours | None) -> str:
    published = f"{float(lane['amount']):,.0f}"
    if lane["low"]:
        published += f" ({float(lane['low']):,.0f} to {float(lane['high']):,.0f})"
    cells = [lane["fact"], lane["lane"], lane["day"], size(lane), published]
    cells += [*figures(ours), against(lane, ours), ours.hits(lane)]
    cells += ["", "", ""] if again is None else [*figures(again), again.hits(lane)]
    return f"| {' | '.join(cells)} |\n"


def size(lane: Lane) -> str:
    return "40 ft" if lane["container"].startswith("4") else "20 ft"


def figures(ours: Ours) -> tuple[str, str]:
    if ours.price is None:
        return "", ""
    return f"{ours.price:,.0f}", f"{ours.low:,.0f} to {ours.high:,.0f}"


def against(lane: Lane, ours: Ours) -> str:
    if ours.price is None:
        return ""
    return f"{(ours.price / float(lane['amount']) - 1) * 100:+.0f} %"


def reasons(rows: Sequence[tuple[Lane, Ours, Ours | None]]) -> Iterator[str]:
    for lane, ours, _ in rows:
        yield f"| {lane['fact']} | {lane['scope']} | {lane['why'] or ours.why} |\n"


def main(arguments: Sequence[str]) -> int:
    published = load_published()
    stamp = f"from tariff book {published.book.version};"
    if "--check" in arguments:
        if stamp in PAGE.read_text(encoding="utf-8"):
            return 0
        print(f"{PAGE.name} is of another tariff book: run python tools/calibration_page.py")
        return 1
    text = page(published, compare(published, read_lanes()))
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
