"""Many quotes at once: lanes in, a row for each out.

A lane is one request. Lanes do not know each other: what a lane is answered depends neither on
the order of the lanes, nor on how many workers there are, nor on the fault of another.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from karvan.domain.errors import (
    Fault,
    InvalidRequest,
    InvalidTables,
    KarvanError,
    TableFault,
)
from karvan.domain.instants import from_minutes, render_instant
from karvan.network.situation import NORMAL, Situation
from karvan.services.quoting.answer import Alternative, Quote
from karvan.services.quoting.published import Published
from karvan.services.quoting.rendering import quote_json
from karvan.services.quoting.request import RequestReader
from karvan.services.quoting.store import OpenedTables

#: The most lanes of one file.
MOST_LANES: Final = 10_000
#: The column with the shipper's own name of a lane, which is handed on.
LABEL: Final = "lane"

#: Columns of what comes out. The price, days and CO2e are those of the best balance.
COLUMNS: Final = (
    "row", LABEL, "from", "to", "ready", "quote_id", "corridor", "departs", "arrives_p50",
    "price", "currency", "p50_days", "p80_days", "p95_days", "co2e_kg", "cheapest",
    "cheapest_p50_days", "fastest", "fastest_p50_days", "ways", "expires_at", "error",
)  # fmt: skip
NUMERIC: Final = frozenset(
    {"row", "price", "p50_days", "p80_days", "p95_days", "co2e_kg", "ways"}
    | {f"{which}{part}" for which in ("cheapest", "fastest") for part in ("", "_p50_days")}
)

_NUMBER_TYPES: Final = ("whole", "number")
Render = Callable[[Mapping[str, object]], str]


@dataclass(frozen=True, slots=True)
class Lane:
    """One request of many.

    Attributes
    ----------
    row
        Where it stands in its file; the header is row 1.
    body
        The request as it would be sent alone.
    given
        Cells of the file that the result repeats.
    """

    row: int
    body: Mapping[str, object]
    given: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LaneResult:
    """What became of a lane.

    Attributes
    ----------
    cells
        A row of `COLUMNS`.
    answer
        The answer as JSON text, to be kept; '' when there is none.
    faults
        What is wrong with the request, by field.
    """

    row: int
    cells: Mapping[str, str]
    answer: str = ""
    faults: tuple[Fault, ...] = ()


class LaneFiles(Protocol):
    """Reads and writes tables of lanes."""

    def read(self, source: Path) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        """Give header and rows of a CSV or XLSX file; raises `InvalidTables`."""

    def write(
        self,
        target: Path,
        header: Sequence[str],
        rows: Sequence[Sequence[str]],
        numeric: frozenset[str],
    ) -> None:
        """Write a table whole or not at all; no text becomes a formula."""


class LaneRunner(Protocol):
    """Answers lanes on as many processes as are wanted."""

    def run(
        self,
        opened: OpenedTables,
        lanes: Sequence[Lane],
        now: datetime,
        *,
        workers: int,
        render: Render,
        situation: Situation | None = NORMAL,
    ) -> Iterator[LaneResult]:
        """Give results as they come, in any order."""


def read_lanes(
    file: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    kinds: Mapping[str, str],
) -> tuple[Lane, ...]:
    """Turn the rows of a table into requests.

    Parameters
    ----------
    kinds
        What each field of a request holds: `text`, `whole`, `number`, `yes-no`, or `list`,
        whose parts are separated by `;`.

    Raises
    ------
    InvalidTables
        Every column that is no field of a request; too many rows, or none.
    """
    faults = [
        TableFault(file, 1, name, "unknown-column", "a request has no such field")
        for name in header
        if name not in kinds and name != LABEL
    ]
    faults += [
        TableFault(file, 1, name, "missing-column", "every request needs it")
        for name in ("from", "to", "ready")
        if name not in header
    ]
    if not rows:
        faults.append(TableFault(file, None, "", "no-rows", "there is no lane in it"))
    if len(rows) > MOST_LANES:
        message = f"holds more than {MOST_LANES} lanes"
        faults.append(TableFault(file, None, "", "too-large", message))
    if faults:
        raise InvalidTables(faults)
    lanes = []
    for number, cells in enumerate(rows, start=2):
        given = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        if not any(given.values()):
            continue
        body = {
            name: _value(cell, kinds[name])
            for name, cell in given.items()
            if cell and name != LABEL
        }
        lanes.append(Lane(number, body, given))
    return tuple(lanes)


def _value(cell: str, kind: str) -> object:
    """A cell as a request holds it; what it cannot be is left to the reader to tell."""
    value: object = cell
    if kind == "list":
        value = [part.strip() for part in cell.split(";")]
    elif kind == "yes-no":
        value = {"yes": True, "no": False}.get(cell.lower(), cell)
    elif kind in _NUMBER_TYPES:
        try:
            value = int(cell) if kind == "whole" or cell.isdigit() else float(cell)
        except ValueError:
            value = cell
    return value


def in_good_order(lanes: Sequence[Lane]) -> tuple[Lane, ...]:
    """Put lanes side by side that share what is compiled: all that is asked but the two places."""

    def shared(lane: Lane) -> tuple[str, str, int]:
        cargo = {name: asked for name, asked in lane.body.items() if name not in {"from", "to"}}
        ends = {name: lane.body.get(name) for name in ("from", "to")}
        return json.dumps(cargo, sort_keys=True), json.dumps(ends), lane.row

    return tuple(sorted(lanes, key=shared))


class LaneDesk:
    """Answers lanes, one after another, from one set of tables."""

    def __init__(
        self,
        published: Published,
        now: datetime,
        render: Render,
        situation: Situation | None = NORMAL,
    ) -> None:
        # The compiler comes with it: whoever only reads a list of lanes need not wait for that.
        from karvan.services.quoting.quote import Quoting

        self._situation = situation
        self._reader = RequestReader(published.network, published.book)
        self._quoting = Quoting(published)
        self._now = now
        self._render = render

    def answer(self, lane: Lane) -> LaneResult:
        """Answer one lane; what goes wrong stands in its row."""
        cells = {name: lane.given.get(name, "") for name in (LABEL, "from", "to", "ready")}
        cells["row"] = str(lane.row)
        try:
            request = self._reader.read(lane.body, self._now)
            quote = self._quoting.quote(request, self._now, self._situation)
            answer = self._render(quote_json(quote))
        except InvalidRequest as error:
            told = "; ".join(_told(fault) for fault in error.faults)
            return LaneResult(lane.row, {**cells, "error": told}, faults=error.faults)
        except KarvanError as error:
            cells["error"] = f"{error.code}: {error.message}"
            return LaneResult(lane.row, cells, faults=(Fault.of(error),))
        except Exception as error:  # noqa: BLE001 - our fault in one lane stops no other
            fault = Fault("internal", "something went wrong inside Karvan", facts={})
            cells["error"] = f"internal: {type(error).__name__}"
            return LaneResult(lane.row, cells, faults=(fault,))
        return LaneResult(lane.row, {**cells, **_cells(quote)}, answer)


def _told(fault: Fault) -> str:
    given = f" ({fault.fix})" if fault.fix else ""
    return f"{fault.pointer.lstrip('/')}: {fault.message}{given}"


def _cells(quote: Quote) -> dict[str, str]:
    best = quote.alternatives[0]
    cells = {
        "quote_id": quote.quote_id,
        "corridor": best.family,
        "departs": render_instant(from_minutes(best.departs_min)),
        "arrives_p50": render_instant(
            from_minutes(round(quote.request.ready.timestamp() / 60 + 60 * best.times.p50_h))
        ),
        "price": best.price.total.amount,
        "currency": best.price.total.currency,
        "p50_days": _days(best.times.p50_h),
        "p80_days": _days(best.times.p80_h),
        "p95_days": _days(best.times.p95_h),
        "co2e_kg": f"{best.co2e_g / 1000:.1f}",
        "ways": str(len(quote.alternatives)),
        "expires_at": render_instant(quote.expires_at),
    }
    for label in ("cheapest", "fastest"):
        way = labelled(quote, label)
        cells[label] = way.price.total.amount
        cells[f"{label}_p50_days"] = _days(way.times.p50_h)
    return cells


def labelled(quote: Quote, label: str) -> Alternative:
    """The way of a quote with a label of the ranking."""
    return next(each for each in quote.alternatives if label in each.labels)


def _days(hours: float) -> str:
    return f"{hours / 24:.1f}"
