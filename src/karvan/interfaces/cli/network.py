"""`karvan network`: what the corridor is made of, and whether its tables hold together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from karvan.domain.errors import NotFound
from karvan.interfaces.cli.failures import DONE, WRONG_INPUT
from karvan.interfaces.cli.keeping import read_situation
from karvan.interfaces.cli.options import Data, Json, Now, session
from karvan.interfaces.cli.output import print_drawn, print_json
from karvan.interfaces.problems import table_fault_json

if TYPE_CHECKING:
    from karvan.network.network import Network

app = typer.Typer(no_args_is_help=True, help="The network.", rich_markup_mode=None)

Row = Mapping[str, object]
EXIT_STATUS = "Exit status: 0 done, 1 our fault, 2 wrong input or nothing found, 3 a limit reached."


class Kind(StrEnum):
    """What can be listed."""

    PLACES = "places"
    LINKS = "links"
    SERVICES = "services"
    CARRIERS = "carriers"


@app.callback()
def root() -> None:
    """Places, links, services and carriers of the corridor, and the checks of their tables."""


@app.command("check", epilog=EXIT_STATUS)
def check(context: typer.Context, data: Data = None, as_json: Json = False) -> None:
    """Check every table against every other.

    Names each fault with file, row and column. Faults make the tables unusable (exit status
    2), warnings do not. A figure that is too old today is the warning `stale`.
    """
    from karvan.interfaces.cli.network_pages import draw_check
    from karvan.network.ageing import find_stale, summarize_ages

    work = session(context, {"data": data})
    checked = work.wiring.tables.check(work.data)
    today = work.now(None).date()
    stale = find_stale(checked.figures, today)
    checked = replace(checked, warnings=(*checked.warnings, *stale))
    if as_json:
        published = checked.published
        print_json(
            {
                "network_hash": published.network.hashes.network if published else None,
                "tariff_version": published.book.version if published else None,
                "rows": dict(checked.rows),
                "ages": [asdict(ages) for ages in summarize_ages(checked.figures, today)],
                "faults": [table_fault_json(fault) for fault in checked.faults],
                "warnings": [table_fault_json(fault) for fault in checked.warnings],
            }
        )
    else:
        print_drawn(lambda console: draw_check(console, checked))
    raise typer.Exit(WRONG_INPUT if checked.faults else DONE)


@app.command("show", epilog=EXIT_STATUS)
def show(
    context: typer.Context,
    place: Annotated[
        str, typer.Argument(metavar="PLACE", help="Place or city: id, UN/LOCODE, station or name.")
    ],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show a place or city: names, links out, dwell times with source, services that call."""
    from karvan.interfaces.cli.network_pages import draw_place
    from karvan.interfaces.places import PlaceBook
    from karvan.services.quoting.told_names import place_names

    network = session(context, {"data": data}).published().network
    book = PlaceBook(network)
    described = book.describe(book.get(place).id)
    if as_json:
        print_json(described)
    else:
        print_drawn(lambda console: draw_place(console, described, place_names(network)))


