"""Sections of a report that are bars and tables: outlets, failures, routes, costs, again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Final

from karvan.adapters.reports.bars import Bar, bars, told
from karvan.adapters.reports.markup import Child, Markup, tag
from karvan.adapters.reports.telling import (
    LEAST_MT,
    change,
    ends_of,
    estimate,
    number,
    section,
    table,
    with_ends,
)
from karvan.services.planning.cases import Case, Ends
from karvan.services.planning.figures import Trade, outlets, ways_out
from karvan.services.planning.naming import Names
from karvan.services.planning.reporting import Report
from karvan.services.planning.results import CostOf, Emission, Results
from karvan.services.planning.sampled_amounts import (
    BORDERS,
    BY_CARRIER,
    BY_COUNTRY,
    BY_MODE,
    DELIVERED,
    SOLD_AT,
    WAYS_OUT,
    Amount,
)
from karvan.services.planning.wording import CARRIERS, MODES, unit
from karvan.services.words import phrase, spoken

_ROUTES: Final = 12
_BARS: Final = 14
_COSTS: Final = 10
_HASH: Final = 12


def outlets_section(report: Report) -> Markup:
    """Where the oil goes: ways out of the country, what stays, what is left behind."""
    names = Names(report.network)
    rows = _paired(report, names, ways_out, _told_as(report, WAYS_OUT, BORDERS))
    for key, name, hatched in (
        ("refined", phrase("Refined at home"), False),
        ("stored", phrase("Into storage"), False),
        ("left_behind", phrase("Left behind"), True),
    ):
        values = [_figure(case, key) for case in report.cases]
        if key != "left_behind" and not report.told.oil:
            continue
        ends = [
            case.spread.figures.get(_key(case, key)) if case.spread else None
            for case in report.cases
        ]
        rows.append(
            Bar(
                name=name,
                a=values[0],
                b=values[1] if report.b else None,
                hatched=hatched,
                a_ends=ends[0],
                b_ends=ends[1] if report.b else None,
            )
        )
    title = phrase("Where the oil goes") if report.told.oil else phrase("Freight over borders")
    return section(
        report.id("outlets"),
        title,
        bars(title, told(rows)[:_BARS], unit=unit("Mt")),
        aside=f"{unit('Mt')}, A \N{RIGHTWARDS ARROW} B" if report.b else unit("Mt"),
    )


def sold_section(report: Report) -> Markup:
    """Where the oil is sold."""
    what = _told_as(report, SOLD_AT, DELIVERED)
    sold = told(_paired(report, Names(report.network), outlets, what))
    title = phrase("Oil is sold at") if report.told.oil else phrase("Freight is delivered to")
    mt = unit("Mt")
    return section(report.id("sold"), title, bars(title, sold[:_BARS], unit=mt), aside=mt)


def _paired(
    report: Report, names: Names, read: Callable[[Results], Mapping[str, float]], what: str
) -> list[Bar]:
    amounts = [read(case.told) for case in report.cases]
    return [
        Bar(
            name=names.short_way(of.removesuffix("--market")),
            a=amounts[0].get(of, 0.0),
            b=amounts[1].get(of, 0.0) if report.b else None,
            a_ends=ends_of(report.a, what, of),
            b_ends=ends_of(report.b, what, of) if report.b else None,
        )
        for of in dict.fromkeys(of for each in amounts for of in each)
    ]


def _told_as(report: Report, first: str, beside: str) -> str:
    """What amounts are called in the runs: of what is told first, or of the freight beside it."""
    beside_oil = len(report.told.trades) > 1 and not report.told.oil
    return beside if beside_oil else first


def _key(case: Case, key: str) -> str:
    """What a figure of the freight is called beside those of the oil."""
    return f"freight_{key}" if len(case.trades) > 1 and not case.oil else key


def _figure(case: Case, key: str) -> float:
    return next((each.value for each in case.figures if each.key == key), 0.0)


def failures_section(report: Report) -> Markup | None:
    """If one more thing fails; nothing where nobody asked."""
    if not report.failures:
        return None
    rows = [Bar(name=each.name, a=each.a_musd, b=each.b_musd) for each in report.failures]
    words = phrase("Each out from the first day to the last, and known from the start.")
    if report.failures_merged:
        words = f"{words} {phrase('All periods are planned as one here.')}"
    return section(
        "failures",
        phrase("If one more thing fails"),
        bars(phrase("Extra cost"), rows, unit=phrase("million US dollars"), decimals=0),
        tag("p", words, class_="pad xs mut"),
        aside=phrase("extra cost, million US dollars"),
    )


def routes_section(report: Report) -> Markup:
    """The largest routes over all months of the case that is told."""
    names = Names(report.network)
    totals: dict[tuple[str, str, str], float] = defaultdict(float)
    for row in report.told.told.routes:
        if row.links:
            totals[row.origin, row.links, row.destination] += row.amount / 1000
    kept = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    rows = [
        (_way(names, origin, links), number(amount))
        for (origin, links, _), amount in kept[:_ROUTES]
        if amount >= LEAST_MT
    ]
    rest = sum(amount for _, amount in kept[_ROUTES:])
    if rest >= LEAST_MT:
        rows.append((phrase("{count} others", count=len(kept) - _ROUTES), number(rest)))
    title = phrase("Routes of the oil") if report.told.oil else phrase("Routes of the freight")
    made = table(title, [phrase("Route"), unit("Mt")], rows, numbers=(1,))
    return section(report.id("routes"), title, made, aside=phrase("largest first"))


def _way(names: Names, origin: str, links: str) -> str:
    """Places of a route, each once: where it begins, changes and ends."""
    stops: list[str] = []
    for link in links.split():
        for end in link.partition(":")[0].split("--"):
            name = names.short_way(end)
            if end != "market" and (not stops or stops[-1] != name):
                stops.append(name)
    if len(stops) > 7:
        stops = [*stops[:3], "\N{HORIZONTAL ELLIPSIS}", *stops[-3:]]
    arrow = " \N{RIGHTWARDS ARROW} "
    return arrow.join(stops) or names.short_way(origin)


def costs_section(report: Report) -> Markup:
    """Cost by carrier and by country, and emissions by mode."""
    heads = ["A", "B", "B \N{MINUS SIGN} A"] if report.b else [phrase("million US dollars")]
    carried = [case.told.cost_by_carrier for case in report.cases]
    crossed = [case.told.cost_by_country for case in report.cases]
    by_carrier = _costs(report, BY_CARRIER, carried, _carrier)
    by_country = _costs(report, BY_COUNTRY, crossed, _countries)
    oil = report.told.oil
    carriers = table(
        phrase("Carriage of the oil by carrier, million US dollars")
        if oil
        else phrase("Carriage of the freight by carrier, million US dollars"),
        [phrase("Carrier"), *heads],
        by_carrier,
        numbers=(1, 2, 3),
        seen=True,
    )
    countries = table(
        phrase("Carriage of the oil by country, million US dollars")
        if oil
        else phrase("Carriage of the freight by country, million US dollars"),
        [phrase("Country"), *heads],
        by_country,
        numbers=(1, 2, 3),
        seen=True,
    )
    return section(
        report.id("costs"),
        phrase("What carriage of the oil costs")
        if oil
        else phrase("What carriage of the freight costs"),
        tag("div", carriers, countries, class_="two"),
        aside=phrase("by the tariffs of the network"),
        wide="full",
    )


def _carrier(name: str) -> str:
    return CARRIERS.get(name, name)


def _countries(codes: str) -> str:
    named = ", ".join(spoken().country(code) for code in codes.split(";") if code)
    return named or phrase("at sea, no country")


def _costs(
    report: Report, what: str, parts: list[tuple[CostOf, ...]], named: Callable[[str], str]
) -> list[tuple[Child, ...]]:
    trade = Trade.OIL if report.told.oil else Trade.FREIGHT
    between = report.comparison.spread if report.comparison else None
    found: list[dict[str, float]] = []
    for rows in parts:
        sums: dict[str, float] = defaultdict(float)
        for row in rows:
            sums[row.name] += row.cost_kusd / 1000
        found.append(dict(sums))
    both = dict.fromkeys(name for each in found for name in each)
    order = sorted(both, key=lambda name: (-max(each.get(name, 0.0) for each in found), name))
    made: list[tuple[Child, ...]] = []
    for name in order[:_COSTS]:
        values = [each.get(name, 0.0) for each in found]
        of = Amount(what, name, trade.value, "M USD")
        ends = [case.spread.amounts.get(of) if case.spread else None for case in report.cases]
        cells = [
            with_ends(number(value, 1), each, 1) for value, each in zip(values, ends, strict=True)
        ]
        if len(values) == 2:
            apart = between.amounts.get(of) if between else None
            cells.append(with_ends(change(values[1] - values[0], 1), apart, 1))
        made.append((named(name), *cells))
    return made


def emissions_section(report: Report) -> Markup:
    """CO2e of the case that is told, by mode, with the factor and whether it is an estimate."""
    groups: dict[str, list[Emission]] = defaultdict(list)
    for row in report.told.told.emissions:
        groups[row.mode].append(row)
    trade = Trade.OIL if report.told.oil else Trade.FREIGHT
    rows = [
        _emitted(mode, parts, ends_of(report.told, BY_MODE, mode, trade.value, "kt CO2e"))
        for mode, parts in groups.items()
    ]
    heads = [
        phrase("Mode"), phrase("kt CO2e"), phrase("Low to high"), phrase("billion tonne-km"),
        phrase("g a tonne-km"),
    ]  # fmt: skip
    title = phrase("CO2e of the oil by mode")
    if not report.told.oil:
        title = phrase("CO2e of the freight by mode")
    made = table(f"{title}, {phrase('well to wheel')}", heads, rows, numbers=(1, 2, 3, 4))
    return section(report.id("emissions"), title, made, aside=phrase("well to wheel"))


def _emitted(mode: str, parts: list[Emission], drawn: Ends | None) -> tuple[Child, ...]:
    """A mode over all grades: kt with low and high, how far, and the factor.

    Low and high are those of the runs where there are any, of the factor alone where not.
    """
    first = parts[0]
    columns = [[part.co2e_t, part.co2e_low_t, part.co2e_high_t] for part in parts]
    value, low, high = (
        None if None in column else sum(each or 0.0 for each in column) / 1000
        for column in zip(*columns, strict=True)
    )
    if drawn is not None:
        low, high = drawn
    ends = ""
    if low is not None and high is not None and low != high:
        ends = f"{number(low, 0)}\N{EN DASH}{number(high, 0)}"
    return (
        MODES.get(mode, mode),
        "-" if value is None else number(value, 0),
        ends,
        number(sum(part.mtkm for part in parts) / 1000, 1),
        [
            "-" if first.g_per_tkm is None else number(first.g_per_tkm, 1),
            " ",
            estimate() if first.estimate else None,
        ],
    )


def again_section(report: Report) -> Markup:
    """How the page is made again, from what, and how it was checked."""
    told_case = report.told
    manifest, checks = told_case.manifest, told_case.results.checks
    facts: list[tuple[str, str]] = [
        (phrase("Network"), manifest.network[:_HASH]),
        *(
            (phrase("Scenario {case}", case=name), case.manifest.scenario_hash[:_HASH])
            for name, case in zip("AB", report.cases, strict=False)
        ),
        (phrase("Engine"), f"karvan {manifest.version}, {checks.solver}"),
        (phrase("Seed"), str(manifest.seed)),
        (
            phrase("Checked"),
            phrase(
                "gap {gap}, worst residual {residual}, mass balance to {balance} t",
                gap=f"{max(case.results.checks.gap for case in report.cases):.0e}",
                residual=f"{max(case.results.checks.worst_residual for case in report.cases):.0e}",
                balance=number(
                    max(case.results.checks.mass_balance for case in report.cases) * 1000, 3
                ),
            ),
        ),
    ]
    listed = [[tag("dt", name), tag("dd", value)] for name, value in facts]
    return section(
        "again",
        phrase("Run it again"),
        tag("div", tag("pre", tag("code", report.command)), tag("dl", listed), class_="pad"),
    )
