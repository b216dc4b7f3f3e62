"""A whole quote in process on the shipped corridor: five lanes, from typed request to JSON text.

Each lane is asked once to compile and to fill what is kept between quotes, then again and
again. Clock and ready date are fixed. The same request must give the same bytes every time.

    python -m benchmarks.quote
"""

from __future__ import annotations

import json
import statistics
import time
from datetime import UTC, datetime

import numpy as np

from karvan.adapters.files.published import load_published
from karvan.services.quoting.quote import Quoting
from karvan.services.quoting.rendering import quote_json
from karvan.services.quoting.request import RequestReader

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
READY = "2026-12-03"
LANES = {
    "Xi'an - Istanbul": ("CN-XIA", "TR-IST"),
    "Almaty - Poti": ("KZ-ALM", "GE-POT"),
    "Istanbul - Almaty": ("TR-IST", "KZ-ALM"),
    "Poti - Tashkent": ("GE-POT", "UZ-TAS"),
    "Shanghai - Duisburg": ("CN-SHA", "DE-DUI"),
}


def body(origin: str, destination: str) -> dict[str, object]:
    return {
        "from": origin,
        "to": destination,
        "container": "40HC",
        "mass_kg": "18000",
        "hs": "851660",
        "ready": READY,
    }


def answer(reader: RequestReader, quoting: Quoting, origin: str, destination: str) -> str:
    request = reader.read(body(origin, destination), NOW)
    return json.dumps(quote_json(quoting.quote(request, NOW)))


def run(repeats: int = 15) -> dict[str, object]:
    """Measure each lane; milliseconds on the clock."""
    began = time.perf_counter()
    published = load_published()
    loading_s = time.perf_counter() - began
    reader = RequestReader(published.network, published.book)
    quoting = Quoting(published)
    lanes: dict[str, object] = {}
    for name, (origin, destination) in LANES.items():
        expected = answer(reader, quoting, origin, destination)
        took_ms = []
        for _ in range(repeats):
            began = time.perf_counter()
            again = answer(reader, quoting, origin, destination)
            took_ms.append((time.perf_counter() - began) * 1e3)
            assert again == expected
        lanes[name] = {
            "alternatives": len(json.loads(expected)["alternatives"]),
            "median_ms": round(statistics.median(took_ms), 1),
            "p95_ms": round(float(np.percentile(took_ms, 95)), 1),
        }
    return {"repeats": repeats, "samples": 1000, "loading_s": round(loading_s, 2), **lanes}


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
