"""Studies as pages: what stands on them, of the command that makes them again."""

from __future__ import annotations

from collections.abc import Mapping

from karvan.services.planning.manifest import Manifest
from karvan.services.planning.reporting import Chart, ListReport
from karvan.services.planning.result_tables import Table
from karvan.services.studies.desk import StudyDesk, Subject


def list_page(
    desk: StudyDesk,
    subject: Subject,
    tables: tuple[Table, ...],
    manifest: Manifest,
    chart: Chart,
    command: str,
    *,
    told: tuple[str, ...],
    names: Mapping[str, str] | None = None,
) -> ListReport:
    """A page of tables with the bars of one.

    Parameters
    ----------
    told
        The finding, and sentences under it.
    names
        Names of what has ids of its own.
    """
    finding, *facts = told
    return ListReport(
        title=subject.scenario.title,
        finding=finding,
        facts=tuple(facts),
        network=desk.network,
        chart=chart,
        tables=tables,
        manifest=manifest,
        command=command,
        names=names or {},
        scenario=subject.scenario,
    )
