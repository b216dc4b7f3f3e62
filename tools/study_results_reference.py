"""Write docs/reference/study-results.md: the tables of a study, column by column.

python tools/study_results_reference.py            write the page
python tools/study_results_reference.py --check    fail when the page is stale
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from made_pages import keep

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "study-results.md"

if str(ROOT / "src") not in sys.path:
    sys.path.insert(0, str(ROOT / "src"))

INTRODUCTION = """\
# The results of a study

Written by `tools/study_results_reference.py` from the program itself; `make check` fails when it
is stale. Each command that studies writes its tables with `--out DIR`, as CSV and as Parquet, and
`manifest.json`; whole, or nothing at all.

Amounts are in the unit of their commodity, which `unit` names: for oil, kt, a thousand tonnes.
Money is in thousand US dollars. CO2e is well to wheel, by the emission factors of the tables; low
and high are those of the factor, and equal where it has none. Numbers have all their digits, a
millionth of the unit being the last. In CSV an empty cell means that nobody knows; in Parquet it
is null.

## manifest.json

What the results were made from, and how they were checked: the text of the scenario and a hash
of how it was understood, what was closed (`laid`), the options and the seed, the hash of the
network and of what else was read (`inputs`: emission factors, projects, exchange rates), the
version, and for each table its rows and a hash that does not depend on their order. A comparison
has the manifests of its cases under `cases`. `--again DIR` reads it;
[how to](../how-to/report-a-study.md).

| Check | What it says |
|---|---|
| `solver` | the solver, and the method that ran |
| `gap` | how far the cost is from proven, over the cost; the largest of the plans |
| `worst_residual` | the largest breach of a limit that a second reading found |
| `mass_balance` | the largest amount that appears or vanishes at a place, from the tables alone |
| `plans` | how many plans the study was made of |
"""


def page() -> str:
    return INTRODUCTION + "".join(tables())


def tables() -> Iterator[str]:
    from karvan.services.planning.result_tables import columns_of
    from karvan.services.studies.tables import TABLES

    for command, kinds in TABLES.items():
        yield f"\n## karvan {command}\n"
        for name, kind in kinds.items():
            yield f"\n### {name}\n\n{kind.__doc__}\n\n"
            yield "| Column | Holds | Unit | What it is |\n|---|---|---|---|\n"
            for column in columns_of(kind):
                told = f"{column.kind.value} | {column.unit} | {column.about}"
                yield f"| `{column.name}` | {told} |\n"


def main(arguments: list[str]) -> int:
    return keep({PAGE: page()}, arguments, __file__)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
