"""`karvan quote`: a through quote in the terminal."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from karvan.domain.errors import Fault, InvalidRequest
from karvan.interfaces.cli import quote_files
from karvan.interfaces.cli.keeping import keep_answers, tell_kept
from karvan.interfaces.cli.options import Data, Json, Now, Session, Store, session
from karvan.interfaces.cli.output import print_drawn, print_exactly, tell_progress
from karvan.interfaces.cli.quotes import quote_again, refuse_beside_again
from karvan.interfaces.json_text import render_json

if TYPE_CHECKING:
    from karvan.services.quoting.answer import Quote
    from karvan.services.quoting.store import TableSet

Number = Annotated[
    str | None, typer.Option(help="Number of the container, checked.", metavar="NUMBER")
]
Latest = Annotated[
    str | None, typer.Option(help="Day or instant by which it is wanted.", metavar="DATE")
]
From = Annotated[
    str | None,
    typer.Argument(metavar="FROM", help="Place or city: id, UN/LOCODE, station or name."),
]
To = Annotated[str | None, typer.Argument(metavar="TO", help="The same, for the other end.")]
Container = Annotated[
    str | None,
    typer.Option(help="Size and type: 40HC, 20DC, 45G1 ... [required]", metavar="TYPE"),
]
Mass = Annotated[str | None, typer.Option(help="Mass of the goods. [required]", metavar="KG")]
Hs = Annotated[
    str | None,
    typer.Option(help="Six digits of the Harmonized System. [required]", metavar="CODE"),
]
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
    typer.Option(help="close:ID or headway:SERVICE:FACTOR; may be repeated.", metavar="CHANGE"),
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
_WHOLE: Final = ("samples", "seed")


def quote(
    context: typer.Context,
    origin: From = None,
    destination: To = None,
    container: Container = None,
    mass_kg: Mass = None,
    hs: Hs = None,
    ready: Ready = None,
    container_number: Number = None,
    latest_arrival: Latest = None,
    currency: Currency = None,
    change: Changes = None,
    samples: Samples = None,
    seed: Seed = None,
    now: Now = None,
    data: Data = None,
    store: Store = None,
    again: Again = None,
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
    """
    targets = quote_files.targets(pdf=pdf, xlsx=xlsx, force=force)
    work = session(context, {"data": data, "store": store})
    instant = work.now(now)
    fields: dict[str, object] = {
        "from": origin,
        "to": destination,
        "container": container,
        "mass_kg": mass_kg,
        "hs": hs,
        "ready": in_days(ready, instant),
        "container_number": container_number,
        "latest_arrival": latest_arrival,
        "currency": currency,
        "changes": change or None,
        "samples": samples,
        "seed": seed,
    }
    fields.update({name: _number(fields[name]) for name in _WHOLE})
    body = {name: value for name, value in fields.items() if value is not None}
    if again is not None:
        refuse_beside_again({**body, "pdf": pdf, "xlsx": xlsx})
        quote_again(work, again, instant, as_json=as_json)
        return
    answer, goods, tables = _answer(work, body, instant)
    text = _text(answer)
    kept = keep_answers(work, tables, [text], as_json=as_json)
    if targets:
        quote_files.write(work, answer, goods, targets)
    if as_json:
        print_exactly(text)
    else:
        _show(answer, goods, show_all=show_all, detail=detail)
    if kept:
        tell_kept(answer.quote_id)


def _text(answer: Quote) -> str:
    """The answer as it is printed and kept."""
    from karvan.services.quoting.rendering import quote_json

    return render_json(quote_json(answer))


def _answer(
    work: Session, body: dict[str, object], now: datetime
) -> tuple[Quote, str, TableSet | None]:
    """The quote, what its HS code says, and the tables to keep with it."""
    from karvan.services.quoting.quote import Quoting
    from karvan.services.quoting.request import RequestReader

    published, tables = work.tables()
    request = RequestReader(published.network, published.book).read(body, now)
    tell_progress("Searching; the first run on a machine compiles for up to a minute ...")
    answer = Quoting(published).quote(request, now)
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
