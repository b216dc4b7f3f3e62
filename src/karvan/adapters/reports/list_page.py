"""A page of tables with one chart on top: what `--out` writes, to be read."""

from __future__ import annotations

from typing import Final

from karvan.adapters.reports.bars import Bar, bars
from karvan.adapters.reports.markup import Child, Markup, tag
from karvan.adapters.reports.telling import number, section, table
from karvan.services.planning.naming import Names
from karvan.services.planning.reporting import ListReport
from karvan.services.planning.result_tables import Cell, CellKind, Column, Table
from karvan.services.words import phrase

_BARS: Final = 20
_ROWS: Final = 60
_HASH: Final = 12
#: Columns whose cells are ids of places, ways or limits.
_NAMED: Final = {"asset", "other_asset", "of"}


def list_body(report: ListReport) -> Markup:
    """The whole of the page."""
    names = Names(report.network)
    answer = tag(
        "div",
        tag("p", phrase("Karvan, a study of the corridor"), class_="sm mut"),
        tag("h1", report.title),
        tag("div", tag("div", tag("p", tag("b", report.finding), class_="finding")), class_="ab"),
        class_="top alone",
    )
    return tag(
        "main",
        answer,
        tag("div", _chart(report, names), _again(report), class_="grid two-even"),
        [_table(each, names) for each in report.tables if each.rows],
    )


def _chart(report: ListReport, names: Names) -> Markup:
    chart = report.chart
    found = next(each for each in report.tables if each.name == chart.table)
    at = {column.name: number_ for number_, column in enumerate(found.columns)}
    rows = [
        (str(row[at[chart.name]]), float(value) * chart.factor)
        for row in found.rows
        if isinstance(value := row[at[chart.value]], (int, float))
    ]
    largest = sorted(rows, key=lambda row: -row[1])[:_BARS]
    shown = [
        Bar(name=names.way(name) or phrase("All together"), a=value)
        for name, value in largest
        if value > 0
    ]
    return section(
        "chart", chart.title, bars(chart.title, shown, unit=chart.unit, decimals=1),
        aside=chart.unit,
    )  # fmt: skip


def _table(found: Table, names: Names) -> Markup:
    heads = [_head(column) for column in found.columns]
    rows = [
        tuple(_cell(column, cell, names) for column, cell in zip(found.columns, row, strict=True))
        for row in found.rows[:_ROWS]
    ]
    numbers = [at for at, each in enumerate(found.columns) if each.kind is CellKind.NUMBER]
    title = found.name.replace("_", " ").capitalize()
    rest = len(found.rows) - len(rows)
    more = phrase("{count} more rows stand in the tables of --out.", count=rest)
    return section(
        f"table-{found.name}",
        title,
        table(title, heads, rows, numbers=numbers),
        tag("p", more, class_="pad sm mut") if rest else None,
    )


def _head(column: Column) -> str:
    name = column.name.replace("_", " ")
    return f"{name}, {column.unit}" if column.unit and "`" not in column.unit else name


def _cell(column: Column, cell: Cell, names: Names) -> Child:
    if cell is None or cell == "":
        return "-"
    if isinstance(cell, bool):
        return phrase("yes") if cell else phrase("no")
    if isinstance(cell, str):
        return names.way(cell) if column.name in _NAMED else cell
    return number(cell, 0 if float(cell).is_integer() else 1)


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
