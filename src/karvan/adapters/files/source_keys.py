"""sources.toml: what each key stands for, ours and a user's together."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping

from karvan.domain.errors import TableFault

Sources = Mapping[str, Mapping[str, str]]
FILE = "sources.toml"


def parse_sources(file: str, data: bytes) -> tuple[Sources, tuple[TableFault, ...]]:
    """Read sources.toml: a table of texts for each key.

    Returns
    -------
    What could be read, and all faults: `not-toml`, `wrong-encoding`, `not-text`.
    """
    try:
        found = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        return {}, (TableFault(file, row, "", "wrong-encoding", "the file is not UTF-8"),)
    except (ValueError, RecursionError) as error:
        return {}, (TableFault(file, None, "", "not-toml", f"cannot be read: {error}"),)
    sources: dict[str, Mapping[str, str]] = {}
    faults = []
    for key, entry in found.items():
        if isinstance(entry, dict) and all(isinstance(value, str) for value in entry.values()):
            sources[key] = entry
        else:
            message = 'must be a table of texts, as ["our-contract"] with title = "..."'
            faults.append(TableFault(file, None, key, "not-text", message))
    return sources, tuple(faults)


def render_sources(sources: Sources) -> bytes:
    """Write sources as TOML, by key.

    >>> print(render_sources({"our-contract": {"title": "Contract 7"}}).decode(), end="")
    ["our-contract"]
    title = "Contract 7"
    """
    parts = []
    for key, entry in sorted(sources.items()):
        lines = [
            f"[{_quoted(key)}]",
            *(f"{_quoted_key(n)} = {_quoted(v)}" for n, v in entry.items()),
        ]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts).encode("utf-8")


def _quoted(text: str) -> str:
    """A TOML basic string; JSON escapes the same way, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _quoted_key(name: str) -> str:
    bare = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if bare else _quoted(name)
