"""P4, a whole quote on the shipped corridor, eight lanes, against its own plain-Python oracle.

From the body of a request to an answer on the disk: read, search, price, sample each alternative
a thousand times, add documents, write the text, store it (SQLite, written ahead, `synchronous =
FULL`). Ready is another minute each time, so no answer is there already; what is compiled and
kept between quotes of one cargo stays. The oracle (`_plain_quote`) searches and samples in plain
Python, remembers nothing, and must give the same bytes.

    python -m benchmarks.quote
"""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from benchmarks._measure import Target, spread, timed
from benchmarks._plain_quote import plain_text, plainly

from karvan.adapters.files.published import load_published
from karvan.adapters.files.table_sets import FileTableSets
from karvan.adapters.sql.quotes import SqlStores
from karvan.interfaces.json_text import render_json
from karvan.network.changes import HeadwayChange, apply
from karvan.services.databases import Database
from karvan.services.quoting.published import Published
from karvan.services.quoting.quote import Quoting
from karvan.services.quoting.rendering import quote_json
from karvan.services.quoting.request import RequestReader
from karvan.services.quoting.store import QuoteStore, TableSet
from karvan.services.quoting.stored import keep

__all__ = ["LANES", "NOW", "Program", "Quoting", "RequestReader", "answer", "load_published", "run"]

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
READY = datetime(2026, 12, 2, 16, tzinfo=UTC)
Body = Mapping[str, object]
BOX: Body = {"container": "40HC", "mass_kg": "18000", "hs": "851660"}
LANES: Mapping[str, Body] = {
    "Xi'an - Istanbul, container": {"from": "CN-XIA", "to": "TR-IST"} | BOX,
    "Almaty - Poti, container": {"from": "KZ-ALM", "to": "GE-POT"} | BOX,
    "Istanbul - Almaty, container": {"from": "TR-IST", "to": "KZ-ALM"} | BOX,
    "Poti - Tashkent, container": {"from": "GE-POT", "to": "UZ-TAS"} | BOX,
    "Shanghai - Duisburg, container": {"from": "CN-SHA", "to": "DE-DUI"} | BOX,
    "Urumqi - Duisburg, reefer": {
        "from": "CN-URC", "to": "DE-DUI", "container": "45R1", "mass_kg": "15000",
        "hs": "080810", "temperature_c": "2..4",
    },
    "Tashkent - Poti, grain in bulk": {
        "from": "UZ-TAS", "to": "GE-POT", "bulk": "grain", "mass_t": "1500", "hs": "100199",
    },
    "Xi'an - Istanbul, block train": {
        "from": "CN-XIA", "to": "TR-IST", "container": "22G1", "mass_kg": "20000",
        "hs": "720839", "count": 20, "train": "block",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Program:
    """One program with its store."""

    reader: RequestReader
    quoting: Quoting
    store: QuoteStore
    tables: TableSet
    render: Callable[[Mapping[str, object]], str] = render_json

    def answer(self, body: Body, minute: int = 0, **more: object) -> str:
        """Answer a lane that is ready some minutes later, and store the answer."""
        ready = (READY + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")
        request = self.reader.read({**body, "ready": ready, **more}, NOW)
        text = self.render(quote_json(self.quoting.quote(request, NOW)))
        keep(self.store, self.tables, [text])
        return text


def answer(reader: RequestReader, quoting: Quoting, body: Body, minute: int = 0) -> str:
    """Answer a lane without storing."""
    ready = (READY + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return render_json(quote_json(quoting.quote(reader.read({**body, "ready": ready}, NOW), NOW)))


def lane(ours: Program, plain: Program, body: Body, repeats: int, oracle: int) -> dict[str, object]:
    """Measure both on one lane; milliseconds."""
    cold_ms, expected = timed(lambda: ours.answer(body))
    plain.answer(body, samples=50)  # Corridor and tariffs, which both are given.
    busy_ms, wall_ms = [], []
    for minute in range(1, repeats + 1):
        began = time.perf_counter()
        ms, expected = timed(partial(ours.answer, body, minute))
        wall_ms.append((time.perf_counter() - began) * 1e3)
        busy_ms.append(ms)
    seed_ms, _ = timed(lambda: ours.answer(body, repeats, seed=7))
    plain_ms = []
    for _ in range(oracle):
        with plainly(plain.quoting):
            ms, told = timed(lambda: plain.answer(body, repeats))
        assert told == expected, "the oracle gives other bytes"
        plain_ms.append(ms)
    return {
        "alternatives": len(json.loads(expected)["alternatives"]),
        "first_of_its_cargo_ms": round(cold_ms),
        **spread(busy_ms, "busy"),
        **spread(wall_ms, "wall"),
        "other_seed_ms": round(seed_ms, 1),
        "oracle_ms": round(statistics.median(plain_ms)),
        "ratio": round(statistics.median(plain_ms) / statistics.median(busy_ms), 1),
    }


def growth(published: Published, folder: Path, repeats: int = 5) -> dict[str, object]:
    """Busy milliseconds at 1, 4 and 16 times the departures of services that have a headway."""
    figures: dict[str, object] = {}
    sizes, medians = [], []
    for times in (1, 4, 16):
        changes = [
            HeadwayChange(service.id, 1 / times)
            for service in published.network.services.values()
            if service.headway_h is not None
        ]
        denser = replace(published, network=apply(published.network, changes))
        program = _program(denser, folder / f"{times}.sqlite")
        took_ms = []
        for body in list(LANES.values())[:5]:
            program.answer(body)
            took_ms += [timed(partial(program.answer, body, m))[0] for m in range(1, repeats)]
        program.store.close()
        corridor = program.quoting.corridor(denser.network, NOW.date())
        sizes.append(corridor.connections.segment.size)
        medians.append(statistics.median(took_ms))
        figures[f"connections at {times}x"] = sizes[-1]
        figures[f"busy_median_ms at {times}x"] = round(medians[-1], 1)
    exponent = math.log(medians[-1] / medians[0]) / math.log(sizes[-1] / sizes[0])
    return {**figures, "exponent": round(exponent, 2)}


def over_http(folder: Path, repeats: int) -> dict[str, float]:
    """Milliseconds on the clock of one caller after another at a server on this machine."""
    import httpx2 as httpx

    code = "import sys; from karvan.bootstrap import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", code, "serve", "--port", "0"]
    command += ["--store", str(folder / "http.sqlite")]
    server = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=dict(os.environ)
    )
    try:
        assert server.stdout is not None
        address = server.stdout.readline().split()[-1]
        ready = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(days=12)
        took_ms = []
        with httpx.Client(base_url=address, timeout=600) as client:
            for minute in range(repeats + 1):
                for body in LANES.values():
                    told = (ready + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")
                    began = time.perf_counter()
                    response = client.post("/v1/quotes", json={**body, "ready": told})
                    assert response.status_code in {200, 201}, response.text
                    if minute:
                        took_ms.append((time.perf_counter() - began) * 1e3)
    finally:
        server.terminate()
        server.wait(20)
    return spread(took_ms, "http_wall")


def _program(published: Published, file: Path, **more: object) -> Program:
    tables = FileTableSets().open().table_set
    return Program(
        RequestReader(published.network, published.book),
        Quoting(published),
        SqlStores().open(Database.of_file(file), create=True),
        tables,
        **more,
    )


def run(repeats: int = 15, oracle: int = 1) -> dict[str, object]:
    """Measure each lane, HTTP and growth."""
    began = time.perf_counter()
    published = load_published()
    loading_s = time.perf_counter() - began
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours = _program(published, folder / "ours.sqlite")
        plain = _program(published, folder / "plain.sqlite", render=plain_text)
        ours.answer(LANES["Almaty - Poti, container"])  # Compiles the kernels.
        lanes = {told: lane(ours, plain, body, repeats, oracle) for told, body in LANES.items()}
        ours.store.close()
        plain.store.close()
        http = over_http(folder, max(2, repeats // 3))
        grown = growth(published, folder)
    ratios = [float(str(each["ratio"])) for each in lanes.values()]
    targets: Sequence[Target] = [
        {
            "row": "P4",
            "work": "a whole quote, eight lanes, stored: median of the lanes' ratios",
            "peer": "its own plain-Python oracle, same bytes",
            "ratio": round(statistics.median(ratios), 1),
            "to_reach": 50.0,
        }
    ]
    medians = {
        of: statistics.median(float(str(each[f"{of}_median_ms"])) for each in lanes.values())
        for of in ("busy", "wall")
    }
    return {
        "repeats": repeats,
        "samples": 1000,
        "loading_s": round(loading_s, 2),
        "lowest ratio": min(ratios),
        **{f"median of the lanes, {of}_ms": round(ms, 1) for of, ms in medians.items()},
        **http,
        "lanes": lanes,
        "growth": grown,
        "targets": targets,
    }


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
