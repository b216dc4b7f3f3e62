"""Write data/planning/freight_costs.csv: what the tariff book asks for a good on each link.

    python tools/freight_costs.py            write the table
    python tools/freight_costs.py --check    fail when the table is stale (half a minute)

Every lane of the freight demand is quoted, once as it is and once without Russia, and the prices
of all alternatives are laid on their links and averaged.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from karvan.adapters.files.freight_tables import read_freight
from karvan.bootstrap import ShippedTableSets
from karvan.domain.errors import InvalidRequest, NotFound
from karvan.services.planning.book_costs import averaged, laid_on_links
from karvan.services.planning.freight_base import Good, LinkCost
from karvan.services.quoting.published import Published
from karvan.services.quoting.quote import Quoting
from karvan.services.quoting.request import RequestReader

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "src" / "karvan" / "data" / "planning" / "freight_costs.csv"
#: The clock of the quotes, and the day the cargo is ready: prices hardly move with it.
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
READY = "2026-12-03"
COLUMNS = ("link", "good", "usd", "low", "high", "routes")
#: Lanes beside those of the demand: by ship in bulk, and by parts of a road.
MORE = {
    "grain": (
        ("bulk:grain", ("KZ-AKT", "IR-AMI")),
        ("bulk:grain", ("KZ-AKT", "IR-ANZ")),
        ("wagon:covered_wagon", ("KZ-KUR", "AZ-ALT")),
    ),
    "metals": (
        ("bulk:fertiliser", ("KZ-AKT", "IR-AMI")),
        ("wagon:covered_wagon", ("KZ-KUR", "AZ-ALT")),
    ),
    "general": (
        ("bulk:fertiliser", ("KZ-AKT", "IR-AMI")),
        ("wagon:covered_wagon", ("KZ-KUR", "AZ-ALT")),
        ("wagon:covered_wagon", ("AZ-ALT", "KZ-KUR")),
    ),
    "fertiliser": (("bulk:fertiliser", ("TM-GAR", "AZ-ALT")),),
    "trucks": (
        ("truck:16.5", ("KZ-ALM", "KZ-KUR")),
        ("truck:16.5", ("UZ-TAS", "KZ-KUR")),
        ("truck:16.5", ("KZ-KUR", "AZ-ALT")),
        ("truck:16.5", ("AZ-ALT", "GE-TBS")),
        ("truck:16.5", ("AZ-ALT", "KZ-KUR")),
    ),
}
#: Goods codes of what goes loose in a ship: such a ship asks for the tonne, whatever it is.
BULK_CODES = {"bulk:fertiliser": "310210"}
#: Goods whose prices stand for those of others: an empty box at a half.
SHARES = {"empties": ("containers", 0.5)}
#: Links that cost a kilometre what another one does: ferries of Turkmenbashi carry trucks too.
LIKE = {
    "trucks": {
        "TM-KRW--AZ-ALT:rail_ferry": "KZ-KUR--AZ-ALT:roro",
        "AZ-ALT--TM-KRW:rail_ferry": "AZ-ALT--KZ-KUR:roro",
    }
}


def made() -> str:
    """The table as it should be."""
    published = ShippedTableSets().open().published
    base = read_freight()
    quoting, reader = Quoting(published), RequestReader(published.network, published.book)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for good in base.goods:
        source, share = SHARES.get(good.id, (good.id, 1.0))
        of = base.good(source)
        lanes = sorted({(row.origin, row.destination) for row in base.demand if row.good == source})
        priced = [
            route for lane in lanes for route in _routes(published, quoting, reader, of, lane)
        ]
        for kind, lane in MORE.get(source, ()):
            one = replace(of, quote_unit=kind, hs=BULK_CODES.get(kind, of.hs))
            priced += _routes(published, quoting, reader, one, lane)
        links = [link for link in published.network.links.values() if link.mode in good.modes]
        found = {
            row.link: row for row in averaged(good.id, priced, of.quote_t / of.t_per_unit, links)
        }
        for row in (*found.values(), *_like(published, found, LIKE.get(good.id, {}))):
            scaled = (row.usd * share, row.low * share, row.high * share)
            writer.writerow((row.link, row.good, *(f"{each:.4f}" for each in scaled), row.routes))
    return out.getvalue()


def _like(
    published: Published, found: Mapping[str, LinkCost], wanted: Mapping[str, str]
) -> Iterator[LinkCost]:
    """What links cost that are priced like others, by their lengths."""
    lengths = {str(link.id): link.length_km for link in published.network.links.values()}
    for name, other in wanted.items():
        row, part = found[other], lengths[name] / lengths[other]
        yield replace(
            row,
            link=name,
            usd=row.usd * part,
            low=row.low * part / 2,
            high=row.high * part * 2,
            routes=0,
        )


def _routes(
    published: Published,
    quoting: Quoting,
    reader: RequestReader,
    good: Good,
    lane: tuple[str, str],
) -> list[dict[str, float]]:
    origin, destination = lane
    kind, _, unit = good.quote_unit.partition(":")
    body: dict[str, object] = {
        "from": origin,
        "to": destination,
        kind: unit,
        "mass_kg": str(round(good.quote_t * 1000)),
        "hs": good.hs,
        "ready": READY,
        "samples": 50,
        "currency": "USD",
    }
    if good.hazard_class:
        body["un"] = "UN2912"
    found = []
    for wish in ({}, {"no_transit": ["RU"]}):
        try:
            quote = quoting.quote(reader.read({**body, **wish}, NOW), NOW)
        except (InvalidRequest, NotFound) as error:
            print(f"{good.id} {origin} {destination}: {error}", file=sys.stderr)
            continue
        found += [dict(laid_on_links(published.network, way)) for way in quote.alternatives]
    return found


if __name__ == "__main__":
    table = made()
    if "--check" in sys.argv:
        sys.exit(0 if TABLE.read_text(encoding="utf-8") == table else f"{TABLE.name} is stale")
    TABLE.write_text(table, encoding="utf-8")
