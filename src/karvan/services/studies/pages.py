"""Studies as pages: what stands on them, of the command that makes them again."""

from __future__ import annotations

from karvan.services.planning.manifest import Manifest
from karvan.services.planning.naming import Names
from karvan.services.planning.reporting import Chart, ListReport
from karvan.services.planning.result_tables import Table
from karvan.services.studies.desk import StudyDesk, Subject
from karvan.services.words import phrase, spoken


def list_page(
    desk: StudyDesk,
    subject: Subject,
    tables: tuple[Table, ...],
    manifest: Manifest,
    chart: Chart,
    command: str,
) -> ListReport:
    """A page of tables with the bars of one, the largest of them told on top."""
    title = subject.scenario.title
    found = next(each for each in tables if each.name == chart.table)
    at = [column.name for column in found.columns]
    values = [
        (float(value), str(row[at.index(chart.name)]))
        for row in found.rows
        if isinstance(value := row[at.index(chart.value)], (int, float))
    ]
    told = phrase("Nothing is lost.")
    if values and max(values)[0] > 0:
        value, name = max(values)
        told = phrase(
            "{name}: {amount} {unit}, the most of all",
            name=Names(desk.network).way(name) or title,
            amount=spoken().number(value * chart.factor, 0),
            unit=chart.unit,
        )
    return ListReport(
        title=title,
        finding=told,
        network=desk.network,
        chart=chart,
        tables=tables,
        manifest=manifest,
        command=command,
    )
