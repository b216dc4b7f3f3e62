"""Write docs/explanation/performance.md: each fitted time beside what was published.

python tools/performance_pages.py            write the page and its picture
python tools/performance_pages.py --check    fail when page or picture is stale
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import performance_facts as facts
from karvan.adapters.files.cells import values
from karvan.adapters.files.corridor_tables import read_links, read_places, shipped_data
from karvan.adapters.files.link_tables import read_link_entries
from karvan.adapters.files.service_tables import MONTHS, read_performance, read_weather
from karvan.network.activities import Z80, Z90, Z95, Duration
from karvan.network.derating import load_share, loss_t_per_cm
from karvan.network.performance import ANY, PerformanceRow, WeatherRow
from made_pages import keep
from performance_picture import weather_picture

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "explanation" / "performance.md"
PICTURE = ROOT / "docs" / "images" / "weather.svg"

HEAD = """\
# Fitted times and published times

Made from `performance.csv` and `weather.csv` of `src/karvan/data/network/` and from `facts/` by
`tools/performance_pages.py`; do not edit. [How times are sampled](times.md) tells what is done
with them.

Every time is lognormal. A published *mean* becomes a distribution with that mean and the
coefficient of variation of the row. A *median* with a range becomes one with that median, whose
10th and 90th percentile lie as far apart (as a ratio) as the ends of the range; where the median
is not in the middle of the range, both ends move together. A row of basis *cv* gives only the
spread around times that stand elsewhere.

A fact is named with the figure it has in `facts/`, and with what it does for the row:

- *fixes the value*: the mean or median is this figure;
- *equals an end*: an end of the range is this figure;
- *argument*: no figure of the row is this figure; it is a reason for an assumption, and the row is
  an estimate.

No row is fitted to the time of a whole way. `F209`, the timetable of the train from Poti to Baku,
is such a time; it stands as an argument for assumed border times and fixes none of them, so it is
not shown as a validation anywhere.

