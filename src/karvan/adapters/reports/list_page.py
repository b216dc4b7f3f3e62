"""A page of tables with one chart on top: what `--out` writes, to be read."""

from __future__ import annotations

from typing import Final

from karvan.adapters.reports.bars import Bar, bars
from karvan.adapters.reports.frontier import frontier_section
from karvan.adapters.reports.list_cells import HEADINGS, TITLES, Cells
from karvan.adapters.reports.markup import Markup, tag
from karvan.adapters.reports.outage_table import outages_section
from karvan.adapters.reports.telling import section, table
from karvan.services.planning.naming import and_more
from karvan.services.planning.reporting import ListReport
from karvan.services.planning.result_tables import Table
from karvan.services.planning.wording import subject
from karvan.services.words import phrase, tell_message

_BARS: Final = 20
_ROWS: Final = 60
_HASH: Final = 12
#: Tables with a row a year of each project: folded away.
_LONG: Final = {"alone_by_year"}
#: In which order tables stand; what is not named stands first.
_ORDER: Final = ("chosen", "frontier", "alone", "years", "alone_by_year")


def list_body(report: ListReport) -> Markup:
    """The whole of the page."""
    cells = Cells(report)
    verdict = [tag("p", tag("b", report.finding), class_="finding")]
    verdict += [tag("p", fact, class_="sm mut") for fact in report.facts]
    about = phrase("Karvan, a study of the corridor")
    of = "" if report.scenario is None else f". {subject(report.scenario)}"
    answer = tag(
        "div",
        tag("p", f"{about}{of}", class_="sm mut"),
        tag("h1", tell_message(report.title)),
        tag("div", tag("div", verdict), class_="ab"),
        class_="top alone",
    )
    charted = next(each for each in report.tables if each.name == report.chart.table)
    alone = len(charted.rows) == 1
    first = _facts(charted, cells) if alone else _chart(report, cells)
    order = [name for name in _ORDER if name not in _LONG] + sorted(_LONG)
    tables = sorted(
        (each for each in report.tables if each.rows and not (alone and each is charted)),
        key=lambda each: order.index(each.name) if each.name in order else 0,
    )
    return tag(
        "main",
        answer,
        tag("div", first, _again(report), class_="grid two-even"),
        [_section(each, report, cells) for each in tables],
        tag("p", _notes(), class_="foot sm mut"),
    )


def _notes() -> str:
    return phrase("Much of what goes in is an estimate; the scenario and its tables say which.")


def _chart(report: ListReport, cells: Cells) -> Markup:
    """Bars of one table, the largest on top; those of a rank are one bar."""
    chart = report.chart
    found = next(each for each in report.tables if each.name == chart.table)
    at = {column.name: place for place, column in enumerate(found.columns)}
    groups: dict[object, list[tuple[str, float]]] = {}
    for place, row in enumerate(found.rows):
        value = row[at[chart.value]]
        if isinstance(value, (int, float)) and value > 0:
            key = row[at[chart.group]] if chart.group else place
            name = str(row[at[chart.name]])
            groups.setdefault(key, []).append((name, float(value) * chart.factor))
    largest = sorted(groups.values(), key=lambda same: -same[0][1])[:_BARS]
    named = cells.project if chart.name == "project" else cells.asset
    shown = [Bar(name=and_more(named(same[0][0]), len(same) - 1), a=same[0][1]) for same in largest]
    of = HEADINGS.get(chart.name, "")
    made = bars(chart.title, shown, unit=chart.unit, decimals=1, of=of)
    return section("chart", chart.title, made, aside=chart.unit)


def _facts(found: Table, cells: Cells) -> Markup:
    """A table of one row, a line for each of its columns."""
    made = cells.table(found.columns, found.rows)
    title = TITLES.get(found.name, found.name)
    rows = [
        (head, tag("b", cell)) for head, cell in zip(made.heads, made.rows[0], strict=True)
        if cell != "-"
    ]  # fmt: skip
    heads = [phrase("Figure"), phrase("Amount")]
    return section("table-alone-one", title, table(title, heads, rows, numbers=(1,)))


def _section(found: Table, report: ListReport, cells: Cells) -> Markup | None:
    if found.name == "outages":
        reasons = next(each for each in report.tables if each.name == "reasons")
        return outages_section(found, reasons, cells)
    if found.name == "reasons":
        return None
    if found.name == "frontier":
        return frontier_section(found, cells)
    return _table(found, cells)


def _table(found: Table, cells: Cells) -> Markup:
    made = cells.table(found.columns, found.rows[:_ROWS])
    title = TITLES.get(found.name, found.name.replace("_", " ").capitalize())
    rest = len(found.rows) - len(made.rows)
    more = phrase("{count} more rows stand in the tables of --out.", count=rest)
    listed = table(title, made.heads, made.rows, numbers=made.numbers)
    if found.name in _LONG:
        listed = tag("details", tag("summary", phrase("As a table")), listed)
    return section(
        f"table-{found.name}",
        title,
        listed,
        tag("p", more, class_="pad sm mut") if rest else None,
    )


def _again(report: ListReport) -> Markup:
    manifest, checks = report.manifest, report.manifest.checks
    facts = [
        (phrase("Network"), manifest.network[:_HASH]),
        (phrase("Scenario {case}", case=""), manifest.scenario_hash[:_HASH]),
        (phrase("Engine"), f"karvan {manifest.version}, {checks.solver}"),
        (phrase("Seed"), str(manifest.seed)),
        (
            phrase("Checked"),
            phrase(
                "gap {gap}, worst residual {residual}",
                gap=f"{checks.gap:.0e}",
                residual=f"{checks.worst_residual:.0e}",
            ),
        ),
    ]
    listed = [[tag("dt", name), tag("dd", value)] for name, value in facts]
    return section(
        "again",
        phrase("Run it again"),
        tag("div", tag("pre", tag("code", report.command)), tag("dl", listed), class_="pad"),
    )
