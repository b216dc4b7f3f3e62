"""Write docs/reference/validation.md: the base years beside what was observed.

python tools/validation_page.py            plan the years and write the page
python tools/validation_page.py --check    fail when the page is stale
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from karvan.adapters.files.observed import FileObserved
from karvan.adapters.files.published import load_published
from karvan.adapters.files.scenarios import FileScenarios
from karvan.services.planning.observed_years import by_year, plan_years, with_freight
from karvan.services.planning.outage_checks import CheckedOutage, check_outages, plan_winter
from karvan.services.planning.validation import Compared, Validation, validate
from karvan.services.planning.validation_telling import (
    OUTAGE_HEADS,
    PLANS,
    outage_row,
    summary,
    what,
)
from made_pages import keep

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "validation.md"
#: The day the facts were collected; a period that had not ended by then is not over.
TODAY = date(2026, 11, 21)

INTRODUCTION = """\
# Base years beside what was observed

Written by `tools/validation_page.py`; `make check` fails when it is stale. `karvan validate` prints
the same.

An observation **counts** when its period is over, it is no plan, target, capacity or run rate, and
nothing of the plan was made from it: no cap, cost, demand or fitted parameter. What was made from a
row is found by machine, from the facts that every table names; a test holds that no row that counts
is named by a table of the plan, and that no limit is a plan of the same year and way. Which flow of
the plan answers a row is said, a line a row, by `data/planning/comparisons.csv`.

