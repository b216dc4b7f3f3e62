"""Find what outages of the ways shut in by year, so that base years lift what they could.

python tools/oil_shut_in.py            plan the years as they went and write the shares
python tools/oil_shut_in.py --check    fail when a kind of oil lifts another amount than published

A plan with more oil shuts more of it in, so it is done again until the shares stand. The shares
are made from the plan alone; what was published of the year is what is left with them.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import replace
from pathlib import Path

from karvan.adapters.files.observed import FileObserved
from karvan.adapters.files.oil_tables import read_oil_tables
from karvan.adapters.files.published import load_published
from karvan.adapters.files.scenarios import FileScenarios
from karvan.services.planning.base import BLEND, LIGHT, YEARS, Dated, OilTables, ShutIn, oil_base
from karvan.services.planning.observed_years import as_it_went
from karvan.services.planning.study import study

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "src" / "karvan" / "data" / "planning" / "oil_shut_in.csv"
#: Smaller shares are not told, and how far off a kind may be in a year.
TOLD, NEAR = 0.0005, 0.003
ROUNDS = 4
HEAD = "id,first_year,last_year,commodity,share,low,high,fact,source,estimate,note"

Lifted = dict[tuple[int, str], tuple[float, float]]


def lifted(tables: OilTables) -> Lifted:
    """Mt that a kind could have lifted without outages of the ways, and what it did lift."""
    network, scenarios = load_published().network, FileScenarios()
    disruptions = FileObserved().load().disruptions
    found: Lifted = {}
    for year in YEARS:
        asked = as_it_went(scenarios, disruptions, year)
        went = study(network, replace(asked, base=oil_base(tables, year)))
        for kind in (LIGHT, BLEND):
            could = did = 0.0
            for stage in went.stages:
                problem = stage.plan.problem
                supplies = problem.supplies
                for u, k in enumerate(supplies.commodity):
                    if problem.commodity_ids[k] == kind:
                        amount = float(supplies.amount[u, : stage.periods].sum())
                        could += amount * (1 - tables.lost.get((supplies.ids[u], year), 0.0))
                        did += amount - float(stage.plan.shut_in[u, : stage.periods].sum())
            found[year, kind] = could / 1000, did / 1000
    return found


def published(tables: OilTables) -> dict[tuple[int, str], float]:
    """Mt of each kind that were lifted by the tables, with all outages."""
    bare = replace(tables, lost={}, shut_in=())
    return {
        (year, kind): sum(r.mt_per_y for r in oil_base(bare, year).supply if r.commodity == kind)
        for year in YEARS
        for kind in (LIGHT, BLEND)
    }


def with_shares(tables: OilTables, shares: dict[tuple[int, str], float]) -> OilTables:
    rows = tuple(
        Dated(
            first_year=year,
            last_year=year,
            row=ShutIn(commodity=kind, share=share, estimate=True, source="own knowledge"),
        )
        for (year, kind), share in sorted(shares.items())
    )
    return replace(tables, shut_in=rows)


def main(arguments: list[str]) -> int:
    tables = read_oil_tables()
    wanted = published(tables)
    if "--check" in arguments:
        off = {key: did / wanted[key] - 1 for key, (_, did) in lifted(tables).items()}
        wrong = {key: error for key, error in off.items() if abs(error) > NEAR}
        print(*(f"{year} {kind}: {error:+.2%}" for (year, kind), error in wrong.items()), sep="\n")
        return 1 if wrong else 0
    shares: dict[tuple[int, str], float] = {}
    for _ in range(ROUNDS):
        went = lifted(with_shares(tables, shares))
        shares = {key: max(0.0, 1 - did / could) for key, (could, did) in went.items()}
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(HEAD.split(","))
        for (year, kind), share in sorted(shares.items()):
            if share >= TOLD:
                name = f"SHUT-{kind.split()[1].upper()}-{year}"
                told = f"{share:.4f}", "0", f"{2 * share:.4f}"
                note = "by the plan of the year as it went"
                table.writerow([name, year, year, kind, *told, "", "own-knowledge", "yes", note])
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
