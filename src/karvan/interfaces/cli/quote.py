"""`karvan quote`: a through quote in the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from karvan.domain.errors import Fault, InvalidRequest
from karvan.interfaces.cli import cargo_options as cargo
from karvan.interfaces.cli import quote_files
from karvan.interfaces.cli import wish_options as wish
from karvan.interfaces.cli.comparing import compare_dates
from karvan.interfaces.cli.keeping import keep_answers, read_situation, tell_kept
from karvan.interfaces.cli.options import Data, DatabaseUrl, Json, Now, Session, Store, session
from karvan.interfaces.cli.output import print_drawn, print_exactly, tell_progress
from karvan.interfaces.cli.quotes import quote_again, refuse_beside_again
from karvan.interfaces.json_text import render_json

if TYPE_CHECKING:
    from karvan.services.quoting.answer import Quote
    from karvan.services.quoting.store import TableSet

Latest = Annotated[
    str | None, typer.Option(help="Day or instant by which it is wanted.", metavar="DATE")
]
From = Annotated[
    str | None,
    typer.Argument(metavar="FROM", help="Place or city: id, UN/LOCODE, station or name."),
]
To = Annotated[str | None, typer.Argument(metavar="TO", help="The same, for the other end.")]
Ready = Annotated[
    str | None,
    typer.Option(
        help="Day at the origin, or instant, from which the goods are ready; "
        "+12 is in 12 days. [required]",
        metavar="DATE",
    ),
]
Currency = Annotated[str | None, typer.Option(help="Of the prices; USD.", metavar="CODE")]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        help="close:ID, open:SERVICE or headway:SERVICE:FACTOR; may be repeated.", metavar="CHANGE"
    ),
]
Samples = Annotated[
    str | None, typer.Option(help="Journeys drawn for each way; 1000.", metavar="N")
]
Seed = Annotated[str | None, typer.Option(help="Seed of the draws.", metavar="N")]
Again = Annotated[
    str | None,
    typer.Option(
        help="Make a kept quote again from its stored versions, in place of a new one.",
        metavar="ID",
    ),
]
Weeks = Annotated[
    int | None,
    typer.Option(
        help="Compare with the same request ready up to N weeks later.", metavar="N", min=1, max=10
    ),
]
All = Annotated[bool, typer.Option("--all", help="Show every way, not the telling ones only.")]
DetailRank = Annotated[
    int, typer.Option(help="Rank of the way whose details are shown.", metavar="RANK", min=1)
]

Pdf = Annotated[
    Path | None, typer.Option("--pdf", metavar="FILE.pdf", help="Write it for print as well.")
]
Xlsx = Annotated[
    Path | None,
    typer.Option("--xlsx", metavar="FILE.xlsx", help="Write it as a spreadsheet as well."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace files that are there already.")]

#: Options that are text to the command line and whole numbers to a request.
_WHOLE: Final = (*cargo.WHOLE, "samples", "seed", "most")

#: Parameters of the command under the names that a request has for them.
_RENAMED: Final = {"origin": "from", "destination": "to", "change": "changes"}

#: Parameters of the command that are no field of a request.
_NO_FIELDS: Final = frozenset(
    {
        "context",
        "now",
        "data",
        "store",
        "database",
        "again",
        "show_all",
        "detail",
        "pdf",
        "xlsx",
        "force",
    }
    | {"as_json", "compare_weeks"}
)


def quote(
    context: typer.Context,
    origin: From = None,
    destination: To = None,
    container: cargo.Container = None,
    wagon: cargo.Wagon = None,
    truck: cargo.Truck = None,
    bulk: cargo.Bulk = None,
    oil: cargo.Oil = None,
    mass_kg: cargo.MassKg = None,
    mass_t: cargo.MassT = None,
    hs: cargo.Hs = None,
    ready: Ready = None,
    count: cargo.Count = None,
    container_number: cargo.Number = None,
    container_owner: cargo.ContainerOwner = None,
    wagon_owner: cargo.WagonOwner = None,
    pool: cargo.Pool = None,
    gauge_mm: cargo.Gauge = None,
    length_m: cargo.Length = None,
    axles: cargo.Axles = None,
    laden: cargo.Laden = None,
    return_empty: cargo.ReturnEmpty = None,
    un: cargo.Un = None,
    hazard_class: cargo.HazardClass = None,
    packing_group: cargo.PackingGroup = None,
    temperature_c: cargo.Temperature = None,
    loaded_length_m: cargo.LoadedLength = None,
    loaded_width_m: cargo.LoadedWidth = None,
    loaded_height_m: cargo.LoadedHeight = None,
    train: cargo.Train = None,
    yearly_units: cargo.Yearly = None,
    customer: cargo.Customer = None,
    latest_arrival: Latest = None,
    avoid: wish.Avoid = None,
    via: wish.Via = None,
    no_transit: wish.NoTransit = None,
    rank_by: wish.RankBy = None,
    weights: wish.Weights = None,
    most: wish.Most = None,
    payers: wish.Payers = None,
    currency: Currency = None,
    change: Changes = None,
    samples: Samples = None,
    seed: Seed = None,
    now: Now = None,
    data: Data = None,
    store: Store = None,
    database: DatabaseUrl = None,
    again: Again = None,
    compare_weeks: Weeks = None,
    show_all: All = False,
    detail: DetailRank = 1,
    pdf: Pdf = None,
    xlsx: Xlsx = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Ask for a through quote from FROM to TO.

    Gives several ways with legs, price lines, days as quantiles, CO2e and documents. The same
    request, clock (--now) and tables give the same answer, to the byte.

    karvan quote CN-XIA TR-IST --container 40HC --mass-kg 18000 --hs 851660 --ready +12

    A shipment has one unit: --container, --wagon, --truck, --bulk or --oil.
    """
    given = locals()
    targets = quote_files.targets(pdf=pdf, xlsx=xlsx, force=force)
    work = session(context, {"data": data, "store": store, "database": database})
    instant = work.now(now)
    body = _body(given, instant)
    if again is not None or compare_weeks is not None:
        _instead(work, given, body, instant)
        return
    shown = _Shown(all_ways=show_all, detail=detail, as_json=as_json)
    _quote(work, body, instant, targets, shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What of the answer is printed, and how."""

    all_ways: bool
    detail: int
    as_json: bool


def _quote(
    work: Session,
    body: dict[str, object],
    now: datetime,
    targets: Mapping[str, Path],
    shown: _Shown,
) -> None:
    """Answer, keep the answer, write its files, print it."""
    answer, goods, tables = _answer(work, body, now, as_json=shown.as_json)
    text = _text(answer)
    kept = keep_answers(work, tables, [text], as_json=shown.as_json)
    if targets:
        quote_files.write(work, answer, goods, targets)
    if shown.as_json:
        print_exactly(text)
    else:
        _show(answer, goods, show_all=shown.all_ways, detail=shown.detail)
    if kept:
        tell_kept(answer.quote_id)


def _instead(
    work: Session, given: Mapping[str, object], body: dict[str, object], now: datetime
) -> None:
    """In place of one new quote: a kept one again, or several ready dates."""
    again, weeks, as_json = (given[name] for name in ("again", "compare_weeks", "as_json"))
    if isinstance(again, str):
        beside = {name: given[name] for name in ("pdf", "xlsx", "compare_weeks")}
        refuse_beside_again({**body, **beside})
        quote_again(work, again, now, as_json=bool(as_json))
    elif isinstance(weeks, int):
        compare_dates(work, body, weeks, now, as_json=bool(as_json))


def _text(answer: Quote) -> str:
    """The answer as it is printed and kept."""
    from karvan.services.quoting.rendering import quote_json

    return render_json(quote_json(answer))


def _body(given: Mapping[str, object], now: datetime) -> dict[str, object]:
    """The request that the options of the command make; what is not given stays out."""
    fields = {_RENAMED.get(name, name): value for name, value in given.items()}
    ready = given["ready"]
    fields["ready"] = in_days(None if ready is None else str(ready), now)
    for name in ("changes", "avoid", "via", "no_transit"):
        fields[name] = fields[name] or None
    fields.update(wish.paired(given))
    fields.update({name: _number(fields[name]) for name in _WHOLE})
    return {
        name: value
        for name, value in fields.items()
        if value is not None and name not in _NO_FIELDS
    }


def _answer(
    work: Session, body: dict[str, object], now: datetime, *, as_json: bool
) -> tuple[Quote, str, TableSet | None]:
    """The quote, what its HS code says, and the tables to keep with it."""
    from karvan.services.quoting.quote import Quoting
    from karvan.services.quoting.request import RequestReader
    from karvan.services.quoting.told_names import carrier_names, place_names

    published, tables = work.tables()
    situation = read_situation(work, published.network, now, as_json=as_json)
    request = RequestReader(published.network, published.book).read(body, now)
    tell_progress("Searching; the first run on a machine compiles for up to a minute ...")
    made = Quoting(published).quote(request, now, situation)
    network = published.network
    answer = replace(made, place_names=place_names(network), carrier_names=carrier_names(network))
    return answer, published.network.rules.hs.get(request.cargo.hs, ""), tables


def _show(answer: Quote, goods: str, *, show_all: bool, detail: int) -> None:
    from karvan.interfaces.cli.quote_page import QuotePage

    ways = len(answer.alternatives)
    if detail > ways:
        raise InvalidRequest(
            [Fault("out-of-range", "there are not so many ways", "/detail", fix=f"1 to {ways}")]
        )
    page = QuotePage(quote=answer, goods=goods, show_all=show_all, detail=detail - 1)
    print_drawn(page.draw)


def _number(text: object) -> object:
    """A whole number where it is one; other text is told by the reader."""
    whole = isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 20
    return int(str(text)) if whole else text


def in_days(text: str | None, now: datetime) -> str | None:
    """`+12` as the day that many days after the clock's."""
    if text is None or not text.startswith("+"):
        return text
    days = text[1:]
    if not (days.isascii() and days.isdigit() and len(days) < 5):
        return text
    return (now + timedelta(days=int(days))).date().isoformat()
