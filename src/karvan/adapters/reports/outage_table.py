"""Ranks of outages with what they cost and why, those of one rank in one row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from karvan.adapters.reports.list_cells import HEADINGS, TITLES, Cells
from karvan.adapters.reports.markup import Child, Markup, tag
from karvan.adapters.reports.telling import number, section, table
from karvan.services.planning.result_tables import Table
from karvan.services.planning.wording import OUTAGES, amount, unit
from karvan.services.words import phrase, phrase_count

_RANKS: Final = 40
#: Less than this, in thousand US dollars, is told as nothing.
_NOTHING_KUSD: Final = 50.0
_KUSD_PER_MUSD: Final = 1000.0


def outages_section(outages: Table, reasons: Table, cells: Cells) -> Markup:
    """The section: rank, what is out, cost, worth left behind, why."""
    groups: dict[float, list[Mapping[str, Any]]] = defaultdict(list)
    for row in _rows(outages):
        groups[row["rank"]].append(row)
    why: dict[float, list[Mapping[str, Any]]] = defaultdict(list)
    for row in _rows(reasons):
        why[row["rank"]].append(row)
    costly = {rank: same for rank, same in groups.items() if same[0]["extra_cost"] >= _NOTHING_KUSD}
    rows = [
        (
            number(rank, 0),
            [_out(row, cells) for row in same],
            number(same[0]["extra_cost"] / _KUSD_PER_MUSD, 1),
            _left(same[0]),
            list(_why(why.get(rank, []), cells)),
        )
        for rank, same in list(costly.items())[:_RANKS]
    ]
    money = unit("M USD")
    heads = [
        HEADINGS["rank"],
        HEADINGS["asset"],
        f"{HEADINGS['extra_cost']}, {money}",
        f"{HEADINGS['left_behind']}, {money}",
        phrase("Why, as one of the cheapest plans has it"),
    ]
    rest = sum(len(same) for same in list(costly.values())[_RANKS:])
    idle = sum(len(same) for rank, same in groups.items() if rank not in costly)
    told = phrase_count(
        "{count} other outage costs nothing.", "{count} other outages cost nothing.", idle
    )
    more = phrase("{count} more rows stand in the tables of --out.", count=rest)
    return section(
        "table-outages",
        TITLES["outages"],
        table(TITLES["outages"], heads, rows, numbers=(2, 3)),
        tag("p", f"{told if idle else ''} {more if rest else ''}".strip(), class_="pad sm mut"),
    )


def _rows(found: Table) -> Iterator[Mapping[str, Any]]:
    names = [column.name for column in found.columns]
    for row in found.rows:
        yield dict(zip(names, row, strict=True))


def _out(row: Mapping[str, Any], cells: Cells) -> Markup:
    kind = OUTAGES.get(row["kind"], row["kind"])
    return tag(
        "span", cells.asset(row["asset"]), tag("span", kind, class_="xs dim in"), class_="block"
    )


def _left(row: Mapping[str, Any]) -> str:
    told = number(row["left_behind"] / _KUSD_PER_MUSD, 1)
    return told if row["left_is_sure"] else f"\N{GREATER-THAN OR EQUAL TO} {told}"


def _why(rows: list[Mapping[str, Any]], cells: Cells) -> Iterator[Child]:
    """Sentences of the reasons, each on its line."""
    by_what: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_what[row["what"]].append(row)

    def told(row: Mapping[str, Any]) -> str:
        return f"{cells.asset(row['of'])} {amount(row['amount'], row['unit'])}"

    through = "; ".join(amount(row["amount"], row["unit"]) for row in by_what["went through"])
    instead = "; ".join(map(told, by_what["goes by"]))
    stays = "; ".join(map(told, by_what["stays at"]))
    held = "; ".join(cells.asset(row["of"]) for row in by_what["held by"])
    if through:
        yield _line(phrase("{amount} went through", amount=through))
    if instead:
        yield _line(phrase("goes by {ways}", ways=instead))
    if stays:
        yield _line(phrase("stays at {places}", places=stays))
    if held:
        yield _line(phrase("held by {limit}", limit=held))


def _line(text: str) -> Markup:
    return tag("span", text, class_="block xs mut")
