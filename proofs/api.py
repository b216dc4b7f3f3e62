"""Whatever is asked over HTTP, right or wrong, is answered as the OpenAPI document says.

Schemathesis makes requests of every operation from the document: ones that fit it and ones that do
not, with every seed others. No answer may be a 500 or have a status, a media type, a header or a
body that the document does not name; what the document forbids must be refused with 4xx; a method
that an address does not know must be 405.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from tests.api_probe import Probe

from karvan.bootstrap import ShippedTableSets

SEEDS = range(1, 4)


def run(examples: int = 150) -> dict[str, object]:
    """Send up to `examples` fitting and as many wrong requests of each operation, per seed."""
    statuses: Counter[int] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        probe = Probe(ShippedTableSets().open(), Path(folder))
        for name in probe.operations:
            shown = probe.show(name) if name.startswith("GET ") else None
            assert shown in (None, 200), name
            for seed in SEEDS:
                statuses += probe.send(name, examples=examples, first_seed=seed)
    return {
        "operations": len(probe.operations),
        "requests": sum(statuses.values()),
        **{f"answered {status}": count for status, count in sorted(statuses.items())},
    }


if __name__ == "__main__":
    print(run())
