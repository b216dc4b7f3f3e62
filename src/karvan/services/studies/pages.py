"""Studies as pages: what stands on them, of the command that makes them again."""

from __future__ import annotations

from collections.abc import Mapping

from karvan.engines.planner.solving import SolverOptions
from karvan.services.planning.manifest import Manifest
from karvan.services.planning.reporting import Chart, ListReport, Report
from karvan.services.planning.result_tables import Table
from karvan.services.studies.desk import Answered, StudyDesk, Subject
from karvan.services.studies.failures import with_failures


def page_of(
    desk: StudyDesk, answered: Answered[object], command: str, *, failures: bool
) -> Report | ListReport:
    """The page of a study; of a plan or a comparison with what one more failure would cost.

    Parameters
    ----------
    command
        The line that makes the page again.
    failures
        False leaves out what one more failure would cost, which takes longer than the plan.
    """
    page = answered.page(command)
    if failures and isinstance(page, Report):
        limit = SolverOptions(time_limit_s=float(answered.manifest.options["time_limit_s"]))
        page = with_failures(desk, page, limit)
    return page


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
