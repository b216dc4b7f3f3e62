"""Limits that bind, by what one more of them would save: one scale for each unit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from karvan.adapters.reports.bars import Bar, bars
from karvan.adapters.reports.markup import Child, Markup, tag
from karvan.adapters.reports.telling import section
from karvan.services.planning.cases import Ends
from karvan.services.planning.naming import Names
from karvan.services.planning.reporting import Report
from karvan.services.planning.results import Bottleneck
from karvan.services.planning.sampled_amounts import Amount, worth_of
from karvan.services.planning.wording import unit as told_unit
from karvan.services.words import phrase, phrase_count

_SHOWN: Final = 6
#: US dollars that are told as nothing.
_LEAST: Final = 0.5
#: What a unit of a limit is told as, and US dollars of one of it: 1000 USD a kt are 1 USD a t.
_PER: Final = {"kt": ("t", 1.0), "kt/d": ("t/d", 1.0), "h": ("h", 1000.0)}
_ORDER: Final = ("kt", "kt/d", "h")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limit:
    """A limit over all months: its dearest month, and in how many it binds."""

    of: str
    kind: str
    unit: str
    worth: float
    month: str
    months: int
    told_as: Amount


def _scaled(ends: Ends | None, factor: float) -> Ends | None:
    return None if ends is None else (max(0.0, ends[0] * factor), max(0.0, ends[1] * factor))


def bottleneck_section(report: Report) -> Markup:
    """The section of bottlenecks, of the case that is told."""
    names = Names(report.network)
    found = _limits(report.told.results.bottlenecks)
    drawn = {} if report.told.spread is None else report.told.spread.amounts
    parts: list[Markup] = []
    for unit in dict.fromkeys((*_ORDER, *(limit.unit for limit in found))):
        told, factor = _PER.get(unit, (unit, 1000.0))
        # What is told as nothing holds nothing back.
        worth = [limit for limit in found if limit.unit == unit and limit.worth * factor >= _LEAST]
        rows = worth[:_SHOWN]
        if not rows:
            continue
        chart = bars(
            phrase("Worth of one more, at most in a month"),
            [
                Bar(
                    name=_name(names, limit),
                    a=limit.worth * factor,
                    a_ends=_scaled(drawn.get(limit.told_as), factor),
                )
                for limit in rows
            ],
            unit=told_unit("USD") if " " in told else told_unit(f"USD/{told}"),
            decimals=0,
        )
        parts.append(tag("div", tag("h3", _per(told)), chart))
    nothing = tag("p", phrase("No limit holds anything back."), class_="pad mut")
    return section(
        "bottlenecks",
        phrase("What holds it back"),
        tag("div", parts, class_="few") if parts else nothing,
        aside=phrase("what one more would save, in its dearest month"),
        wide="full",
    )


def _per(unit: str) -> str:
    return {
        "t": phrase("US dollars for one more tonne"),
        "t/d": phrase("US dollars for one more tonne a day arranged at once"),
        "h": phrase("US dollars for one more hour of ships"),
    }.get(unit, phrase("US dollars for one more {unit}", unit=told_unit(unit)))


def _name(names: Names, limit: _Limit) -> Child:
    way = names.short_way(limit.of)
    if not limit.month:
        return way
    spans = phrase_count("{count} month", "{count} months", limit.months)
    return [way, tag("span", f"{limit.month}, {spans}", class_="xs dim block")]


def _limits(rows: tuple[Bottleneck, ...]) -> list[_Limit]:
    groups: dict[tuple[str, str, str], list[Bottleneck]] = defaultdict(list)
    for row in rows:
        if row.worth_kusd > 0:
            groups[row.of, row.limit, row.for_a].append(row)
    made = []
    for (of, kind, unit), each in groups.items():
        dearest = max(each, key=lambda row: row.worth_kusd)
        made.append(
            _Limit(
                of=of,
                kind=kind,
                unit=unit,
                worth=dearest.worth_kusd,
                month=dearest.month,
                months=len(each),
                told_as=worth_of(dearest),
            )
        )
    return sorted(made, key=lambda limit: (-limit.worth, limit.of))
