"""Write docs/reference/projects.md: what can be built, its cost, and what it adds.

python tools/projects_reference.py            write the page
python tools/projects_reference.py --check    fail when the page is stale
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from made_pages import keep

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "projects.md"

if str(ROOT / "src") not in sys.path:
    sys.path.insert(0, str(ROOT / "src"))

INTRODUCTION = """\
# Projects

Written by `tools/projects_reference.py` from the tables and the program; `make check` fails when it
is stale. The projects stand in `planning/projects.csv`, what they add in
`planning/project_additions.csv`; their columns are among the
[columns of the tables](attributes.md), and [your own rows](../how-to/lay-your-own-tables.md) can be
laid over them. [How to decide what to build](../how-to/decide-what-to-build.md) reads them; what
`karvan invest --out DIR` writes is among [the results of a study](study-results.md).

Costs are millions of a currency in the money of the year named; nothing is added for later prices.
Where nobody publishes a cost, it is an estimate whose remark says from what it is made. Not in the
table is what no source gives a capacity for: a second port at Aktau (300 M USD), the terminals of
Poti's inner harbour and of fertiliser at Batumi, the line from Kyzylorda to Moyinty, the bypass of
Almaty.

A project that the network has already is not offered for years in which it has it. One that widens
nothing which the plan uses is told as left out.
"""


def page() -> str:
    return INTRODUCTION + "".join(projects())


def projects() -> Iterator[str]:
    from karvan.adapters.files.project_tables import read_projects

    found, faults = read_projects()
    assert not faults, "the shipped projects have no fault"
    yield "\n| Project | Cost, millions | Years to build | Adds | Made from |\n"
    yield "|---|---|---|---|---|\n"
    for each in found.projects:
        span = "" if each.low_m is None else f" ({each.low_m:g} to {each.high_m:g})"
        cost = f"{each.cost_m:g}{span} {each.currency} of {each.price_year}"
        mark = ", estimate" if each.estimate else ""
        adds = "; ".join(f"{a.asset} {a.amount:g} {a.unit}" for a in found.of(each.id))
        yield (
            f"| `{each.id}`: {each.name} | {cost}{mark} | {each.build_y} | {adds} | "
            f"{', '.join(each.fact)}; {each.note} |\n"
        )


def main(arguments: list[str]) -> int:
    return keep({PAGE: page()}, arguments, __file__)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
