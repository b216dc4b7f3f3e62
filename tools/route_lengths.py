"""Write docs/explanation/lengths.md: published lengths beside the sums of our links.

python tools/route_lengths.py            write the page
python tools/route_lengths.py --check    fail when the page is stale
"""

from __future__ import annotations

import heapq
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from karvan.adapters.files.cells import values
from karvan.adapters.files.corridor_tables import read_links, read_places, shipped_data
from karvan.adapters.files.link_tables import read_route_lengths
from karvan.network.link_attributes import RouteLength
from karvan.network.links import Link, LinkStatus
from made_pages import keep

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "explanation" / "lengths.md"

#: A sum of links further from the published length than this must explain itself.
TOLERANCE = 0.05

HEAD = """\
# Published lengths and our links

Made from `src/karvan/data/network/route_lengths.csv` by `tools/route_lengths.py`; do not edit.

Most lengths of links are estimates, each made for itself. Whether they add up is seen on whole
ways: newspapers, tariffs and railways tell how far it is from end to end. Each row takes the
shortest chain of open links between the places named, by the modes named, and adds it up. A
difference of more than 5 % has a reason beside it.

A published figure proves nothing where a link was set to it or split from it. Those stand
apart, below; a test holds that no figure of the first table is named by a link, and that none
of its ways is a single link.

"""

USED = """
## Figures that set a link

They agree, or differ, because the links were made from them. See
[how the tables were merged](merge.md).

"""


@dataclass(frozen=True)
class Comparison:
    """A published length and the chain of links beside it."""

    row: RouteLength
    chain: tuple[Link, ...]

    @property
    def sum_km(self) -> float:
        return sum(link.length_km for link in self.chain if link.mode.value in self.row.counted)

    @property
    def difference(self) -> float:
        return self.sum_km / self.row.published_km - 1

    @property
    def within(self) -> bool:
        return abs(self.difference) <= TOLERANCE

    @property
    def verdict(self) -> str:
        if self.within:
            return "agrees"
        return "explained" if self.row.explanation else "differs"


def shortest(links: Iterable[Link], start: str, end: str, modes: Sequence[str]) -> list[Link]:
    """Shortest chain of open links of some modes; ties go to the smaller id."""
    out: dict[str, list[Link]] = {}
    for link in links:
        if link.status is LinkStatus.OPEN and link.mode.value in modes:
            out.setdefault(link.from_place, []).append(link)
    queue: list[tuple[float, tuple[str, ...], str, list[Link]]] = [(0.0, (), start, [])]
    seen: set[str] = set()
    while queue:
        length, ids, place, chain = heapq.heappop(queue)
        if place == end:
            return chain
        if place in seen:
            continue
        seen.add(place)
        for link in out.get(place, ()):
            step = (length + link.length_km, (*ids, link.id), str(link.to_place), [*chain, link])
            heapq.heappush(queue, step)
    raise SystemExit(f"route_lengths: no open links join {start} and {end}")


def compare(row: RouteLength, links: Sequence[Link]) -> Comparison:
    """Add up the shortest chains between the places of a row."""
    chain: list[Link] = []
    for start, end in pairwise((row.from_place, *row.via, row.to_place)):
        chain += shortest(links, start, end, row.modes)
    return Comparison(row, tuple(chain))


def comparisons() -> tuple[Comparison, ...]:
    links, faults = read_links()
    rows, more = read_route_lengths(shipped_data() / "network")
    if faults or more:
        raise SystemExit("\n".join(map(str, (*faults, *more))))
    return tuple(compare(row, values(links)) for row in values(rows))


def table(rows: Iterable[Comparison], names: dict[str, str], *, verdict: bool) -> str:
    last = " Verdict |" if verdict else ""
    lines = [
        f"| Way | Published, km | Our links, km | Links | Difference |{last} Fact | Remark |",
        f"|---|---:|---:|---:|---:|{'---|' if verdict else ''}---|---|",
    ]
    for each in rows:
        row = each.row
        cells = [
            f"{names[row.from_place]} - {names[row.to_place]}",
            f"{row.published_km:,.1f}".removesuffix(".0"),
            f"{each.sum_km:,.1f}".removesuffix(".0"),
            str(len(each.chain)),
            f"{100 * each.difference:+.1f} %",
            *([each.verdict] if verdict else []),
            ", ".join(f"`{fact}`" for fact in row.fact),
            row.explanation,
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def ways(rows: Iterable[Comparison]) -> str:
    lines = ["\n## The chains\n"]
    for each in rows:
        stops = [each.row.from_place, *(link.to_place for link in each.chain)]
        lines.append(f"- `{each.row.id}`: {', '.join(stops)}")
    return "\n".join(lines) + "\n"


def render() -> str:
    places, _ = read_places()
    names = {str(place.id): place.name for place in values(places)}
    found = comparisons()
    proof = [each for each in found if not each.row.used_to_set_a_link]
    used = [each for each in found if each.row.used_to_set_a_link]
    long = sum(len(each.chain) >= 3 for each in proof)
    agree = sum(each.within for each in proof)
    summary = (
        f"{len(proof)} lengths, {long} of them over three or more links; {agree} agree within "
        f"5 %, {len(proof) - agree} explain themselves.\n\n"
    )
    parts = (HEAD, summary, table(proof, names, verdict=True), USED)
    return "".join((*parts, table(used, names, verdict=False), ways(proof)))


def main(arguments: Sequence[str]) -> int:
    return keep({PAGE: render()}, arguments, __file__)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
