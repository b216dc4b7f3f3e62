"""What a map can show: the oil, the freight, each good by itself, each in its own unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from karvan.adapters.reports.map_lines import Way
from karvan.adapters.reports.telling import LEAST_MT
from karvan.services.planning.carriage import SALE
from karvan.services.planning.cases import Case
from karvan.services.planning.figures import Trade, is_freight, is_told
from karvan.services.planning.reporting import Report
from karvan.services.planning.results import Flow, ShutIn, Unserved
from karvan.services.planning.wording import GOODS, unit
from karvan.services.words import phrase

#: Views of one map; its styles know as many.
MOST: Final = 10
#: Fewer tonnes than this of a good are told in thousand tonnes.
_SMALL_MT: Final = 0.5
_EMPTIES: Final = "empties"
#: Less than a thousandth of the unit is not drawn.
_SMALLEST: Final = 0.001
#: Goods that are told in their own unit, in thousands.
_COUNTED: Final = {"TEU", "truck"}

_Row = Flow | ShutIn | Unserved


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Amounts of some goods, case by case.

    Attributes
    ----------
    amounts
        By way, for each case; less than what two decimals show is left out.
    left
        Left behind by place, for each case.
    """

    name: str
    unit: str
    amounts: tuple[Mapping[Way, float], ...]
    left: tuple[Mapping[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Of:
    """Which rows count, and how many of the unit each of their own is."""

    name: str
    unit: str
    counts: Callable[[str], bool]
    factor: Callable[[_Row], float]


def views_of(report: Report) -> tuple[View, ...]:
    """Views that have anything to show, the widest first; the goods after all of the freight."""
    made: list[View] = []
    if Trade.OIL in report.trades:
        made.append(_view(report, _Of(name=_oil(), unit=unit("Mt"), counts=is_told, factor=_mt)))
    if Trade.FREIGHT in report.trades:
        name = phrase("All freight")
        made.append(_view(report, _Of(name=name, unit=unit("Mt"), counts=is_freight, factor=_mt)))
        made += _goods(report)
    return tuple(each for each in made if any(each.amounts))[:MOST]


def _oil() -> str:
    return phrase("Kazakh oil")


def _goods(report: Report) -> list[View]:
    """Each good of the freight, the heaviest first; one alone is all of it."""
    mass: dict[str, float] = defaultdict(float)
    units: dict[str, str] = {}
    for case in report.cases:
        for row in case.results.flow:
            good = row.commodity.partition(" ")[0]
            if is_freight(row.commodity) or good == _EMPTIES:
                mass[good] += row.amount * _mt(row)
                units[good] = row.unit
    views = []
    for good in sorted(mass, key=lambda each: (each == _EMPTIES, -mass[each])):
        name = GOODS.get(good, good)
        if units[good] in _COUNTED:
            told, factor = _counted(units[good]), _thousands
        elif mass[good] < _SMALL_MT:
            told, factor = unit("kt"), _kt
        else:
            told, factor = unit("Mt"), _mt
        of = _Of(name=name, unit=told, counts=_only(good), factor=factor)
        views.append(_view(report, of))
    return views if len(views) > 1 else []


def _counted(of: str) -> str:
    return phrase("thousand TEU") if of == "TEU" else phrase("thousand trucks")


def _only(good: str) -> Callable[[str], bool]:
    return lambda commodity: commodity.partition(" ")[0] == good


def _mt(row: _Row) -> float:
    return (row.t_per_unit or 0.0) / 1e6


def _kt(row: _Row) -> float:
    return (row.t_per_unit or 0.0) / 1e3


def _thousands(row: _Row) -> float:
    del row
    return 1e-3


def _view(report: Report, of: _Of) -> View:
    return View(
        name=of.name,
        unit=of.unit,
        amounts=tuple(_amounts(case, of) for case in report.cases),
        left=tuple(_left(case, of) for case in report.cases),
    )


def _amounts(case: Case, of: _Of) -> Mapping[Way, float]:
    found: dict[Way, float] = defaultdict(float)
    for row in case.results.flow:
        if row.mode != SALE and of.counts(row.commodity):
            found[Way(row.from_place, row.to_place, row.mode)] += row.amount * of.factor(row)
    return {way: amount for way, amount in found.items() if amount >= _SMALLEST}


def _left(case: Case, of: _Of) -> Mapping[str, float]:
    """What is shut in, of the oil, or asked for and does not come, by place."""
    found: dict[str, float] = defaultdict(float)
    for made in case.results.shut_in:
        if is_told(made.commodity) and of.counts(made.commodity):
            found[made.place] += made.shut_in * of.factor(made)
    for served in case.results.unserved:
        if not served.outlet and of.counts(served.commodity):
            found[served.place] += served.unserved * of.factor(served)
    return {place: amount for place, amount in found.items() if amount >= LEAST_MT}
