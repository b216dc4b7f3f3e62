"""Files of unknown origin, read whole and never beyond a limit."""

from __future__ import annotations

import stat
from pathlib import Path

from karvan.adapters.files.tables import MAX_TABLE_BYTES
from karvan.domain.errors import TableFault

_MIB = 1024 * 1024


def read_bounded(
    path: Path, file: str = "", limit_bytes: int = MAX_TABLE_BYTES
) -> tuple[bytes | None, tuple[TableFault, ...]]:
    """Read a file that may be anything.

    Its size is looked at before it is opened, and no more than the limit is ever read.

    Parameters
    ----------
    file
        Name used in faults; the path itself by default.

    Returns
    -------
    The bytes and no fault, or `None` and why not: `no-file`, `not-a-file` (a folder, a pipe, a
    device), `too-large`, `unreadable`.
    """
    name = file or str(path)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return None, (TableFault(name, None, "", "not-a-file", "it is not a plain file"),)
        if status.st_size > limit_bytes:
            return None, (_too_large(name, limit_bytes),)
        pieces, left = [], limit_bytes
        with path.open("rb") as stream:
            while left >= 0 and (piece := stream.read(min(_MIB, left + 1))):
                pieces.append(piece)
                left -= len(piece)
    except FileNotFoundError:
        return None, (TableFault(name, None, "", "no-file", "there is no such file"),)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is no name of a file"
        message = f"the file cannot be read: {reason}"
        return None, (TableFault(name, None, "", "unreadable", message),)
    if left < 0:
        return None, (_too_large(name, limit_bytes),)
    return b"".join(pieces), ()


def _too_large(name: str, limit_bytes: int) -> TableFault:
    message = f"the file is larger than {limit_bytes // _MIB} MiB"
    return TableFault(name, None, "", "too-large", message)
