"""Projects from files: the shipped tables, or with a folder of the user laid over them."""

from __future__ import annotations

from pathlib import Path

from karvan.adapters.files.overlay import lay_over
from karvan.adapters.files.project_tables import read_projects
from karvan.domain.errors import InvalidTables
from karvan.services.planning.projects import ProjectTables


class FileProjects:
    """The `ProjectFiles` port on CSV tables."""

    def read(self, folder: Path | None = None) -> ProjectTables:
        """Read the shipped tables, with a folder laid over.

        Raises
        ------
        InvalidTables
            With every fault.
        """
        layered = None if folder is None else lay_over(folder)
        tables, faults = read_projects(None if layered is None else layered.folder)
        if layered is not None:
            faults = (*layered.faults, *layered.tell(faults))
        if faults:
            raise InvalidTables(faults)
        return tables
