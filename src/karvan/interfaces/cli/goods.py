"""`karvan goods`: what a goods code usually brings with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from karvan.interfaces.cli.options import Data, Json, Now, session
from karvan.interfaces.cli.output import print_json, print_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from karvan.services.goods import GoodsPage


def goods(
    context: typer.Context,
    code: Annotated[
        str, typer.Argument(metavar="CODE", help="Six digits of the Harmonized System.")
    ],
    now: Now = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show what a goods code covers and what it usually brings with it.

    Danger, certificates, licences and bans as hints with their source; the class of goods in
    the tariff book; the code in each country's nomenclature as far as all share it.

    karvan goods 850760
    """
    from karvan.services.goods import goods_json, goods_page

    work = session(context, {"data": data})
    day = work.now(now).date()
    page = goods_page(work.published().network.rules, code, day)
    if as_json:
        print_json(goods_json(page))
    else:
        print_text("\n".join(_lines(page)))


def _lines(page: GoodsPage) -> Iterator[str]:
    yield f"HS {page.code}  {page.description}"
    yield f"   heading {page.code.heading}  {page.heading}"
    yield f"   chapter {page.code.chapter}  {page.chapter}"
    yield f"   class of goods in the tariff book: {page.commodity or 'none of its own'}"
    yield ""
    yield "Usually brings with it" if page.hints else "Nothing special is known of it."
    for row in page.hints:
        where = "" if "*" in row.territories else f" ({', '.join(row.territories)})"
        yield f"   {row.code}: {row.warning}{where}  [{';'.join(row.source)}]"
    if page.dangerous:
        yield "UN numbers such goods have"
    for entry in page.dangerous:
        groups = f", packing group {' or '.join(entry.packing_groups)}"
        yield (
            f"   UN{entry.un} {entry.name}, class {entry.hazard_class}"
            f"{groups if entry.packing_groups else ''}"
        )
    if page.documents:
        yield "Documents"
    for rule in page.documents:
        where = "" if "*" in rule.territories else f" ({', '.join(rule.territories)})"
        yield f"   {rule.document}{where}: {rule.rule}  [{';'.join(rule.source)}]"
    yield ""
    yield f"Codes: the first six digits are shared. GNG {page.gng}"
    for each, begin in page.codes:
        yield f"   {each.territory:<5} {begin:<13} {each.digits} digits, {each.name}"
