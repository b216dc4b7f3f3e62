"""What-ifs of a scenario file: one `[[change]]` a table, read like a sentence.

The key that names what is changed says its kind: `link = "..."`, `fleet = "..."`, `sea = "..."`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from karvan.adapters.files.toml_rows import Reader
from karvan.services.planning.scenario import Change, Kind, What

#: Units of an amount in a time, of an amount, and none.
_RATE: Final = re.compile(r"[A-Za-z0-9_]+/(y|d)")
_STOCK: Final = re.compile(r"[A-Za-z0-9_]+")
_NONE: Final = re.compile("")
_SHIPS, _PRICE, _METRES = re.compile("ships"), re.compile("USD/t"), re.compile("m")

#: What may be done to what, and in which unit its value is.
_VERBS: Final[Mapping[Kind, Mapping[What, re.Pattern[str]]]] = {
    Kind.LINK: {
        What.OPEN: _RATE,
        What.CLOSE: _NONE,
        What.SET: _RATE,
        What.ADD: _RATE,
        What.SCALE: _NONE,
        What.PRICE: _PRICE,
    },
    Kind.PLACE: {What.CLOSE: _NONE, What.SCALE: _NONE},
    Kind.TERMINAL: {What.CLOSE: _NONE, What.SET: _RATE, What.ADD: _RATE, What.SCALE: _NONE},
    Kind.FLEET: {What.CLOSE: _NONE, What.SET: _SHIPS, What.ADD: _SHIPS, What.SCALE: _NONE},
    Kind.TANK: {What.CLOSE: _NONE, What.SET: _STOCK, What.ADD: _STOCK, What.SCALE: _NONE},
    Kind.CAP: {
        What.OPEN: _NONE,
        What.CLOSE: _NONE,
        What.SET: _RATE,
        What.ADD: _RATE,
        What.SCALE: _NONE,
    },
    Kind.OUTLET: {What.CLOSE: _NONE, What.PRICE: _PRICE},
    Kind.SUPPLY: {What.SET: _RATE, What.ADD: _RATE, What.SCALE: _NONE},
    Kind.DEMAND: {What.SET: _RATE, What.ADD: _RATE, What.SCALE: _NONE},
    Kind.SEA: {What.ADD: _METRES},
}
#: What is said without a value.
_PLAIN: Final = {What.CLOSE}
#: What may be said without one: a link opens at its capacity, a cap is lifted.
_MAYBE: Final = {What.OPEN}
_UNIT_WORDS: Final = {
    _RATE: "a unit like Mt/y or kt/d",
    _STOCK: "a unit like kt",
    _NONE: "no unit",
    _SHIPS: "ships",
    _PRICE: "USD/t",
    _METRES: "m",
}
#: Least and most of a value.
_RANGES: Final = {
    What.OPEN: (0.0, 1e6),
    What.SET: (0.0, 1e6),
    What.ADD: (-1e6, 1e6),
    What.SCALE: (0.0, 100.0),
    What.PRICE: (0.0, 1e4),
}
#: The sea moves by metres, not by kilometres.
_SEA_M: Final = 10.0
_KEYS: Final = (
    *(kind.value for kind in Kind),
    *("what", "value", "unit", "commodity", "from", "until"),
    *("low", "high", "estimate", "source", "text"),
)


def read_changes(head: Reader) -> Iterator[Change]:
    """Read the `[[change]]` tables; those with a fault are told and left out."""
    for number, reader in enumerate(head.rows("change"), 1):
        before = len(head.faults)
        found = _change(reader, number)
        if found is not None and len(head.faults) == before:
            yield found


def _change(reader: Reader, number: int) -> Change | None:
    reader.only(_KEYS)
    named = [kind for kind in Kind if kind.value in reader.table]
    if len(named) != 1:
        listed = ", ".join(Kind)
        message = f"one of {listed} says what is changed"
        reader.fault("", "missing" if not named else "twice", message)
    kind = named[0] if named else None
    asset = reader.text(kind.value) if kind else ""
    what = reader.word("what", What)
    if kind and what and what not in _VERBS[kind]:
        verbs = ", ".join(_VERBS[kind])
        reader.fault("what", "unknown-word", f"a {kind} knows {verbs}")
        what = None
    low, high = _end(reader, "low"), _end(reader, "high")
    if low is not None and high is not None and low > high:
        reader.fault("low", "out-of-order", "low is above high")
    reader.in_order("from", "until", "it ends before it begins")
    value, unit = _value(reader, kind, what)
    below = value is not None and low is not None and value < low
    above = value is not None and high is not None and value > high
    if below or above:
        reader.fault("value", "out-of-range", f"from low {low} to high {high} is expected")
    if kind is None or what is None:
        return None
    return Change(
        kind=kind,
        asset=asset,
        what=what,
        value=value,
        unit=unit,
        commodity=reader.text("commodity", ""),
        first_day=reader.day("from"),
        last_day=reader.day("until"),
        low=low,
        high=high,
        estimate=reader.flag("estimate", default=True),
        source=reader.text("source"),
        text=reader.text("text", ""),
        file=reader.file,
        number=number,
    )


def _end(reader: Reader, key: str) -> float | None:
    return reader.number(key, low=-1e9) if key in reader.table else None


def _value(reader: Reader, kind: Kind | None, what: What | None) -> tuple[float | None, str]:
    """Value and unit, as far as what is done asks for them."""
    unit = reader.text("unit", "")
    if kind is None or what is None:
        return None, unit
    if what in _PLAIN or (what in _MAYBE and "value" not in reader.table):
        for key in ("value", "unit"):
            if key in reader.table:
                reader.fault(key, "unknown-key", f"what is to {what} has none")
        return None, ""
    least, most = _RANGES[what]
    if kind is Kind.SEA:
        least, most = -_SEA_M, _SEA_M
    value = reader.number("value", low=-1e12)
    if value is not None and not least <= value <= most:
        words = f"a number from {least:g} to {most:g} is expected"
        reader.fault("value", "out-of-range", words)
    if value == 0 and kind is Kind.FLEET:
        reader.fault("value", "out-of-range", "a fleet of no ships is closed, not changed")
    wanted = _VERBS[kind][what]
    if not wanted.fullmatch(unit):
        reader.fault("unit", "unknown-unit", f"{_UNIT_WORDS[wanted]} is expected")
    return value, unit
