"""Projects and what they add, from CSV tables; every fault of both is told at once."""

from __future__ import annotations

from collections.abc import Collection
from importlib.resources.abc import Traversable

from karvan.adapters.files.cells import Cells, build
from karvan.adapters.files.corridor_tables import (
    read_file,
    read_links,
    read_source_keys,
    shipped_attributes,
    shipped_data,
)
from karvan.adapters.files.tables import TableRow
from karvan.domain.errors import TableFault
from karvan.network.hashing import content_hash
from karvan.services.planning.projects import (
    AddedUnit,
    Addition,
    Kind,
    Project,
    ProjectTables,
    faults_of,
)

#: Tables of projects, and the attribute file of each.
PROJECT_TABLES = {"project_additions.csv": "project_addition", "projects.csv": "project"}
_FOLDER = "planning"

Faults = tuple[TableFault, ...]


def read_projects(
    data: Traversable | None = None, links: Collection[str] | None = None
) -> tuple[ProjectTables, Faults]:
    """Read the projects of a data folder and check them against its links and sources.

    `links` are the ids of its links, where they have been read before.
    """
    folder = shipped_data() if data is None else data
    project_rows, faults = _rows(folder, "projects.csv")
    addition_rows, more = _rows(folder, "project_additions.csv")
    projects, project_faults = build(project_rows, _project)
    additions, addition_faults = build(addition_rows, _addition)
    if links is None:
        entries, _ = read_links(folder / "network")
        links = {str(entry.value.id) for entry in entries}
    found = faults_of(
        projects,
        additions,
        named={str(row.values["id"]) for row in project_rows},
        adding={str(row.values["project"]) for row in addition_rows},
        links=links,
        sources=read_source_keys(folder),
    )
    tables = ProjectTables(
        projects=tuple(entry.value for entry in projects),
        additions=tuple(entry.value for entry in additions),
        hash=content_hash([dict(row.values) for row in (*project_rows, *addition_rows)]),
    )
    return tables, (*faults, *more, *project_faults, *addition_faults, *found)


def _rows(folder: Traversable, name: str) -> tuple[tuple[TableRow, ...], Faults]:
    rows, faults = read_file(folder / _FOLDER, name, shipped_attributes(PROJECT_TABLES[name]))
    return tuple(rows), tuple(faults)


def _project(cells: Cells) -> Project:
    ready = cells.whole("ready_since")
    return Project(
        id=cells.text("id"),
        name=cells.text("name"),
        currency=cells.text("currency"),
        cost_m=cells.number("cost_m"),
        low_m=cells.maybe_number("low_m"),
        high_m=cells.maybe_number("high_m"),
        price_year=cells.whole("price_year"),
        running_m_y=cells.number("running_m_y"),
        build_y=cells.whole("build_y"),
        earliest=cells.whole("earliest"),
        ready_since=ready or None,
        life_y=cells.whole("life_y"),
        most=cells.whole("most"),
        one_of=cells.text("one_of"),
        needs=cells.parts("needs"),
        fact=cells.parts("fact"),
        source=cells.parts("source"),
        estimate=cells.flag("estimate"),
        note=cells.text("note"),
    )


def _addition(cells: Cells) -> Addition:
    return Addition(
        id=cells.text("id"),
        project=cells.text("project"),
        kind=Kind(cells.text("kind")),
        asset=cells.text("asset"),
        amount=cells.number("amount"),
        unit=AddedUnit(cells.text("unit")),
        low=cells.maybe_number("low"),
        high=cells.maybe_number("high"),
        fact=cells.parts("fact"),
        source=cells.parts("source"),
        estimate=cells.flag("estimate"),
        note=cells.text("note"),
    )
