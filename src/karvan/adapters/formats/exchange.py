"""The `Exchange` port on files: tables out to other formats, back in, and against each other."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from importlib.resources.abc import Traversable
from pathlib import Path

from karvan.adapters.files import catalogue
from karvan.adapters.files.bounded import read_bounded
from karvan.adapters.files.corridor_tables import read_file, shipped_attributes, shipped_data
from karvan.adapters.files.differences import compare_folders
from karvan.adapters.files.overlay import COMPLETE, lay_over
from karvan.adapters.files.published import FileTables, published_of
from karvan.adapters.files.raw_tables import RawTable, split_table
from karvan.adapters.files.source_keys import FILE as SOURCES
from karvan.adapters.files.source_keys import Sources, parse_sources
from karvan.adapters.files.templates import templates
from karvan.adapters.formats import geojson, gmns, gtfs, xlsx
from karvan.adapters.formats.writing import require_new_folder, write_file, write_folder
from karvan.domain.errors import InvalidInput, InvalidTables, TableFault
from karvan.services.exchange import Comparison, Exchanged, Format, Hashes, Period
from karvan.services.quoting.published import Published

Files = Mapping[str, bytes]
Faults = tuple[TableFault, ...]


class FileExchange:
    """Reads and writes packages; `None` for a folder means the shipped tables alone."""

    def export(
        self, what: Format, target: Path, period: Period, folder: Path | None = None
    ) -> Exchanged:
        """Write the network in a format, all of it or nothing."""
        published = published_of(FileTables().check(folder))
        data = folder_of(folder)
        rows: Mapping[str, int]
        if what is Format.GMNS:
            require_new_folder(target)
            files = gmns.render_gmns(raw_tables(data, gmns.TABLES), sources_of(data))
            write_folder(target, files)
            rows = {name: len(_split(name, files[name]).rows) for name in files if _is_csv(name)}
        elif what is Format.GTFS:
            feed, rows = gtfs.render_gtfs(published.network, period)
            write_file(target, feed)
        elif what is Format.GEOJSON:
            places, _ = read_file(data / "network", "places.csv", shipped_attributes("place"))
            links, _ = read_file(data / "network", "links.csv", shipped_attributes("link"))
            version = published.network.hashes.network
            write_file(target, geojson.render_geojson(places, links, version))
            rows = {"places": len(places), "links": len(links)}
        else:
            tables = raw_tables(data, catalogue.TABLES)
            write_file(target, xlsx.render_xlsx(tables, sources_of(data)))
            rows = {xlsx.sheet_name(path): len(table.rows) for path, table in tables.items()}
        return Exchanged(path=target, rows=rows, hashes=hashes_of(published))

    def read(self, what: Format, source: Path, target: Path) -> Exchanged:
        """Read a package of ours back into a folder of tables, all of it or nothing."""
        require_new_folder(target)
        if what is Format.GMNS:
            files, faults, tell = _read_gmns(source)
        elif what is Format.XLSX:
            files, faults, tell = read_workbook(source)
        else:
            raise InvalidInput("this format cannot be read back", format=what.value)
        tables = sorted(path for path in files if _is_csv(path))
        lines = "".join(f'    "{path}",\n' for path in tables)
        files = {**files, COMPLETE: f"tables = [\n{lines}]\n".encode()}
        with tempfile.TemporaryDirectory(prefix="karvan-") as name:
            scratch = Path(name) / "tables"
            write_folder(scratch, files)
            checked = FileTables().check(scratch) if tables else None
        told = (*faults, *map(tell, checked.faults if checked else ()))
        if told or checked is None or checked.published is None:
            raise InvalidTables(told)
        write_folder(target, files)
        rows = {path: len(_split(path, files[path]).rows) for path in tables}
        return Exchanged(path=target, rows=rows, hashes=hashes_of(checked.published))

    def compare(self, old: Path | None, new: Path | None) -> Comparison:
        """Tell how two sets of tables differ."""
        before, after = FileTables().check(old), FileTables().check(new)
        faults = (*before.faults, *after.faults)
        if faults:
            raise InvalidTables(faults)
        return Comparison(
            old=hashes_of(published_of(before)),
            new=hashes_of(published_of(after)),
            tables=compare_folders(folder_of(old), folder_of(new)),
        )

    def write_templates(self, target: Path) -> tuple[str, ...]:
        """Write empty tables to fill in, examples and a page on the columns; gives the files."""
        files = templates()
        write_folder(target, files)
        return tuple(sorted(files))


def _read_gmns(source: Path) -> tuple[Files, Faults, Callable[[TableFault], TableFault]]:
    known = [layout.file for layout in gmns.LAYOUTS] + [gmns.SOURCE_TABLE, gmns.CONFIG]
    named = {name: str(source / name) for name in known}
    package: dict[str, bytes] = {}
    faults: list[TableFault] = []
    for name, path in named.items():
        data, told = read_bounded(source / name, path)
        faults.extend(each for each in told if each.code != "no-file")
        if data is not None:
            package[name] = data
    faults.extend(_strangers(source, named))
    files, told = gmns.parse_gmns(named, package)
    return files, (*faults, *told), lambda fault: gmns.tell_as_gmns(fault, named)


def _strangers(source: Path, known: Mapping[str, str]) -> Iterable[TableFault]:
    try:
        names = sorted(each.name for each in source.glob("*.csv"))
    except OSError:
        return
    for name in names:
        if name not in known:
            message = "holds what these tables have no room for; take it out"
            yield TableFault(str(source / name), None, "", "unknown-table", message)


def read_workbook(source: Path) -> tuple[Files, Faults, Callable[[TableFault], TableFault]]:
    """Give the tables of a workbook, all faults, and how to name a fault by its sheet."""
    data, faults = read_bounded(source)
    files: Files = {}
    if data is not None:
        files, faults = xlsx.parse_xlsx(str(source), data)
    if not faults and not any(map(_is_csv, files)):
        faults = (TableFault(str(source), None, "", "no-tables", "it has no sheet of ours"),)

    def tell(fault: TableFault) -> TableFault:
        for path in catalogue.TABLES:
            if fault.file.endswith(path):
                return replace(fault, file=f"{source}#{xlsx.sheet_name(path)}")
        return fault

    return files, faults, tell


def folder_of(folder: Path | None) -> Traversable:
    """Give the tables of a folder laid over the shipped ones."""
    return shipped_data() if folder is None else lay_over(folder).folder


def raw_tables(data: Traversable, paths: Iterable[str]) -> Mapping[str, RawTable]:
    """Give tables of a folder without faults, as they are written."""
    return {path: _split(path, data.joinpath(*path.split("/")).read_bytes()) for path in paths}


def _split(name: str, data: bytes) -> RawTable:
    table, faults = split_table(name, data)
    assert table is not None, faults
    return table


def _is_csv(name: str) -> bool:
    return name.endswith(".csv")


def sources_of(data: Traversable) -> Sources:
    """Give the sources of a folder without faults."""
    sources, faults = parse_sources(SOURCES, (data / SOURCES).read_bytes())
    assert not faults, faults
    return sources


def hashes_of(published: Published) -> Hashes:
    """Give what a set of tables says, by content."""
    hashes = published.network.hashes
    return Hashes(
        network=hashes.network,
        places_and_links=hashes.places_and_links,
        patterns=hashes.patterns,
        performance=hashes.performance,
        rules=hashes.rules,
        tariff_version=published.book.version,
    )