@app.command("list", epilog=EXIT_STATUS)
def list_(
    context: typer.Context,
    kind: Annotated[Kind, typer.Argument(help="What to list.")] = Kind.PLACES,
    country: Annotated[
        str | None, typer.Option(help="Only of this country, like KZ.", metavar="CODE")
    ] = None,
    mode: Annotated[
        str | None, typer.Option(help="Only of this mode, like rail.", metavar="MODE")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List places, links, services or carriers."""
    from karvan.interfaces.cli.network_pages import draw_rows
    from karvan.network.links import Mode
    from karvan.services.quoting.told_names import place_names

    network = session(context, {"data": data}).published().network
    modes = [each.value for each in Mode]
    if mode is not None and mode not in modes:
        raise NotFound("no such mode", given=mode, known=modes)
    rows = [
        row
        for row, countries, used in _LISTED[kind](network)
        if (country is None or country.upper() in countries) and (mode is None or mode in used)
    ]
    if not rows:
        raise NotFound(f"no {kind.value} fit", country=country or "", mode=mode or "")
    if as_json:
        print_json({kind.value: rows})
    else:
        print_drawn(lambda console: draw_rows(console, rows, kind.value, place_names(network)))


@app.command("departures", epilog=EXIT_STATUS)
def departures(
    context: typer.Context,
    place: Annotated[
        str, typer.Argument(metavar="PLACE", help="Place or city: id, UN/LOCODE, station or name.")
    ],
    days: Annotated[int, typer.Option(help="How many days ahead.", min=1, max=90)] = 14,
    now: Now = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List dated departures from a place.

    ~ marks a nominal departure: its service leaves when full and publishes no days.
    """
    from karvan.interfaces.cli.network_pages import draw_departures
    from karvan.interfaces.departures import departures_from
    from karvan.interfaces.places import PlaceBook
    from karvan.services.quoting.told_names import place_names

    work = session(context, {"data": data})
    instant = work.now(now)
    network = work.published().network
    named = PlaceBook(network).get(place)
    situation = read_situation(work, network, instant, as_json=as_json)
    timetable = () if situation is None else situation.timetable
    found = departures_from(network, named.members, instant, days, timetable=timetable)
    if not found:
        raise NotFound("no departure in these days", place=named.id, days=days)
    if as_json:
        print_json({"place": named.id, "days": days, "departures": found})
    else:
        print_drawn(lambda console: draw_departures(console, place_names(network), named, found))


Listed = list[tuple[Row, set[str], set[str]]]


def _places(network: Network) -> Listed:
    used: dict[str, set[str]] = {}
    for link in network.links.values():
        used.setdefault(link.from_place, set()).add(link.mode.value)
    return [
        (
            {
                "id": place.id,
                "name": place.name,
                "country": place.country,
                "kind": place.kind.value,
                "gauges_mm": list(place.gauges),
                "status": place.status.value,
                "estimate": place.estimate,
            },
            {place.country},
            used.get(place.id, set()),
        )
        for _, place in sorted(network.places.items())
    ]


def _links(network: Network) -> Listed:
    return [
        (
            {
                "id": link.id,
                "mode": link.mode.value,
                "length_km": round(link.length_km, 1),
                "running_h": None if link.running_h is None else round(link.running_h, 1),
                "operator": link.operator,
                "status": link.status.value,
                "estimate": link.estimate,
            },
            {
                *link.countries,
                network.places[link.from_place].country,
                network.places[link.to_place].country,
            },
            {link.mode.value},
        )
        for _, link in sorted(network.links.items())
    ]


def _services(network: Network) -> Listed:
    return [
        (
            {
                "id": service.id,
                "carrier": service.operator,
                "mode": service.mode.value,
                "headway_h": service.headway_h,
                "calls": list(service.boarding_calls),
                "status": service.status.value,
                "estimate": service.estimate,
            },
            {network.places[call.place].country for call in service.calls},
            {service.mode.value},
        )
        for _, service in sorted(network.services.items())
    ]


def _carriers(network: Network) -> Listed:
    used: dict[str, set[str]] = {}
    for service in network.services.values():
        used.setdefault(service.operator, set()).add(service.mode.value)
    return [
        (
            {
                "id": carrier.id,
                "name": carrier.name,
                "kind": carrier.kind,
                "country": carrier.country,
                "operators": list(carrier.operators),
            },
            {carrier.country},
            used.get(carrier.id, set()),
        )
        for _, carrier in sorted(network.carriers.items())
    ]


_LISTED: Mapping[Kind, Callable[[Network], Listed]] = {
    Kind.PLACES: _places,
    Kind.LINKS: _links,
    Kind.SERVICES: _services,
    Kind.CARRIERS: _carriers,
}
