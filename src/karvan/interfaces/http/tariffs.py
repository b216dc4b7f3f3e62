"""The tariff book to read: every row with its source, its age and whether it is an estimate."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from karvan.domain.errors import Fault, InvalidInput, InvalidRequest, NotFound
from karvan.domain.instants import parse_date
from karvan.interfaces.http.desk import Desk
from karvan.interfaces.http.reading import SAME, DeskOf, Limit, kept, problems
from karvan.interfaces.http.schemas import Model
from karvan.interfaces.tariff_rows import row_json
from karvan.services.rate_sheets import RowKind, SheetRow, Wanted, rows_on, select

#: The carrier that charges of places stand under.
PLACES: Final = "places"

router = APIRouter(tags=["tariffs"])

Figure = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$")]
Day = Annotated[str, Field(json_schema_extra={"format": "date"})]
On = Annotated[str, Query(max_length=10, description="Day on which the rows are looked at; today.")]


class TariffRow(Model):
    """A row of the book on a day."""

    id: str
    kind: Literal["rate", "coefficient", "surcharge", "cap"]
    carrier: str = Field(description="'' for charges of places, `*` for every carrier.")
    scope: str
    from_places: list[str] = Field(description="`*` for any.")
    to_places: list[str]
    both_ways: bool
    unit: str | None = Field(description="Kind of unit it is for; null for all.")
    equipment: list[str]
    conditions: list[str]
    figure: Figure | None = Field(description="Null where the price is on request.")
    low: Figure | None
    high: Figure | None
    in_: str = Field(alias="in", description="What the figure is in: `USD / container` ...")
    valid_from: Day | None
    valid_to: Day | None
    state: Literal[
        "in force", "carried forward", "on request", "no base", "ended", "replaced", "later"
    ]
    age_months: int = Field(description="Since it was last known to be in force.")
    estimate: bool
    rule: str
    fact: list[str]
    source: list[str]
    note: str


class TariffPage(Model):
    """Rows of the book on a day, a page at a time."""

    on: Day
    tariff_version: str
    items: list[TariffRow]
    total: int
    next: str | None = Field(description="Address of the next page.")


class OneTariffRow(TariffRow):
    """A row of the book, with the day and the book."""

    on: Day
    tariff_version: str


@router.get(
    "/v1/tariffs",
    response_model=TariffPage,
    responses=problems(e422="A parameter is wrong.") | SAME,
)
def list_tariffs(
    desk: DeskOf,
    request: Request,
    carrier: Annotated[
        str, Query(max_length=40, description="Carrier or joint tariff; `places` for charges.")
    ] = "",
    kind: Annotated[RowKind | None, Query(description="Only rows of this kind.")] = None,
    scope: Annotated[str, Query(max_length=40, description="`haul`, `border` ...")] = "",
    place: Annotated[
        str, Query(max_length=40, description="Only rows that name this place or country.")
    ] = "",
    unit: Annotated[
        str,
        Query(max_length=40, description="Unit or its class: `container`, `40` ..."),
    ] = "",
    hs: Annotated[
        str, Query(pattern="^([0-9]{2,6})?$", description="Only rows open to these goods.")
    ] = "",
    estimate: Annotated[bool | None, Query(description="Only estimates, or only others.")] = None,
    history: Annotated[
        bool, Query(description="Rows that are replaced, ended or not begun, too.")
    ] = False,
    on: On = "",
    limit: Limit = 50,
    after: Annotated[str, Query(max_length=40, description="Id of the row before the page.")] = "",
) -> Response:
    """List rows of the tariff book as they are on a day.

    Rates, coefficients, surcharges and caps; of each its figure with both ends, what it is for,
    from when, how old, from which source, and whether it is an estimate.
    """
    day = _day(on, desk)
    wanted = Wanted(
        carrier="" if carrier == PLACES else carrier,
        scope=scope,
        place=place,
        cargo=unit,
        history=history,
    )
    every = rows_on(desk.published.book, day)
    _see_carrier(every, carrier)
    rows = [
        row
        for row in select(every, wanted)
        if (carrier != PLACES or not row.row.carrier)
        and kind in (None, row.kind)
        and estimate in (None, row.row.estimate)
        and (not hs or _is_open(row, hs))
    ]
    first = _first(rows, after)
    chosen = rows[first : first + limit]
    following = None
    if first + limit < len(rows):
        given = {name: value for name, value in request.query_params.items() if name != "after"}
        following = f"/v1/tariffs?{urlencode({**given, 'after': chosen[-1].row.id})}"
    return kept(
        request,
        {
            "on": day.isoformat(),
            "tariff_version": desk.published.book.version,
            "items": [row_json(each) for each in chosen],
            "total": len(rows),
            "next": following,
        },
    )


@router.get(
    "/v1/tariffs/{id}",
    response_model=OneTariffRow,
    responses=problems(e404="No row has this id.", e422="A parameter is wrong.") | SAME,
)
def show_tariff(
    desk: DeskOf,
    request: Request,
    id_: Annotated[str, Path(alias="id", max_length=40)],
    on: On = "",
) -> Response:
    """Show one row of the tariff book as it is on a day; the `rule` of a price line begins so."""
    day, book = _day(on, desk), desk.published.book
    rows = {each.row.id: each for each in rows_on(book, day)}
    if id_ not in rows:
        near = difflib.get_close_matches(id_, rows, n=3)
        raise NotFound("no row of the book has this id", given=id_, suggestions=near)
    day_and_book = {"on": day.isoformat(), "tariff_version": book.version}
    return kept(request, {**row_json(rows[id_]), **day_and_book})


def _day(text: str, desk: Desk) -> date:
    if not text:
        return desk.clock().date()
    try:
        return parse_date(text)
    except InvalidInput as error:
        raise InvalidRequest([Fault.of(error, "query/on")]) from None


def _see_carrier(rows: Sequence[SheetRow], carrier: str) -> None:
    known = {each.row.carrier for each in rows} - {""}
    if carrier not in {"", PLACES, *known}:
        near = difflib.get_close_matches(carrier, sorted(known), n=3, cutoff=0.4)
        facts = {"given": carrier, "suggestions": near}
        fault = Fault("not-found", "no such carrier in the book", "query/carrier", facts=facts)
        raise InvalidRequest([fault])


def _is_open(row: SheetRow, hs: str) -> bool:
    """Whether no condition on goods keeps these out; others depend on more than the goods."""
    facts: dict[str, str | Decimal] = {"hs": hs.ljust(6, "0")}
    return all(each.holds(facts) for each in row.row.conditions if each.fact == "hs")


def _first(rows: Sequence[SheetRow], after: str) -> int:
    """Number of the first row of a page; raises `InvalidRequest`."""
    if not after:
        return 0
    for number, each in enumerate(rows, 1):
        if each.row.id == after:
            return number
    words = "must be the id of a row of this list, as a page gave it"
    raise InvalidRequest([Fault("invalid-input", words, "query/after")])
