"""`karvan check-quote`: a printed quote held against its JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Final

import typer

from karvan.domain.errors import InvalidInput
from karvan.interfaces.cli.options import Json
from karvan.interfaces.cli.output import print_json, print_text

#: The longest file that is read; a quote of twenty ways has half a megabyte.
LONGEST_BYTES: Final = 32_000_000


def check_quote(
    file: Annotated[Path, typer.Argument(metavar="FILE.json", help="The quote as JSON.")],
    code: Annotated[
        str | None,
        typer.Argument(metavar="CODE", help="The text of the QR code; without it, it is printed."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Tell whether the code on a printed quote is of this JSON.

    The code names the quote and its total and holds a hash of the whole JSON: one changed figure
    is found. Spaces and small letters do not count.

    karvan check-quote quote.json "KARVAN1 Q-3F3263BAEBD11E51 4700.05 USD SHA256:..."
    """
    from karvan.services.quoting.checking import check_code, require_same

    answer = _read(file)
    own = check_code(answer) if code is None else require_same(answer, code)
    if as_json:
        print_json({"file": str(file), "code": own, "checked": code is not None})
    elif code is None:
        print_text(own)
    else:
        print_text(f"The code and {file} are of one quote, unchanged.")
        print_text(own)


def _read(file: Path) -> dict[str, object]:
    """Read the object of a file.

    Raises
    ------
    InvalidInput
        There is no such file, it is too long, or it holds no JSON object in UTF-8.
    """
    try:
        with file.open("rb") as stream:
            data = stream.read(LONGEST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is no name of a file"
        raise InvalidInput("the file cannot be read", path=str(file), reason=reason) from None
    if len(data) > LONGEST_BYTES:
        raise InvalidInput("the file is too long", path=str(file), longest_bytes=LONGEST_BYTES)
    try:
        answer = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise InvalidInput("the file is no JSON in UTF-8", path=str(file)) from None
    if not isinstance(answer, dict):
        raise InvalidInput("the file holds no quote: one JSON object", path=str(file))
    return answer
