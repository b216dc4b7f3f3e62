"""A folder that exists in memory only, and reads like any other."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from os import PathLike, fspath
from typing import IO, Any


class MemoryFolder(Traversable):
    """Files by their path below the folder, `network/links.csv`; any folder may be asked for."""

    def __init__(self, files: Mapping[str, bytes], path: str = "") -> None:
        self._files = files
        self._path = path

    @property
    def name(self) -> str:
        """Last part of the path."""
        return self._path.rpartition("/")[2]

    def joinpath(self, *descendants: str | PathLike[str]) -> MemoryFolder:
        """Go down."""
        parts = [part for part in (self._path, *(fspath(each) for each in descendants)) if part]
        return MemoryFolder(self._files, "/".join(parts))

    def __truediv__(self, child: str | PathLike[str]) -> MemoryFolder:
        return self.joinpath(child)

    def iterdir(self) -> Iterator[MemoryFolder]:
        """Everything directly below."""
        begin = f"{self._path}/" if self._path else ""
        below = {
            path[len(begin) :].partition("/")[0] for path in self._files if path.startswith(begin)
        }
        for name in sorted(below):
            yield self / name

    def is_file(self) -> bool:
        """Whether it is one of the files."""
        return self._path in self._files

    def is_dir(self) -> bool:
        """Whether something lies below."""
        return any(path.startswith(f"{self._path}/") for path in self._files)

    def read_bytes(self) -> bytes:
        """Give the bytes of a file."""
        if self._path not in self._files:
            raise FileNotFoundError(self._path)
        return self._files[self._path]

    def read_text(self, encoding: str | None = None) -> str:
        """Give the text of a file."""
        return self.read_bytes().decode(encoding or "utf-8")

    def open(self, mode: str = "r", *args: Any, **kwargs: Any) -> IO[Any]:
        """Open a file to be read."""
        stream = io.BytesIO(self.read_bytes())
        return stream if "b" in mode else io.TextIOWrapper(stream, *args, **kwargs)
