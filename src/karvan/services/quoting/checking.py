"""The code with which anybody can check a printed quote against its JSON.

A printed quote travels by mail and on paper. Its code holds the quote, the total of its first way
and a hash of the whole answer, so that a changed figure is found with the JSON alone::

    KARVAN1 Q-3F3263BAEBD11E51 4700.05 USD SHA256:1C5D...

All of it is of the alphanumeric set of QR codes (ISO/IEC 18004, 7.3.4), which keeps the code small.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Final

from karvan.domain.errors import InvalidInput

#: Kind and version of the code.
KIND: Final = "KARVAN1"
#: Stands where a quote has no total: no way was found, or its first one is on request.
NO_TOTAL: Final = "-"
#: The longest text that is looked at; a code has about 110 characters.
LONGEST: Final = 500

_CODE = re.compile(
    rf"{KIND} (?P<quote_id>\S{{1,64}}) (?P<amount>\S{{1,40}}) (?P<currency>\S{{1,8}}) "
    r"SHA256:(?P<hash>[0-9A-F]{64})"
)
_UNFIT = re.compile(r"[^0-9A-Z$%*+\-./:]")


def canonical(answer: Mapping[str, object]) -> bytes:
    """Give the bytes that are hashed: keys sorted, no spaces, UTF-8, numbers as JSON has them.

    Raises
    ------
    InvalidInput
        It holds half a character, NaN or Infinity: no answer of ours.
    """
    try:
        text = json.dumps(
            answer, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )
        return text.encode("utf-8")
    except (ValueError, RecursionError):
        raise InvalidInput("this is no quote: it cannot be written as JSON") from None


def check_code(answer: Mapping[str, object]) -> str:
    """Make the code of an answer, as the QR code of a printed quote holds it.

    >>> check_code({"quote_id": "Q-1", "alternatives": []})[:36]
    'KARVAN1 Q-1 - - SHA256:9059F7949AEE1'
    """
    amount, currency = _total(answer)
    digest = hashlib.sha256(canonical(answer)).hexdigest().upper()
    return f"{KIND} {_word(answer.get('quote_id'))} {amount} {currency} SHA256:{digest}"


def require_same(answer: Mapping[str, object], text: str) -> str:
    """Hold a code against an answer; gives the code in its usual spelling.

    Spaces, line breaks and small letters, as typing by hand brings them, do not count.

    Raises
    ------
    InvalidInput
        It is no code, or not of this answer; `differs` names what is not the same.
    """
    given = " ".join(text[:LONGEST].upper().split())
    read = _CODE.fullmatch(given)
    if read is None:
        raise InvalidInput(
            "this is not the code of a quote", given=text[:LONGEST], expected=f"{KIND} Q-... SHA256"
        )
    own = check_code(answer)
    expected = _CODE.fullmatch(own)
    assert expected is not None, own
    names = {"quote_id": "quote", "amount": "total", "currency": "currency", "hash": "content"}
    differs = [told for name, told in names.items() if read[name] != expected[name]]
    if differs:
        raise InvalidInput(
            "the code and the file are not of one quote, or one of them was changed",
            differs=differs,
            code=given,
            file=own,
        )
    return own


def _total(answer: Mapping[str, object]) -> tuple[str, str]:
    """Total and currency of the first way."""
    ways = answer.get("alternatives")
    first = ways[0] if isinstance(ways, list) and ways else None
    price = first.get("price") if isinstance(first, dict) else None
    if not isinstance(price, dict):
        return NO_TOTAL, NO_TOTAL
    return _word(price.get("amount")), _word(price.get("currency"))


def _word(value: object) -> str:
    """One word of the set of characters, never empty."""
    text = "" if value is None else str(value).upper()
    return _UNFIT.sub("", text)[:40] or NO_TOTAL
