"""Words of runs for people: what an interval is of, and what a share of a tornado may be worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from karvan.services.planning.figures import NAMES
from karvan.services.planning.freight_telling import WITHIN
from karvan.services.planning.naming import Names
from karvan.services.planning.sampled_amounts import (
    BORDERS,
    BY_CARRIER,
    BY_COUNTRY,
    BY_MODE,
    CORRIDOR,
    CORRIDOR_CO2E,
    CROSSING,
    MORE,
    WAYS_OUT,
    WORTH,
    WORTH_USUALLY,
)
from karvan.services.planning.sampled_answers import Repeated
from karvan.services.planning.sampled_telling import Line
from karvan.services.planning.sampling import IN_TEN
from karvan.services.planning.tornado import Tornado
from karvan.services.planning.wording import CARRIERS, GOODS, MODES, unit
from karvan.services.words import Labels, phrase, spoken, tell_message

#: What stands above the lines of one kind.
_HEADINGS: Final = Labels(
    "sampled-heading",
    {
        "more than without": "More than without what happens or changes",
        "leaves by": "Leaves by",
        "sold at": "Sold at, or delivered to",
        "shut in at": "Shut in at",
        "in tanks at": "In tanks at, in the fullest month",
        "waits at": "Waits at, in the fullest month",
        "ways out": "Over borders",
        "freight over borders": "Freight over borders",
        "freight delivered": "Freight delivered to",
        "corridor": "Freight by corridor",
        "CO2e by corridor": "CO2e of the freight by corridor",
        "crossing": "Freight over borders and the sea",
        "stays behind": "Stays behind",
        "cost by carrier": "Carriage by carrier",
        "cost by country": "Carriage by country",
        "CO2e by mode": "CO2e by mode",
        "one more is worth": "One more is worth, in its dearest month",
        "one more is worth on average": "One more is worth, on average where it binds",
        "leaves by, more": "Leaves by, more than without",
        "shut in at, more": "Shut in at, more than without",
    },
)
#: Figures of a recovery.
RECOVERED: Final = Labels(
    "recovered-figure",
    {
        "extra cost": "Extra cost",
        "periods to recover": "Periods until recovered, at least",
        "shut in": "Shut in",
        "unserved": "Not served",
        "delayed": "Delayed",
        "short in the worst period": "Short in the worst period",
        "waits at most": "Waits at most",
    },
)
_TRADES: Final = Labels("sampled-trade", {"oil": "oil", "freight": "freight"})
#: Lines of one kind that a screen has room for, the largest; the tables have them all.
_SHOWN: Final = 12


def heading(what: str) -> str:
    """What stands above the lines of a kind."""
    return _HEADINGS.get(what, what)


def told_name(names: Names, line: Line) -> str:
    """What a line is called below its heading: a place, a way, a corridor, a good of it."""
    if line.total:
        return phrase("What the events cost") if line.what == "extra_cost" else NAMES[line.what]
    if line.part:
        return GOODS.get(line.good, line.good)
    where = _NAMES[line.what](line.where) if line.what in _NAMES else _placed(names, line)
    return (
        f"{where}, {_TRADES.get(line.good) or GOODS.get(line.good, line.good)}"
        if line.good
        else where
    )


def _placed(names: Names, line: Line) -> str:
    return (
        names.limit(line.where) if line.what in {WORTH, WORTH_USUALLY} else names.brief(line.where)
    )


def _corridor(where: str) -> str:
    return phrase("within the region") if where == WITHIN else tell_message(where)


def _country(where: str) -> str:
    named = ", ".join(spoken().country(code) for code in where.split(";") if code)
    return named or phrase("at sea, no country")


def _carrier(where: str) -> str:
    return CARRIERS.get(where, where)


def _mode(where: str) -> str:
    return MODES.get(where, where)


#: How a line is called whose id is that of no place or way.
_NAMES: Final[Mapping[str, Callable[[str], str]]] = {
    CORRIDOR: _corridor,
    CORRIDOR_CO2E: _corridor,
    BY_MODE: _mode,
    BY_CARRIER: _carrier,
    BY_COUNTRY: _country,
    MORE: NAMES.__getitem__,
}


def told_unit(of: str) -> str:
    """A unit as people read it; of a price, of which unit."""
    money, slash, per = of.partition("/")
    return f"{money}/{unit(per)}" if slash and money == "1000 USD" else unit(of)


def shown_lines(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines of each kind together, the largest places first, as many as a screen has room for.

    Figures come as they are. A crossing is told as a whole, and once; a limit by its mean where
    that is told. The rest stands in the tables.
    """
    kinds: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line.total:
            yield line
        elif not (line.what == CROSSING and line.good):
            kinds[line.what].append(line)
    if CROSSING in kinds:
        kinds.pop(WAYS_OUT, None)
        kinds.pop(BORDERS, None)
    told = {line.where for line in kinds[WORTH_USUALLY]}
    kinds[WORTH] = [line for line in kinds[WORTH] if line.where not in told]
    for of_kind in kinds.values():
        places: dict[tuple[str, str], list[Line]] = defaultdict(list)
        for line in of_kind:
            places[line.where, "" if line.part else line.good].append(line)
        order = sorted(places.values(), key=lambda rows: -max(map(_size, rows)))
        for rows in order[:_SHOWN]:
            yield from sorted(rows, key=lambda line: (line.part, -_size(line)))


def _size(line: Line) -> float:
    """How large it is at most: both ends and as told."""
    return max(abs(line.told), abs(float(line.found.low)), abs(float(line.found.high)))


def about_runs(found: Repeated) -> str:
    """How many runs the ends are of."""
    return phrase(
        "Low and high: {held} in 10 of {runs} runs lie between, {count} estimates drawn (seed "
        "{seed}).",
        held=IN_TEN,
        runs=spoken().number(found.runs, 0),
        count=len(found.estimates),
        seed=found.seed,
    )


def about_chance(found: Tornado) -> str:
    """What a share is, and from which on it is told apart from chance."""
    if found.chance is None:
        return phrase("Each bar is one estimate at its ends, all others as told.")
    if not any(each.apart for each in found.swings):
        return phrase(
            "No share can be told apart from chance with {runs} runs.",
            runs=spoken().number(found.runs, 0),
        )
    return phrase(
        "With {runs} runs a share below {chance} cannot be told apart from chance, and is none "
        "here.",
        runs=spoken().number(found.runs, 0),
        chance=f"{found.chance:.0%}",
    )
