"""`karvan network paths`: the shortest ways over the links, whatever the timetable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from karvan.domain.errors import NotFound
from karvan.interfaces.cli.network import EXIT_STATUS
from karvan.interfaces.cli.network_map import app
from karvan.interfaces.cli.options import Data, Json, Now, session
from karvan.interfaces.cli.output import print_drawn, print_json

if TYPE_CHECKING:
    from rich.console import Console

    from karvan.network.network import Network
    from karvan.services.network_paths import LinkPath


__all__ = ["app", "network_paths"]


class By(StrEnum):
    """What is to be short."""

    KM = "km"
    HOURS = "hours"


@app.command("paths", epilog=EXIT_STATUS)
def network_paths(
    context: typer.Context,
    origin: Annotated[
        str, typer.Argument(metavar="FROM", help="Place or city: id, UN/LOCODE, station or name.")
    ],
    destination: Annotated[str, typer.Argument(metavar="TO", help="The same.")],
    k: Annotated[int, typer.Option("--k", help="How many ways.", min=1, max=100)] = 5,
    by: Annotated[By, typer.Option(help="Shortest in length, or in time in motion.")] = By.KM,
    mode: Annotated[
        list[str] | None,
        typer.Option(
            help="Only links of this mode, like rail; may be repeated. All but pipelines.",
            metavar="MODE",
        ),
    ] = None,
    now: Now = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List the shortest ways over the links in service today, whatever the timetable.

    Hours are time in motion: without borders, handling and waits, which a quote has.
    """
    from karvan.interfaces.places import PlaceBook
    from karvan.network.links import Mode
    from karvan.services.network_paths import Measure, find_paths

    work = session(context, {"data": data})
    day = work.now(now).date()
    known = [each.value for each in Mode]
    unknown = [each for each in mode or () if each not in known]
    if unknown:
        raise NotFound("no such mode", given=unknown, known=known)
    network = work.published().network
    book = PlaceBook(network)
    start, end = book.get(origin), book.get(destination)
    found = find_paths(
        network,
        start.members,
        end.members,
        day=day,
        measure=Measure(by.value),
        k=k,
        modes=[Mode(each) for each in mode or ()],
    )
    if as_json:
        print_json(
            {
                "from": start.id,
                "to": end.id,
                "by": by.value,
                "day": day.isoformat(),
                "paths": [_path_json(path) for path in found],
            }
        )
    else:
        print_drawn(lambda console: _draw(console, network, found))


def _path_json(path: LinkPath) -> Mapping[str, object]:
    running_h = path.running_h
    return {
        "length_km": round(path.length_km, 1),
        "running_h": None if running_h is None else round(running_h, 1),
        "places": [path.links[0].from_place, *(link.to_place for link in path.links)],
        "links": [
            {
                "id": link.id,
                "mode": link.mode.value,
                "length_km": round(link.length_km, 1),
                "running_h": None if link.running_h is None else round(link.running_h, 1),
                "estimate": link.estimate,
            }
            for link in path.links
        ],
    }


def _draw(console: Console, network: Network, found: Sequence[LinkPath]) -> None:
    """A row for each stage of a way; the first one has the number of the way and its sums."""
    from karvan.interfaces.cli import words
    from karvan.interfaces.cli.network_pages import table

    made = table(
        "way", "km", "hours", "mode", "stage km", "places", numbers=("km", "hours", "stage km")
    )
    for number, path in enumerate(found, 1):
        hours = path.running_h
        head = (str(number), f"{path.length_km:,.0f}", "-" if hours is None else f"{hours:,.0f}")
        for stage in path.stages():
            places = [stage.links[0].from_place, *(link.to_place for link in stage.links)]
            mode = stage.links[0].mode.value
            made.add_row(
                *head,
                words.MODES.get(mode, mode.replace("_", " ")),
                f"{stage.length_km:,.0f}",
                ", ".join(network.places[place].name for place in places),
            )
            head = ("", "", "")
    console.print(made)
    console.print("Hours are time in motion: without borders, handling and waits.")
