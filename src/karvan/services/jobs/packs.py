"""What came out of a study, as one file: its answer, its folder and its page, in a ZIP.

Equal contents give equal bytes, whenever and wherever they are packed.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Final

from karvan.domain.errors import NotFound, StoreDamaged

#: Names in the file: what is told as JSON, and the page.
TOLD: Final = "result.json"
PAGE: Final = "report.html"
_BEGINS: Final = b"PK\x03\x04"
#: The first instant that a ZIP can name.
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)


def packed(files: Mapping[str, bytes]) -> bytes:
    """Pack files, by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _NO_TIME), files[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def is_pack(result: bytes) -> bool:
    """Whether a result is packed; other jobs give JSON as it is."""
    return result.startswith(_BEGINS)


def told_of(result: bytes) -> bytes:
    """What a result tells as JSON; raises `StoreDamaged`."""
    return member_of(result, TOLD) if is_pack(result) else result


def member_of(result: bytes, name: str) -> bytes:
    """Give a file of a pack.

    Raises
    ------
    NotFound
        The result has no such file.
    StoreDamaged
        It cannot be unpacked.
    """
    if not is_pack(result):
        raise NotFound("no such file came out of this job", name=name)
    try:
        with zipfile.ZipFile(io.BytesIO(result)) as archive:
            return archive.read(name)
    except KeyError:
        raise NotFound("no such file came out of this job", name=name) from None
    except (zipfile.BadZipFile, OSError, EOFError):
        raise StoreDamaged("the result of the job cannot be unpacked") from None