The aim is 10 % on routes above 1 Mt a year and 25 % on smaller ones. The years are 2019 and 2021 to
2025, planned by the month as [How a plan is made](../explanation/planner.md#the-base-years) says,
each with the outages of it, hidden until their day; freight by the half-year, without them.
"""

OUTAGES = """\
Each year is planned as it went: an outage is hidden until its day and lasts as long as was expected
then; ships, slots and lines rise by the month, tanks take what they can, the rest stays in the
ground. What was told of single outages is no sum of a period, so it counts for nothing above. The
plan has two days of tanks at the terminal of CPC, as they were found in normal working; the five to
six that are told too are of an empty farm. Where a station was hit in February 2025 its
owner spoke of 30 %, but fields lifted a record in March, which leaves room for a loss of 7 %: the
plan takes that, so its row proves little.
"""

LIMITS = """\
## What was in view

Nothing in the plan is made from a row that counts, and a test holds it. But what is an estimate by
own knowledge was chosen by people who knew this page, and some of it because a row stood off:

- that the three large fields lose 0.5 % and not 2.4 (the Kazakh oil of CPC, E057 and X004, stood
  1.4 and 2.5 % low, what goes by Samara as much high);
- that oil of Buzachi does not go by Baku before July 2022, that a tonne of it is dearer to leave,
  and that ships rise by what they can carry, not by what a berth can (X001 and X010);
- that Baku-Supsa carries what it did in years that are no base years (E173);
- how many ferries are left to Aktau, and that what passes Kuryk in transit is a demand
  (F082, F070);
- that half of what Baku-Tbilisi-Kars carried went in wagons (F126);
- when the expansion of Tengiz began (E010, whose record would else be passed in March 2025);
- the share of the Kropotkinskaya outage (E010), and how many days of tanks are free (O184).

Each has a reason that does not need the row. How good they are only other observations can tell.

## Limits of the model

- **Small routes are differences of large ones.** What goes to China is what the fields of the east
  lift above what the refineries of the east take; 10 % of either is half of it. What the east lifts
  is from 2022 on an estimate from a figure of another year about the same line (E059, E412).
- **No field but the large three has a figure of its own.** The rest of the country is spread by
  estimate; a plan that needs one field of Mangystau more exactly needs a better row first.
- **The cheapest way takes all.** Who ships may spread the risk, keep a way open that costs more, or
  try a new one. A linear plan does none of it, and shows nothing where little went. What goes by
  Samara takes the 10 Mt of the way to Novorossiysk first and Ust-Luga with the rest, for it is a
  little dearer; what went where is not in the facts.
- **Sources contradict each other** on Baku-Tbilisi-Kars (F126, F127, F128 and O437), on the first
  months of 2022 by the corridor (F414, F420, F421, F422) and on Georgian ports (X008, X009). Each
  row counts as it stands.
- **Freight is only as good as its demand.** A trade is a count of one year moved by other facts,
  as [How a plan is made](../explanation/planner.md#the-freight-of-the-corridor) tells; months are
  even but for grain of Kazakhstan and boxes of China. Of Baku-Tbilisi-Kars the demand has the year
  of works to May 2024, but the plan does not close the line to what comes over the Caspian.
- **Ports of ferries weigh wagons, vehicles and boxes.** Kuryk told 75 t a wagon and 24 t a vehicle
  in 2023, so all that goods come in is weighed there, wagons that go back empty too. A route, and
  what one trade sends, is told without.
- **A row can be near and prove little.** Russian transit is near because what was moved is the
  contract; the line to the east because it is full; Turkmen fertiliser because one plant runs full.
- **Prices are one number for all years.** The discount of Russian ports after February 2022 and the
  freight of each month are not in the facts.
- **Output is what was lifted,** with all that was shut in that year. What fields could have lifted
  is more by what the plan of the year shuts in (`oil_shut_in.csv`), so that with its outages a year
  lifts what was published, and the plan loses nothing twice.
- **Months are even but where a fact tells one.** Fields and refineries stand still for
  maintenance; when is not in the facts. The months of 2025 rest on when the expansion of Tengiz
  began, an estimate.
- **Contracts are only those that became public.** Azerbaijani oil by Russia has one whose amount is
  not in the facts; the mean of other years stands for it.
"""


def page() -> str:
    network = load_published().network
    tables = FileObserved().load()
    studies = plan_years(network, FileScenarios(), tables.disruptions)
    found = validate(tables, with_freight(by_year(studies), network, tables.freight), TODAY)
    winter = plan_winter(network, FileScenarios(), tables.disruptions)
    outages = check_outages(tables.outages, {**studies, **winter})
    return "\n".join((INTRODUCTION, *_all(found, outages)))


def _all(found: Validation, outages: Sequence[CheckedOutage]) -> Iterator[str]:
    yield "## What was found\n"
    yield from (f"- {line}" for line in summary(found))
    for title, plans in (("Oil", PLANS["oil"]), ("Freight", PLANS["freight"])):
        yield f"\n### {title}\n"
        unit = "Mt" if title == "Oil" else "Mt or thousands"
        yield f"| Period | Row | What | Observed, {unit} | Planned | Error | Aim |  |"
        yield "|---|---|---|---:|---:|---:|---:|---|"
        yield from map(_row, found.of(*plans).compared)
    yield "\n## Where it misses, and why\n"
    for row in found.compared:
        if not row.is_near:
            seen = row.observation
            told = row.comparison.reason or "not known"
            yield f"- **{what(row)}, {seen.period}** ({row.error:+.0%}): {told}."
    yield "\n## Outages\n"
    yield OUTAGES
    yield f"| {' | '.join(OUTAGE_HEADS)} | row |"
    yield "|---|---|---:|---:|---|---|---|"
    for each in outages:
        yield f"| {' | '.join((*outage_row(each), ';'.join(each.check.fact)))} |"
    yield "\n" + LIMITS
    yield from _left(found)


def _row(row: Compared) -> str:
    seen = row.observation
    cells = (
        seen.period,
        ";".join(seen.fact),
        what(row),
        f"{row.observed_kt / 1000:.{_digits(row)}f}",
        f"{row.planned_kt / 1000:.{_digits(row)}f}",
        f"{row.error:+.1%}",
        f"{row.aim:.0%}",
        "near" if row.is_near else "**misses**",
    )
    return f"| {' | '.join(cells)} |"


def _digits(row: Compared) -> int:
    """Small amounts are told to the tonne."""
    return 2 if row.observed_kt >= 10 else 4


def _left(found: Validation) -> Iterator[str]:
    yield "## Rows that do not count\n"
    yield "Used by the plan or by a table of the network:\n"
    used = [left for left in found.left if left.reason.startswith("used by ")]
    for left in used:
        seen = left.observation
        yield f"- {';'.join(seen.fact)}, {seen.subject}: {seen.quantity}: {left.reason}."
    yield "\n| Other reasons | Rows |\n|---|---:|"
    reasons = Counter(left.reason for left in found.left if left not in used)
    for reason, count in sorted(reasons.items(), key=lambda each: (-each[1], each[0])):
        yield f"| {reason} | {count} |"
    yield ""


def main(arguments: list[str]) -> int:
    return keep({PAGE: page()}, arguments, __file__)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
