"""The freight of a page: what goes by which corridor, in its own unit, and what stays."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from karvan.adapters.reports.markup import Child, Markup, tag
from karvan.adapters.reports.telling import ends_of, number, section, table, with_ends
from karvan.services.planning.cases import Ends
from karvan.services.planning.freight_telling import WITHIN, Carried
from karvan.services.planning.naming import Names
from karvan.services.planning.reporting import Report
from karvan.services.planning.sampled_amounts import CORRIDOR, STAYS
from karvan.services.planning.wording import GOODS, unit
from karvan.services.words import phrase, tell_message

_STAYS: Final = 10
#: Less than this of a unit is rounding.
_LEAST: Final = 0.5


def corridors_section(report: Report) -> Markup | None:
    """Goods by corridor, of the case that is told; nothing where there is no freight."""
    if report.freight is None:
        return None
    groups: dict[str, list[Carried]] = defaultdict(list)
    for row in report.freight.corridors:
        if row.amount >= _LEAST:
            groups[row.where].append(row)
    rows: list[tuple[Child, ...]] = []
    order = sorted(groups, key=lambda where: -sum(row.kt for row in groups[where]))
    for where in order:
        name = phrase("within the region") if where == WITHIN else tell_message(where)
        mt = sum(row.kt for row in groups[where]) / 1000
        whole = _mt(ends_of(report.told, CORRIDOR, where, "", "kt"))
        rows.append((tag("b", name), "", with_ends(tag("b", number(mt)), whole)))
        rows += [
            (
                tag("span", GOODS.get(row.good, row.good), class_="in"),
                _own(row, ends_of(report.told, CORRIDOR, where, row.good, row.unit)),
                with_ends(number(row.kt / 1000), _in_mt(report, row)),
            )
            for row in sorted(groups[where], key=lambda row: -row.kt)
        ]
    heads = [phrase("Corridor"), phrase("Amount"), unit("Mt")]
    title = phrase("Freight by corridor")
    made = table(title, heads, rows, numbers=(1, 2))
    return section(report.id("corridors"), title, made, _stays(report))


def _own(row: Carried, ends: Ends | None) -> Child:
    """An amount in its unit; what is counted in kilotonnes has its Mt beside it already."""
    if row.unit == "kt":
        return ""
    return with_ends(f"{number(row.amount, 0)} {unit(row.unit)}", ends, 0)


def _in_mt(report: Report, row: Carried) -> Ends | None:
    """The ends of what is counted in kilotonnes; those of other goods stand beside their amount."""
    ends = ends_of(report.told, CORRIDOR, row.where, row.good, row.unit)
    return _mt(ends) if row.unit == "kt" else None


def _mt(ends: Ends | None) -> Ends | None:
    return None if ends is None else (ends[0] / 1000, ends[1] / 1000)


def _stays(report: Report) -> Markup | None:
    assert report.freight is not None, "called for pages of freight"
    names = Names(report.network)
    left = [row for row in report.freight.left if max(row.unserved, row.waits, row.late) >= _LEAST]
    if not left:
        return tag("p", phrase("Everything that is asked for goes."), class_="pad sm mut")
    waits = any(max(row.waits, row.late) >= _LEAST for row in left)
    if waits:
        left.sort(key=lambda row: -row.unserved / row.asked)
    rows = [
        (
            phrase(
                "{good}, {start} to {end}",
                good=GOODS.get(row.good, row.good),
                start=names.short_way(row.origin),
                end=names.short_way(row.destination),
            ),
            *((number(row.late, 0), number(row.waits, 0)) if waits else ()),
            with_ends(
                f"{number(row.unserved, 0)} {unit(row.unit)}",
                ends_of(report.told, STAYS, f"{row.origin}--{row.destination}", row.good, row.unit),
                0,
            ),
            f"{row.unserved / row.asked:.0%}",
        )
        for row in left[:_STAYS]
    ]
    between = [phrase("Late"), phrase("Waits")] if waits else []
    title = (
        phrase("What comes late, waits or stays behind") if waits else phrase("What stays behind")
    )
    heads = [title, *between, phrase("Amount"), phrase("Of what was asked")]
    made = table(title, heads, rows, numbers=tuple(range(1, len(heads))))
    rest = len(left) - len(rows)
    more = tag("p", phrase("{count} more", count=rest), class_="pad sm mut") if rest > 0 else None
    return tag("div", made, more, _waits(report, names))


def _waits(report: Report, names: Names) -> Markup | None:
    """What waits in yards at the end of each month in which something does."""
    assert report.freight is not None, "called for pages of freight"
    told = report.freight
    yards = [row for row in told.yards if max(row.held) >= _LEAST]
    if not yards:
        return None
    months = [t for t in range(len(told.months)) if any(row.held[t] >= _LEAST for row in yards)]
    rows = [
        (
            names.short_way(row.yard),
            f"{number(row.room, 0)} {unit(row.unit)}",
            *(number(row.held[t], 0) for t in months),
        )
        for row in yards
    ]
    title = phrase("Waits in yards at the end of the month")
    heads = [title, phrase("Room"), *(told.months[t] for t in months)]
    return table(title, heads, rows, numbers=tuple(range(1, len(heads))))
