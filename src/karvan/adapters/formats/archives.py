"""Zip archives: written the same every time, and read without trust in what they say."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from karvan.domain.errors import TableFault

#: The most an archive may unpack to, and the most files it may hold.
MAX_UNPACKED_BYTES: Final = 128 * 1024 * 1024
MAX_MEMBERS: Final = 500
_PIECE: Final = 1024 * 1024

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_READABLE: Final = 0o644 << 16


def pack(files: Mapping[str, bytes]) -> bytes:
    """Make an archive whose bytes depend on the files alone."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = _READABLE
            archive.writestr(info, data)
    return buffer.getvalue()


def unpack(file: str, data: bytes) -> tuple[Mapping[str, bytes], tuple[TableFault, ...]]:
    """Unpack an archive into memory.

    Sizes are added up from the list of contents first and again while unpacking, so that an
    archive that lies about them stops at the limit too. Names are never used as paths, and one
    that leads out of the archive is refused all the same.

    Returns
    -------
    The files, or none and why: `not-a-zip`, `bad-name`, `too-large`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            faults = tuple(_refusals(file, members))
            if faults:
                return {}, faults
            return _read(file, archive, members)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        return {}, (TableFault(file, None, "", "not-a-zip", f"cannot be unpacked: {error}"),)
    except (OSError, ValueError, IndexError, UnicodeError):
        return {}, (TableFault(file, None, "", "not-a-zip", "cannot be unpacked"),)


def _refusals(file: str, members: list[zipfile.ZipInfo]) -> list[TableFault]:
    faults = []
    if len(members) > MAX_MEMBERS:
        message = f"holds more than {MAX_MEMBERS} files"
        faults.append(TableFault(file, None, "", "too-large", message))
    if sum(info.file_size for info in members) > MAX_UNPACKED_BYTES:
        faults.append(_too_large(file))
    seen: set[str] = set()
    for info in members:
        path = PurePosixPath(info.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in info.filename:
            faults.append(TableFault(file, None, "", "bad-name", "a file in it leads out of it"))
        if info.filename in seen:
            faults.append(TableFault(file, None, "", "bad-name", "a file in it stands twice"))
        seen.add(info.filename)
    return faults


def _read(
    file: str, archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]
) -> tuple[Mapping[str, bytes], tuple[TableFault, ...]]:
    left = MAX_UNPACKED_BYTES
    files: dict[str, bytes] = {}
    for info in members:
        pieces = []
        with archive.open(info) as stream:
            while piece := stream.read(min(_PIECE, left + 1)):
                left -= len(piece)
                if left < 0:
                    return {}, (_too_large(file),)
                pieces.append(piece)
        files[info.filename] = b"".join(pieces)
    return files, ()


def _too_large(file: str) -> TableFault:
    limit = MAX_UNPACKED_BYTES // (1024 * 1024)
    return TableFault(file, None, "", "too-large", f"it unpacks to more than {limit} MiB")
