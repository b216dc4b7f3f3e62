"""What oil may not do, or must: rules that close ways to kinds, caps by agreement, and leasts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

import numpy as np

from karvan.services.planning.parts import Contract, Take, Way
from karvan.services.planning.periods import Periods, least_of, most_of
from karvan.services.planning.scenario import LeastFlow, RouteCap, Rule, Scenario, covers
from karvan.services.planning.tracks import KT_PER_D

#: What may have a least.
Agreed = RouteCap | LeastFlow


def closed_in(rule: Rule, periods: Periods) -> tuple[bool, ...]:
    """Whether a rule closes its way in each period, by the first day of the period."""
    return tuple(
        rule.closed
        and (rule.first_day is None or rule.first_day <= day)
        and (rule.last_day is None or day <= rule.last_day)
        for day in periods.first_days
    )


def _passing(scenario: Scenario, ways: Sequence[Way], periods: Periods) -> Iterator[Rule]:
    """Rules that close a way in some of the periods and not in all."""
    there = {way.id for way in ways}
    for rule in scenario.base.rule:
        closed = closed_in(rule, periods)
        if rule.link in there and any(closed) and not all(closed):
            yield rule


def closed_at_times(
    scenario: Scenario, ways: Sequence[Way], periods: Periods
) -> Iterator[Contract]:
    """Caps at nothing over the periods in which a rule closes a way."""
    for rule in _passing(scenario, ways, periods):
        at = np.flatnonzero(closed_in(rule, periods))
        yield Contract(id=rule.id, unit="kt", most=0.0, first=int(at[0]), last=int(at[-1]))


def of_closures(scenario: Scenario, ways: Sequence[Way], periods: Periods) -> Iterator[Take]:
    """What a rule that closes a way for a time closes it to."""
    carried = {way.id: [each.commodity for each in way.carries] for way in ways}
    for rule in _passing(scenario, ways, periods):
        for kind in carried[rule.link]:
            if covers(rule.commodity, kind):
                yield Take(of=rule.id, way=rule.link, per_unit=1.0, commodity=kind)


def of_caps(scenario: Scenario, ways: Sequence[Way], periods: Periods) -> Iterator[Take]:
    """What counts under each cap and each least."""
    carried = {way.id: [each.commodity for each in way.carries] for way in ways}
    rows: list[tuple[Agreed, str]] = [
        (cap, cap.id) for cap in scenario.base.cap if cap.link in carried
    ]
    rows += [
        (cap, most_of(cap.id, periods.ids[number]))
        for cap in _by_period(scenario, carried, periods)
        for number, _ in _parts_of_year(scenario, cap, periods)
    ]
    rows += [(row, least.id) for row, least in leasts_of(scenario, ways, periods)]
    for row, name in rows:
        for kind in carried[row.link]:
            if covers(row.commodity, kind):
                yield Take(of=name, way=row.link, per_unit=1.0, commodity=kind)


def caps_of(
    scenario: Scenario,
    ways: Sequence[Way],
    days: float,
    used: Mapping[str, float],
    periods: Periods,
) -> Iterator[Contract]:
    """The most over all periods, as agreed by the year, and of each, for room is given evenly.

    What is agreed for a year is spread as `leasts_of` spreads it. What was not used in a month is
    not made up later.
    """
    there = {way.id for way in ways}
    for cap in scenario.base.cap:
        if cap.link in there:
            most = max(0.0, cap.mt_per_y * KT_PER_D * days - used.get(cap.id, 0.0))
            yield Contract(id=cap.id, unit="kt", most=most)
    for cap in _by_period(scenario, there, periods):
        for number, part in _parts_of_year(scenario, cap, periods):
            yield Contract(
                id=most_of(cap.id, periods.ids[number]),
                unit="kt",
                most=cap.mt_per_y * 1000 * part,
                first=number,
                last=number,
            )


def _by_period(scenario: Scenario, there: Collection[str], periods: Periods) -> Iterator[RouteCap]:
    """Caps that hold by the period too: of one period the whole says it already."""
    if periods.count > 1:
        yield from (cap for cap in scenario.base.cap if cap.link in there)


def leasts_of(
    scenario: Scenario, ways: Sequence[Way], periods: Periods
) -> Iterator[tuple[Agreed, Contract]]:
    """The least of each period, for ships and pumps are booked by the month; what lacks is paid.

    What is agreed for a calendar year is spread over the months in which no rule closes the way.
    """
    there = {way.id for way in ways}
    agreed: list[tuple[Agreed, float]] = [
        (cap, cap.least_mt_per_y) for cap in scenario.base.cap if cap.least_mt_per_y > 0
    ]
    agreed += [(row, row.mt_per_y) for row in scenario.base.least]
    for row, mt_per_y in agreed:
        if row.link not in there:
            continue
        for number, part in _parts_of_year(scenario, row, periods):
            least = Contract(
                id=least_of(row.id, periods.ids[number]),
                unit="kt",
                least=mt_per_y * 1000 * part,
                price=row.short_usd_t,
                first=number,
                last=number,
            )
            yield row, least


def _parts_of_year(
    scenario: Scenario, agreed: Agreed, periods: Periods
) -> Iterator[tuple[int, float]]:
    """Periods in which no rule closes the way, each with its part of the open days of its year."""
    rules = _of_agreed(scenario, agreed)
    shut = [any(each) for each in zip(*(closed_in(rule, periods) for rule in rules), strict=True)]
    for number, (first, beyond) in enumerate(periods.spans):
        year = Periods.months(date(first.year, 1, 1), 12)
        closed = [closed_in(rule, year) for rule in rules]
        open_days = sum(
            days
            for month, days in enumerate(year.days.tolist())
            if not any(each[month] for each in closed)
        )
        if open_days and not (shut and shut[number]):
            yield number, (beyond - first).days / open_days


def _of_agreed(scenario: Scenario, agreed: Agreed) -> tuple[Rule, ...]:
    """Rules on the way of an agreement that close all that it covers, or a kind that can meet it.

    Those that hold always are no matter of time.
    """
    return tuple(
        rule
        for rule in scenario.base.rule
        if rule.link == agreed.link
        and covers(agreed.commodity, rule.commodity)
        and (rule.first_day is not None or rule.last_day is not None)
    )
