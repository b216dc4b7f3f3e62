"""A case: a scenario that was planned, its results and figures, and how sure they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, Final

from karvan.services.planning.figures import Figure, Trade, figures_of, is_oil, told_in, trades_of
from karvan.services.planning.manifest import Manifest
from karvan.services.planning.results import Results
from karvan.services.planning.sampled_amounts import Amount
from karvan.services.planning.scenario import Change, Event, Scenario
from karvan.services.planning.wording import CHANGES, FIELDS, cause, unit
from karvan.services.words import phrase, tell_message

#: Low and high of a figure.
Ends = tuple[float, float]

#: Fields that tell where a figure is from, and not what is planned.
_BESIDE: Final = {
    "name", "file", "title", "base_file", "source", "estimate", "low", "high", "number", "text",
    "cause", "above", "extends",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Where most of many runs lie.

    Attributes
    ----------
    share
        In words: `8 in 10 runs`.
    figures
        Low and high by the key of the figure.
    left_behind
        Low and high of what is left behind by month, in Mt; empty where it is not known.
    freight_left_behind
        The same of the freight beside the oil.
    amounts
        Low and high of every amount over all months.
    """

    runs: int
    share: str
    figures: Mapping[str, Ends] = field(default_factory=dict)
    left_behind: tuple[Ends, ...] = ()
    freight_left_behind: tuple[Ends, ...] = ()
    amounts: Mapping[Amount, Ends] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case of a report.

    Attributes
    ----------
    results, told
        All of them, and those that are told, in kt.
    spread
        Where it was drawn many times.
    """

    title: str
    scenario: Scenario
    manifest: Manifest
    results: Results
    told: Results
    figures: tuple[Figure, ...]
    spread: Spread | None = None

    @classmethod
    def of(cls, scenario: Scenario, manifest: Manifest, results: Results) -> Case:
        """The case of a scenario that was planned."""
        told = told_in(results)
        return cls(
            title=scenario.title,
            scenario=scenario,
            manifest=manifest,
            results=results,
            told=told,
            figures=figures_of(results),
        )

    @property
    def oil(self) -> bool:
        """Whether oil is told; freight where not."""
        return is_oil(self.told)

    @property
    def trades(self) -> tuple[Trade, ...]:
        """What was planned: oil, freight, or both."""
        return trades_of(self.results)

    def telling(self, trade: Trade) -> Case:
        """The same case with one trade told."""
        first = trade is self.trades[0]
        told = told_in(self.results, trade)
        spread = self.spread
        if spread is not None and not first:
            spread = replace(spread, left_behind=spread.freight_left_behind)
        return replace(self, told=told, figures=figures_of(told), spread=spread)


def told_event(event: Event) -> str:
    """An event in a sentence: what the tables say of it, or its cause."""
    why = tell_message(event.text) if event.text else cause(event.cause)
    if event.share_lost <= 0:
        return phrase(
            "{asset} loses nothing from {first} to {last}: {cause}",
            asset=tell_message(event.asset),
            first=event.first_day.isoformat(),
            last=event.last_day.isoformat(),
            cause=why,
        )
    return phrase(
        "{asset} loses {share} from {first} to {last}: {cause}",
        asset=tell_message(event.asset),
        share=f"{event.share_lost:.0%}",
        first=event.first_day.isoformat(),
        last=event.last_day.isoformat(),
        cause=why,
    )


def told_change(change: Change) -> str:
    """A change in words: its own sentence, or what it does to what, and by how much."""
    if change.text:
        return tell_message(change.text)
    told = CHANGES.get(change.what.value, change.what.value)
    amount = "" if change.value is None else f" {change.value:g} {unit(change.unit)}".rstrip()
    return f"{tell_message(change.asset)}: {told}{amount}"


def differences(a: Scenario, b: Scenario) -> tuple[str, ...]:
    """What differs between two scenarios, a sentence each; nothing where they ask the same."""
    return tuple(_between("", a, b))


def _between(where: str, a: Any, b: Any) -> list[str]:
    """Differences of two values, walked down to the fields that differ."""
    if is_dataclass(a) and type(a) is type(b):
        found: list[str] = []
        for each in fields(a):
            if each.name not in _BESIDE:
                inner = f"{where} {each.name}".strip()
                found += _between(inner, getattr(a, each.name), getattr(b, each.name))
        return found
    if isinstance(a, tuple) and isinstance(b, tuple) and _rows(a) and _rows(b):
        return _between_rows(where, a, b)
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return [
            each
            for key in dict.fromkeys((*a, *b))
            for each in _between(f"{where} {key}", a.get(key), b.get(key))
        ]
    if a == b:
        return []
    return [phrase("{what}: {a} in A, {b} in B", what=_words(where), a=_value(a), b=_value(b))]


def _rows(rows: Sequence[Any]) -> bool:
    return all(is_dataclass(row) for row in rows)


def _between_rows(where: str, a: Sequence[Any], b: Sequence[Any]) -> list[str]:
    old = {_key(row): row for row in a}
    new = {_key(row): row for row in b}
    name = where.removeprefix("base ")
    found = [phrase("Only A: {what}", what=_row(name, old[key])) for key in old if key not in new]
    found += [phrase("Only B: {what}", what=_row(name, new[key])) for key in new if key not in old]
    for key, row in old.items():
        if key in new:
            found += _between(f"{name} {' '.join(key)}", row, new[key])
    return found


def _key(row: Any) -> tuple[str, ...]:
    """What tells a row of a table from the others: its id, or the texts in it."""
    texts = {
        each.name: getattr(row, each.name)
        for each in fields(row)
        if isinstance(getattr(row, each.name), str) and each.name not in _BESIDE
    }
    if "id" in texts:
        return tuple(value for name, value in texts.items() if name in {"id", "asset"})
    return tuple(filter(None, texts.values()))


def _row(name: str, row: Any) -> str:
    """A row in words: its own sentence, or its values."""
    if isinstance(row, Event):
        return told_event(row)
    if isinstance(row, Change):
        return told_change(row)
    text = getattr(row, "text", "")
    if text:
        return tell_message(str(text))
    values = [
        f"{_words(each.name)} {_value(getattr(row, each.name))}"
        for each in fields(row)
        if each.name not in _BESIDE and getattr(row, each.name) not in {None, ""}
    ]
    return f"{_words(name)}: {', '.join(values)}"


def _words(name: str) -> str:
    """What differs in words: a table, which row of it, and the field.

    >>> _words("first_day"), _words("supply KZ-TEN mt_per_y")
    ('first day', 'supply KZ-TEN, Mt a year')
    """
    if name in FIELDS:
        return FIELDS[name]
    table, *rest = name.removeprefix("base ").split(" ")
    told = [FIELDS.get(table, table), *rest]
    if rest and rest[-1] in FIELDS:
        return f"{' '.join(told[:-1])}, {FIELDS[rest[-1]]}".replace("_", " ")
    return " ".join(told).replace("_", " ")


def _value(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return "-" if value is None else str(value)
