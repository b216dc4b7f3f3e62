"""Closures as pages of text, from the same JSON that `--json` prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

Json = Mapping[str, Any]

_MOST = 6


def draw_list(console: Console, items: Sequence[Json], version: int) -> None:
    """Draw closures in their last version."""
    if not items:
        console.print("Nothing is closed or restricted: everything is as the tables say.")
        return
    table = Table("Closure", "What", "State", "Since", "Opens again")
    for each in items:
        state = f"{each['state']}, {each['cause_name']}"
        table.add_row(each["id"], each["name"], state, short(each["since"]), reopening(each))
    console.print(table)
    console.print(f"Version {version} of the situation; times in UTC.")


def draw_versions(console: Console, items: Sequence[Json]) -> None:
    """Draw every version of a closure."""
    last = items[-1]
    console.print(Text(f"{last['id']}: {last['name']}", style="bold"))
    for each in items:
        lost = "" if each["share_lost"] == 1 else f", {each['share_lost']:.0%} of capacity lost"
        console.print(
            f"{each['version']}. {each['deed']} on {short(each['recorded_at'])} by {each['actor']}:"
            f" {each['cause_name']}{lost}, from {short(each['since'])} until {reopening(each)}"
        )
        if each["note"]:
            console.print(f"   {each['note']}")
        console.print(f"   Source: {each['source']}")


def draw_entered(console: Console, found: Json) -> None:
    """Draw an entry and what it touches."""
    closure, touches = found["closure"], found["touches"]
    verb = "Entered" if found["entered"] else "Would be entered"
    console.print(Text(f"{verb}: {closure['id']}, version {closure['version']}, {closure['deed']}"))
    lost = "" if closure["share_lost"] == 1 else f", {closure['share_lost']:.0%} of capacity lost"
    console.print(
        f"{closure['name']} ({closure['kind']}): {closure['cause_name']}{lost}, "
        f"from {short(closure['since'])} until {reopening(closure)}"
    )
    for name in ("places", "links", "services"):
        _tell(console, name.capitalize(), touches[name])
    departures = touches["departures"]
    _tell(console, "Departures that do not go", departures["first"], departures["count"])
    _tell(console, "Stored quotes that hold and use it", touches["quotes"])
    _tell(console, "Overlaps, of which the largest loss counts", touches["overlaps"])


def _tell(console: Console, words: str, names: Sequence[str], count: int | None = None) -> None:
    number = len(names) if count is None else count
    more = ", ..." if number > _MOST else ""
    listed = ": " + ", ".join(names[:_MOST]) + more if names else ""
    console.print(f"  {words}: {number:,}{listed}", soft_wrap=True)


def reopening(closure: Json) -> str:
    """The reopening in words."""
    end = closure["reopen"]
    if end is None:
        return "further notice"
    low, likely, high = (short(end[name]) for name in ("low", "likely", "high"))
    return low if low == high else f"{low} to {high}, likely {likely}"


def short(instant: str) -> str:
    """An instant of JSON as people read it.

    >>> short("2026-11-24T19:00:00Z")
    '2026-11-24 19:00'
    """
    return instant[:16].replace("T", " ")