"""

NAMES = {
    "run": "Running, spread around the link times",
    "border-exit": "Border, leaving a country",
    "border-entry": "Border, entering a country",
    "union-border": "Border inside one customs territory",
    "gauge-change": "Gauge change",
    "slot": "Wait for a slot",
    "stop": "Stop on the way",
    "transfer": "Transfer between two services, or between a service and the gate",
}

#: Published closures and waits that fitted nothing, by the weather row they speak of, in hours.
CLOSURES = (
    ("poti", "F265", 96.0),
    ("poti", "F266", 96.0),
    ("poti", "F267", 24.0),
    ("poti", "O195", 24.0),
    ("batumi", "O193", 19.0),
    ("aktau", "F263", 120.0),
    ("aktau", "F264", 168.0),
    ("novorossiysk", "O184", 48.0),
    ("novorossiysk", "O187", 120.0),
)


def hours(value: float) -> str:
    """A time in hours, to three figures but never finer than 0.01 h."""
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def quantiles(duration: Duration) -> tuple[str, ...]:
    """Median, mean, P10, P80, P95 in hours."""
    steps = (duration.median_h, duration.mean_h, *map(duration.quantile_h, (-Z90, Z80, Z95)))
    return tuple(map(hours, steps))


def where(row: PerformanceRow, places: dict[str, str]) -> str:
    """Where and between which modes a row holds."""
    parts = []
    if row.place != ANY:
        parts.append(places.get(row.place, row.place))
    if row.country != ANY:
        parts.append(row.country)
    if (row.mode_from, row.mode_to) != (ANY, ANY):
        ends = [mode.replace(ANY, "any").replace("_", " ") for mode in (row.mode_from, row.mode_to)]
        parts.append(ends[0] if row.mode_to == ANY else " to ".join(ends))
    return ", ".join(parts) or "anywhere"


def published(row: PerformanceRow) -> str:
    """What the row says, in hours."""
    if row.basis == "cv":
        return f"cv {row.cv:g}"
    text = f"{row.basis} {row.value_h:g}"
    if row.low_h is not None and row.high_h is not None:
        return f"{text} ({row.low_h:g} to {row.high_h:g})"
    return f"{text}, cv {row.cv:g}"


def agreement(row: PerformanceRow) -> str:
    """Whether the fitted distribution gives back what the row says."""
    if row.basis == "cv":
        return "spread only"
    fitted = row.duration
    if row.basis == "mean":
        return "mean" if facts.near(fitted.mean_h, row.value_h) else "no"
    if not facts.near(fitted.median_h, row.value_h):
        return "no"
    low, high = fitted.quantile_h(-Z90), fitted.quantile_h(Z90)
    if facts.near(low, row.low_h, 0.05) and facts.near(high, row.high_h, 0.05):
        return "median and range"
    return f"median; P10 {hours(low)}, P90 {hours(high)}"


def fact_cell(row: PerformanceRow) -> str:
    told = []
    for name in row.fact:
        fact = facts.get(name)
        told.append(f"`{fact.id}` {fact.figure}, {facts.use(row, fact)}")
    return "; ".join(told)


def activity_tables(rows: Sequence[PerformanceRow], places: dict[str, str]) -> str:
    parts = []
    for activity in dict.fromkeys(row.activity for row in rows):
        parts.append(f"\n### {NAMES.get(activity, activity)}\n\n")
        parts.append(
            "| Row | Where | Published | Median | Mean | P10 | P80 | P95 | Gives back | Fact "
            "| Estimate | Remark |\n|---|---|---|---:|---:|---:|---:|---:|---|---|---|---|\n"
        )
        for row in rows:
            if row.activity != activity:
                continue
            fit = ("",) * 5 if row.basis == "cv" else quantiles(row.duration)
            cells = (row.id, where(row, places), published(row), *fit, agreement(row))
            last = (fact_cell(row), "yes" if row.estimate else "no", row.note)
            parts.append("| " + " | ".join((*cells, *last)) + " |\n")
    return "".join(parts)


def summary(rows: Sequence[PerformanceRow], weather: Sequence[WeatherRow]) -> str:
    uses = [{facts.use(row, facts.get(name)) for name in row.fact} for row in rows]
    fixed = sum("fixes the value" in each for each in uses)
    ends = sum("equals an end" in each and "fixes the value" not in each for each in uses)
    argued = sum(each == {"argument"} for each in uses)
    timed = [row for row in rows if row.basis != "cv"]
    full = sum(agreement(row) in ("mean", "median and range") for row in timed)
    lines = [
        "| | Rows |",
        "|---|---:|",
        f"| Rows of performance.csv | {len(rows)} |",
        f"| sourced | {sum(not row.estimate for row in rows)} |",
        f"| estimates | {sum(row.estimate for row in rows)} |",
        f"| with a fact that fixes the value | {fixed} |",
        f"| with a fact that equals an end of the range only | {ends} |",
        f"| with a fact as an argument only | {argued} |",
        f"| without a fact | {sum(not row.fact for row in rows)} |",
        f"| that give a time | {len(timed)} |",
        f"| whose distribution gives back all that was published | {full} |",
        f"| whose distribution gives back the median, with the range moved | {len(timed) - full} |",
        f"| Rows of weather.csv, all estimates | {len(weather)} |",
    ]
    return "## How many\n\n" + "\n".join(lines) + "\n"


def spread(rows: Sequence[PerformanceRow]) -> str:
    """Facts that stand in several rows, and the rule by which they do."""
    named: dict[str, list[PerformanceRow]] = {}
    for row in rows:
        for name in row.fact:
            named.setdefault(facts.get(name).id, []).append(row)
    lines = [
        "\n## One figure in several rows\n",
        "No published total is cut into parts. Where one figure stands in several rows, each",
        "has the whole of it:\n",
        "| Fact | Figure | Rows | Rule |",
        "|---|---|---|---|",
    ]
    for name, users in sorted(named.items()):
        if len(users) > 1:
            fact = facts.get(name)
            rule = facts.rule(users, fact)
            ids = ", ".join(row.id for row in users)
            lines.append(f"| `{name}` {fact.subject} | {fact.figure} | {ids} | {rule} |")
    links = [link for link in values(read_links()[0]) if link.dwell_removed_h]
    removed = sum(link.dwell_removed_h for link in links)
    lines += [
        "",
        f"The other rule is that of the link times: {len(links)} links (both directions) held",
        f"{removed:.1f} h of waiting beside their running time. It was taken out of the link, as",
        "[the merge](merge.md) tells, and is not added to any border or slot above: those have",
        "figures of their own.",
    ]
    return "\n".join(lines) + "\n"


def estimates(rows: Sequence[PerformanceRow]) -> str:
    lines = [
        "\n## What stays an estimate\n",
        "| Activity | Estimates | of | Rows |",
        "|---|---:|---:|---|",
    ]
    for activity in dict.fromkeys(row.activity for row in rows):
        these = [row for row in rows if row.activity == activity]
        guessed = [row.id for row in these if row.estimate]
        lines.append(
            f"| {NAMES.get(activity, activity)} | {len(guessed)} | {len(these)} "
            f"| {', '.join(guessed)} |"
        )
    lines += [
        "",
        "Every coefficient of variation is an assumption, those of the sourced means too: means",
        "were published, samples were not. All weather is a prior.",
    ]
    return "\n".join(lines) + "\n"


def directions(rows: Sequence[PerformanceRow]) -> str:
    lines = [
        "\n## By direction\n",
        "Borders by rail, mean hours by direction, for each country that has rows of its own:",
        "",
        "| Country | Leaving | Entering |",
        "|---|---:|---:|",
    ]
    by_country: dict[str, dict[str, str]] = {}
    for row in rows:
        plain = row.place == ANY and row.country != ANY and row.mode_from == "rail"
        if plain and row.activity.startswith("border-") and row.basis != "cv":
            told = by_country.setdefault(row.country, {})
            guess = " (estimate)" if row.estimate else ""
            told.setdefault(row.activity, hours(row.duration.mean_h) + guess)
    for country, told in sorted(by_country.items()):
        cells = [told.get(f"border-{way}", "any country's") for way in ("exit", "entry")]
        lines.append(f"| {country} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines) + "\n"


def weather_tables(rows: Sequence[WeatherRow], places: dict[str, str]) -> str:
    months = " | ".join(month.capitalize() for month in MONTHS)
    parts = [
        "\n## By season: ports closed by weather\n\n",
        "![Share of time closed by month, a line a port](../images/weather.svg)\n\n",
        "Share of the time closed, in per cent. The published figure of each month is the prior\n",
        "of the facts; *gives back* compares all twelve with them. Ports of one row are closed\n",
        "together: that is the common factor of a storm.\n\n",
        f"| Row | Ports | {months} | Facts | Gives back |\n|---|---|{'---:|' * 12}---|---|\n",
    ]
    for row in rows:
        shares = " | ".join(f"{100 * share:g}" for share in row.closed_share)
        ports = ", ".join(places.get(place, place) for place in row.places)
        named = f"`{row.fact[0]}`"
        met = "yes" if facts.months_met(row) else "no"
        parts.append(f"| {row.id} | {ports} | {shares} | {named} | {met} |\n")
    parts.append(
        "\nHow long a closure lasts, in hours. *Wait* is the mean wait of who comes upon a closed "
        "port: long\nclosures are met more often than short ones.\n\n"
        "| Row | Published median and P95 | Median | Mean | P10 | P80 | P95 | Wait | Fact "
        "| Gives back |\n|---|---|---:|---:|---:|---:|---:|---:|---|---|\n"
    )
    for row in rows:
        fact = facts.get(row.fact[-1])
        fit = row.duration
        wait = fit.median_h * (fit.mean_h / fit.median_h) ** 3 / 2
        met = facts.near(fit.median_h, fact.value) and facts.near(fit.quantile_h(Z95), fact.high)
        cells = (row.id, f"{fact.value:g} and {fact.high:g}", *quantiles(fit), hours(wait))
        last = (f"`{fact.id}`", "yes" if met else "no")
        parts.append("| " + " | ".join((*cells, *last)) + " |\n")
    return "".join(parts) + closures(rows)


def closures(rows: Iterable[WeatherRow]) -> str:
    durations = {row.id: row.duration for row in rows}
    lines = [
        "\nClosures and waits that were told, and fitted nothing: the share of our closures that",
        "last at least as long. What is told are the long ones, so small shares are as they",
        "should be.\n",
        "| Row | Fact | Told, h | Closures as long, % |",
        "|---|---|---:|---:|",
    ]
    for name, fact_id, told_h in CLOSURES:
        fact = facts.get(fact_id)
        share = 100 * facts.share_above(durations[name], told_h)
        what = f"`{fact_id}` {fact.subject}: {fact.quantity}"
        lines.append(f"| {name} | {what} | {told_h:g} | {share:.1f} |")
    lines += [
        "",
        "`F261` (Kuryk closed for 50 % of November and December) is the top of the range of the",
        "prior and not its middle, 22 %; `O202` says that wind alone cannot explain so much.",
    ]
    return "\n".join(lines) + "\n"


def sea_level_tables() -> str:
    tables, _ = read_link_entries(shipped_data() / "network")
    lines = [
        "\n## Sea level and loads\n",
        "Metres above the level of 1995, and what ships still load. Between its two points a load",
        "falls in a straight line; below them it goes on. *A cm* is what a centimetre costs.\n",
        "| Day | Caspian, m | Low | High | Facts | Estimate |",
        "|---|---:|---:|---:|---|---|",
    ]
    for level in values(tables.sea_levels):
        named = ", ".join(f"`{fact}`" for fact in level.fact)
        guess = "yes" if level.estimate else "no"
        cells = (level.day, f"{level.level_m:g}", f"{level.low_m:g}", f"{level.high_m:g}")
        lines.append("| " + " | ".join(map(str, (*cells, named, guess))) + " |")
    lines += [
        "",
        "| Row | At | Ship | Full | To, m | Load | At, m | A cm | At -3 m | Facts | Estimate |",
        "|---|---|---|---:|---:|---:|---:|---:|---:|---|---|",
    ]
    for row in values(tables.deratings):
        named = ", ".join(f"`{fact}`" for fact in row.fact)
        figures = (
            f"{row.design:g} {row.quantity}",
            f"{row.full_level_m:g}",
            f"{row.carried:g}",
            f"{row.at_level_m:g}",
            f"{loss_t_per_cm(row):.2f}",
            f"{100 * load_share(row, -3):.0f} %",
        )
        last = (named, "yes" if row.estimate else "no")
        lines.append("| " + " | ".join((row.id, row.subject, row.ship, *figures, *last)) + " |")
    lines.append("\nDredging is not in the table: it moves the level of a full load down.")
    return "\n".join(lines) + "\n"


def render() -> str:
    directory = shipped_data() / "network"
    rows, more = read_performance(directory)
    weather, faults = read_weather(directory)
    if more or faults:
        raise SystemExit("\n".join(map(str, (*more, *faults))))
    places = {str(place.id): place.name for place in values(read_places()[0])}
    found, storms = values(rows), values(weather)
    parts = (
        summary(found, storms),
        "\n## Row by row\n\nTimes in hours.\n",
        activity_tables(found, places),
        directions(found),
        weather_tables(storms, places),
        spread(found),
        estimates(found),
        sea_level_tables(),
    )
    return HEAD + "".join(parts)


def main(arguments: Sequence[str]) -> int:
    weather, _ = read_weather(shipped_data() / "network")
    made = {PAGE: render(), PICTURE: weather_picture(values(weather))}
    return keep(made, arguments, __file__)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
