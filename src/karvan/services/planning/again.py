"""A result made again from its manifest: the same numbers, or what differs and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from karvan.domain.errors import InvalidInput, NotReproduced
from karvan.services.planning.manifest import Manifest
from karvan.services.planning.result_tables import CellKind, Table

#: Numbers count as equal to this share of the larger, or this much: a solver's last digits may
#: differ between machines.
TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Changed:
    """Something a result was made from, then and now."""

    what: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class TableDiffers:
    """A table with other numbers; `largest` is the largest difference, None for other rows."""

    table: str
    column: str
    largest: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """How what was made again compares with what was kept.

    Attributes
    ----------
    changed
        What it was made from and is another now.
    exact, close
        Names of tables that are equal, and that are equal but for last digits.
    differs
        The other tables.
    """

    changed: tuple[Changed, ...]
    exact: tuple[str, ...]
    close: tuple[str, ...]
    differs: tuple[TableDiffers, ...]
    rows: int

    @property
    def same(self) -> bool:
        """Whether the numbers are the same."""
        return not self.differs

    def require_same(self) -> None:
        """Raise unless the numbers are the same.

        Raises
        ------
        InvalidInput
            They differ, and so does what they are made from.
        NotReproduced
            They differ although nothing else does.
        """
        if self.same:
            return
        tables = ", ".join(each.table for each in self.differs)
        if self.changed:
            facts = {each.what: f"{each.then} then, {each.now} now" for each in self.changed}
            raise InvalidInput(
                "the numbers differ, and so does what they are made from", tables=tables, **facts
            )
        largest = max((each.largest or 0.0 for each in self.differs), default=0.0)
        raise NotReproduced(
            "the numbers differ although nothing else does", tables=tables, largest=largest
        )


def compared(
    then: Manifest, kept: Mapping[str, Table], now: Manifest, made: Sequence[Table]
) -> Again:
    """Compare what was kept with what was made again; a table of one side alone differs."""
    exact, close = [], []
    gone = kept.keys() - {table.name for table in made}
    differs = [TableDiffers(name, "", None) for name in sorted(gone)]
    for table in made:
        mark = then.tables.get(table.name)
        if mark is None or table.name not in kept:
            differs.append(TableDiffers(table.name, "", None))
        elif mark.hash == table.hash:
            exact.append(table.name)
        elif (found := _differs(kept[table.name], table)) is None:
            close.append(table.name)
        else:
            differs.append(found)
    return Again(
        changed=tuple(_changed(then, now)),
        exact=tuple(exact),
        close=tuple(close),
        differs=tuple(differs),
        rows=sum(len(table.rows) for table in made),
    )


def _changed(then: Manifest, now: Manifest) -> Iterator[Changed]:
    pairs = (
        ("network", then.network, now.network),
        ("scenario", then.scenario_hash, now.scenario_hash),
        ("version", then.version, now.version),
        ("solver", then.checks.solver, now.checks.solver),
        ("seed", str(then.seed), str(now.seed)),
        *((name, told, now.inputs.get(name, "")) for name, told in then.inputs.items()),
    )
    yield from (Changed(what, old, new) for what, old, new in pairs if old != new)
    for before, after in zip(then.cases, now.cases, strict=False):
        own = (each for each in _changed(before, after) if each.what == "scenario")
        yield from (replace(each, what=f"scenario {before.scenario.file}") for each in own)


def _differs(then: Table, now: Table) -> TableDiffers | None:
    """How a table differs; None where it is only by last digits."""
    texts = [at for at, column in enumerate(now.columns) if column.kind is not CellKind.NUMBER]

    def key(row: Sequence[object]) -> tuple[str, ...]:
        return tuple(str(row[at]) for at in texts)

    old, new = sorted(then.rows, key=key), sorted(now.rows, key=key)
    if [key(row) for row in old] != [key(row) for row in new]:
        return TableDiffers(now.name, "", None)
    worst, column = 0.0, ""
    for before, after in zip(old, new, strict=True):
        for at, (a, b) in enumerate(zip(before, after, strict=True)):
            if at in texts or a == b:
                continue
            if not isinstance(a, float) or not isinstance(b, float):
                return TableDiffers(now.name, now.columns[at].name, None)
            if abs(a - b) > TOLERANCE * max(1.0, abs(a), abs(b)) and abs(a - b) > worst:
                worst, column = abs(a - b), now.columns[at].name
    return TableDiffers(now.name, column, worst) if worst else None
