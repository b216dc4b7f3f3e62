"""Files and folders written whole or not at all.

What is written grows under another name beside its target and takes its place at the end. A
full disk, a fault on the way or a key pressed leaves the target as it was.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from karvan.domain.errors import InvalidInput

#: Permissions of what is written, before the umask; a temporary file would have its own.
_FILE_MODE: Final = 0o666
_FOLDER_MODE: Final = 0o777

_CANNOT = "it cannot be written; nothing was"


def write_file(target: Path, data: bytes) -> None:
    """Write a file in one step; an older one is replaced.

    Raises
    ------
    InvalidInput
        The target is no plain file, its folder is missing, or it cannot be written.
    """
    _refuse_special(target)
    real = target.resolve()

    def fill(stream_path: Path) -> None:
        with stream_path.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())

    try:
        handle, name = tempfile.mkstemp(
            prefix=f".{real.name[:40]}.", suffix=".part", dir=real.parent
        )
    except (OSError, ValueError) as error:
        raise _refused(target, error) from None
    os.close(handle)
    part = Path(name)
    _finish(target, part, fill, lambda: part.replace(real), part.unlink)


def write_folder(target: Path, files: Mapping[str, bytes]) -> None:
    """Write files below a folder that does not exist yet or is empty, in one step.

    Raises
    ------
    InvalidInput
        The folder holds something, its parent is missing, or it cannot be written.
    """
    require_new_folder(target)
    real = target.resolve()

    def fill(part: Path) -> None:
        for name, data in files.items():
            file = part / name
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())

    try:
        part = Path(tempfile.mkdtemp(prefix=f".{real.name[:40]}.", suffix=".part", dir=real.parent))
    except (OSError, ValueError) as error:
        raise _refused(target, error) from None
    _finish(target, part, fill, lambda: part.replace(real), lambda: shutil.rmtree(part))


def require_new_folder(target: Path) -> None:
    """Refuse a folder that holds something already, so that nothing is mixed or lost.

    Raises
    ------
    InvalidInput
        There is something.
    """
    try:
        taken = target.is_symlink() or (target.exists() and not target.is_dir())
        taken = taken or (target.is_dir() and any(target.iterdir()))
    except OSError as error:
        raise _refused(target, error) from None
    if taken:
        raise InvalidInput("the folder must be new or empty", path=str(target))


def require_room(target: Path) -> None:
    """Refuse a file or folder that could not be made, before hours go into what it would hold.

    Raises
    ------
    InvalidInput
        Its parent is missing, or nothing can be written there.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=".karvan.", dir=target.resolve().parent):
            pass
    except (OSError, ValueError) as error:
        raise _refused(target, error) from None


def require_file(target: Path) -> None:
    """Refuse a file that `write_file` would refuse; raises `InvalidInput`."""
    _refuse_special(target)
    require_room(target)


def _finish(
    target: Path,
    part: Path,
    fill: Callable[[Path], None],
    place: Callable[[], object],
    discard: Callable[[], object],
) -> None:
    try:
        fill(part)
        part.chmod((_FOLDER_MODE if part.is_dir() else _FILE_MODE) & ~_umask())
        place()
    except BaseException as error:
        discard()
        if isinstance(error, OSError):
            raise _refused(target, error) from None
        raise


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _refuse_special(target: Path) -> None:
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise _refused(target, error) from None
    if not stat.S_ISREG(mode):
        raise InvalidInput("there is something that is no plain file", path=str(target))


def _refused(target: Path, error: OSError | ValueError) -> InvalidInput:
    reason = getattr(error, "strerror", None) or "its name is no name of a file"
    return InvalidInput(_CANNOT, path=str(target), reason=reason)
