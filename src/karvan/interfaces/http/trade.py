"""Trade between two countries over HTTP: the figures of `karvan trade`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from karvan.domain.errors import NotFound
from karvan.interfaces.http.reading import SAME, kept, problems
from karvan.interfaces.http.schemas import Model
from karvan.network.trade import TradeTables
from karvan.services.trade.importing import TradeSource

router = APIRouter()

Country = Annotated[str, Query(min_length=1, max_length=20, description="Code of a country.")]


class TradeTold(Model):
    """What two countries buy of each other, as `karvan trade --json` prints it."""

    first: str
    second: str
    main_count: str = Field(description="Whose count the turnover is of.")
    years: list[dict[str, object]]
    both_counts: list[dict[str, object]]
    other_figures: list[dict[str, object]]
    baskets: list[dict[str, object]]
    baskets_of_other_years: list[int] = Field(
        description="Years of which baskets are told, where another year was asked for."
    )
    goods: list[dict[str, object]]
    loads: list[dict[str, object]] = Field(description="Tonnes and TEU, from stated estimates.")


@router.get(
    "/v1/trade",
    tags=["corridor"],
    response_model=TradeTold,
    responses=SAME
    | problems(
        e404="No country has this code, or nothing is known of the two, or of the year.",
        e422="A parameter cannot be right.",
    ),
)
def show_trade(
    request: Request,
    first: Country,
    second: Country,
    year: Annotated[int | None, Query(ge=1900, le=2200, description="This year alone.")] = None,
) -> Response:
    """Tell the trade of two countries: by year and way, its growth, its goods, its tonnes.

    What one country counts as sold and the other as bought differ; the counts stand apart.
    """
    from karvan.services.trade.loads import loads_of
    from karvan.services.trade.telling import trade_json
    from karvan.services.trade.turnover import trade_of

    tables = request.app.state.trade()
    found = trade_of(tables, first, second, year)
    return kept(request, trade_json(tables, found, loads_of(tables, found)))


def tables_of(source: TradeSource | None) -> Callable[[], TradeTables]:
    """Read the tables at the first request, and once."""

    @cache
    def read() -> TradeTables:
        if source is None:
            raise NotFound("this server has no tables of trade")
        return source.load()

    return read
