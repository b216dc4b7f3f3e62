"""Files of a quote beside its answer on the terminal: checked before the work, written after it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from karvan.domain.errors import Fault, InvalidInput, InvalidRequest
from karvan.interfaces.cli.options import Session
from karvan.interfaces.cli.output import say

if TYPE_CHECKING:
    from karvan.services.quoting.answer import Quote

_SUFFIX: Final = {"pdf": ".pdf", "xlsx": ".xlsx"}


def targets(*, pdf: Path | None, xlsx: Path | None, force: bool) -> dict[str, Path]:
    """Give the files that are asked for, by format, after a look at each.

    Raises
    ------
    InvalidRequest
        Every file that cannot be written: another ending than its format has, a folder that is
        missing or closed, something that is there already and may not be replaced.
    """
    given = {name: path for name, path in (("pdf", pdf), ("xlsx", xlsx)) if path is not None}
    faults = [
        Fault("invalid-input", message, f"/{name}", facts={"path": str(path)})
        for name, path in given.items()
        if (message := _fault(name, path, force=force))
    ]
    if faults:
        raise InvalidRequest(faults)
    return given


def write(work: Session, answer: Quote, goods: str, files: Mapping[str, Path]) -> None:
    """Write a quote in each format, all of them or none."""
    from karvan.services.exporting import QuoteDocument, QuoteFormat
    from karvan.services.quoting.rendering import quote_json

    writer = work.wiring.quote_writer
    assert writer is not None, "the wiring writes no quotes"
    request = answer.request
    document = QuoteDocument(
        answer=quote_json(answer),
        place_names={
            **{str(end.id): end.name for end in (request.origin, request.destination)},
            **answer.place_names,
        },
        carrier_names=answer.carrier_names,
        corridor_names={way.family: way.family_name for way in answer.alternatives},
        goods=goods,
    )
    made = {name: writer.write(QuoteFormat(name), document) for name in files}
    write_all({path: made[name].data for name, path in files.items()})
    for name, path in files.items():
        say(f"Wrote {path}")
        if made[name].unprintable:
            told = ", ".join(f"U+{ord(each):04X}" for each in made[name].unprintable[:12])
            say(f"  no font has a shape for {told}; each stands as a square there")


def write_all(contents: Mapping[Path, bytes]) -> None:
    """Write files whole, and none of them when one cannot be: all beside first, then in place.

    Raises
    ------
    InvalidInput
        A file could not be written: the disk is full, the folder has gone.
    """
    with ExitStack() as leftovers:
        beside: dict[Path, Path] = {}
        for path, content in contents.items():
            try:
                beside[path] = _write_beside(path, content, leftovers)
            except OSError as error:
                raise _refused(path, error) from None
        for path, part in beside.items():
            try:
                part.replace(path.resolve())
            except OSError as error:
                raise _refused(path, error) from None


def _write_beside(path: Path, content: bytes, leftovers: ExitStack) -> Path:
    real = path.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{real.name[:40]}.", suffix=".part", dir=real.parent)
    part = Path(name)
    leftovers.callback(part.unlink, missing_ok=True)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    mask = os.umask(0o022)
    os.umask(mask)
    part.chmod(0o666 & ~mask)
    return part


def _fault(name: str, path: Path, *, force: bool) -> str:
    """What is wrong with a file to be written, '' when nothing is."""
    suffix, folder = _SUFFIX[name], path.parent
    try:
        there = path.exists()
        faults = (
            (path.suffix.lower() != suffix, f"the name of this file must end with {suffix}"),
            (path.is_dir(), "there is a folder of this name"),
            (not folder.is_dir(), "there is no such folder; make it first"),
            (there and not path.is_file(), "there is something that is no plain file"),
            (there and not force, "there is a file of this name; --force replaces it"),
            (not os.access(path.resolve().parent, os.W_OK), "this folder may not be written to"),
        )
    except (OSError, ValueError):
        return "its name is no name of a file"
    return next((message for wrong, message in faults if wrong), "")


def _refused(path: Path, error: OSError) -> InvalidInput:
    return InvalidInput(
        "the file could not be written",
        path=str(path),
        reason=error.strerror or str(error),
    )
