"""Tables to fill in: a header each, an example beside them, and a page on their columns."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources.abc import Traversable

from karvan.adapters.files import catalogue
from karvan.adapters.files.corridor_tables import shipped_data
from karvan.adapters.files.overlay import COMPLETE, REMOVE
from karvan.adapters.files.raw_tables import RawTable, join_table, split_table
from karvan.adapters.files.source_keys import render_sources
from karvan.network.attributes import Attribute

_PAGE = f"""\
# Your own tables

Fill in what you know better and delete the rest: a table that is not here is ours. Then

    karvan network check --data .

names every fault with file, row and column, and any command takes the folder with `--data`.

- A row whose key is known replaces ours, a row with a new key is added.
- Delete columns you do not state: a known row keeps ours there. An empty cell says that there
  is nothing. A new row needs every column marked `required`.
- To take a row out add a column `{REMOVE}` and write `yes` in it.
- Every row names its source; add your own to `sources.toml`, as in `examples/sources.toml`.
- Lists are separated by `;`, dates read 2026-12-03, decimals have a point, yes and no are
  words. Files are UTF-8.
- A file `{COMPLETE}` with `tables = ["network/links.csv"]` makes that table stand alone: ours is
  then not read at all.

`examples/` shows a row of each of our tables. It is not read.
"""

_EXAMPLE_SOURCE = {
    "our-contract": {
        "title": "Contract 7 of 2026 with the terminal",
        "retrieved": "2026-11-21",
        "licence": "our own",
        "done": "rates of annex 2, as signed",
    }
}


def templates(data: Traversable | None = None) -> Mapping[str, bytes]:
    """Give the files of a folder to be filled in, by path."""
    folder = shipped_data() if data is None else data
    files: dict[str, bytes] = {}
    page = [_PAGE]
    for path in catalogue.TABLES:
        names = [column.name for column in catalogue.columns(path)]
        shipped, faults = split_table(path, folder.joinpath(*path.split("/")).read_bytes())
        assert shipped is not None, faults
        files[path] = join_table(RawTable.of(names, ()))
        fullest = sorted(shipped.records(), key=lambda row: -sum(map(bool, row.values())))[:1]
        files[f"examples/{path}"] = join_table(RawTable.of(names, fullest))
        page.append(_describe(path, catalogue.columns(path)))
    files["sources.toml"] = b""
    files["examples/sources.toml"] = render_sources(_EXAMPLE_SOURCE)
    files["README.md"] = "\n".join(page).encode("utf-8")
    return files


def _describe(path: str, columns: tuple[Attribute, ...]) -> str:
    names = ", ".join(f"`{name}`" for name in catalogue.key(path))
    lines = [f"## {path}", "", f"Key: {names}.", ""]
    lines += [
        "| Column | Type | Unit | Required | Default | Meaning |",
        "|---|---|---|---|---|---|",
    ]
    for column in columns:
        cells = (
            f"`{column.name}`",
            column.type.replace("enum:", "one of ").replace("|", ", "),
            column.unit,
            "yes" if column.required else "no",
            f"`{column.default}`" if column.default else "",
            column.description.replace("|", "\\|"),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])
