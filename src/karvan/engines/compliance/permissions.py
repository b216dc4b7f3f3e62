"""What lines, places and services admit of a cargo, from dated rows.

`allow` rows admit nothing else of their kind; the strictest row met counts, and of equally
strict ones the first on the way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from karvan.network.link_attributes import (
    LIMITS,
    Permission,
    PermissionKind,
    PermissionRule,
    holds_on,
)

#: Code that a refusal has for each kind of permission.
CODES: Final[Mapping[PermissionKind, str]] = {
    PermissionKind.HAZARD_CLASS: "hazard-class",
    PermissionKind.EQUIPMENT: "equipment",
    PermissionKind.LENGTH: "train-length",
    PermissionKind.AXLE_LOAD: "axle-load",
    PermissionKind.GAUGE: "gauge",
    PermissionKind.COMMODITY: "commodity",
    PermissionKind.GRADE: "grade",
    PermissionKind.LOADING_GAUGE: "loading-gauge",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Properties:
    """What permissions look at, for a cargo as it travels on one mode.

    Attributes
    ----------
    words
        Words of each kind that are true of it; a kind that means nothing is left out.
    amounts
        Tonnes an axle and metres of the train, where they are known.
    park
        Country whose park the wagon belongs to; elsewhere it is a foreign wagon. '' where
        nobody says.
    """

    words: Mapping[PermissionKind, Collection[str]]
    amounts: Mapping[PermissionKind, float] = field(default_factory=dict)
    park: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A row that refuses a cargo or wants it agreed first.

    Attributes
    ----------
    at
        Link, place, service or mode the row is about, as it was met.
    value
        What of the cargo the row speaks about.
    """

    permission: Permission
    rule: PermissionRule
    at: str
    value: str

    @property
    def code(self) -> str:
        """Code of a refusal by it."""
        return CODES[self.permission.kind]


class PermissionBook:
    """Permissions in force on a day, found by what they are about."""

    def __init__(self, rows: Iterable[Permission], day: date) -> None:
        self._by_subject: dict[str, list[Permission]] = {}
        for row in rows:
            if holds_on(row, day):
                self._by_subject.setdefault(row.subject, []).append(row)

    def findings(self, subjects: Sequence[str], cargo: Properties) -> tuple[Finding, ...]:
        """Every row met that does not simply admit the cargo, refusals first.

        Parameters
        ----------
        subjects
            Ids along the way, in order; a link counts in either direction.
        """
        found: list[Finding] = []
        seen: set[str] = set()
        for subject in subjects:
            for name in (subject, _reverse(subject)):
                for row in self._by_subject.get(name, ()):
                    told = None if row.id in seen else _find(row, subject, cargo)
                    if told is not None:
                        seen.add(row.id)
                        found.append(told)
        return tuple(sorted(found, key=lambda each: each.rule is not PermissionRule.DENY))


def _find(row: Permission, at: str, cargo: Properties) -> Finding | None:
    value = _offence(row, at, cargo)
    if value is None:
        return None
    rule = row.rule
    if rule is PermissionRule.ALLOW:
        # A train too long for a line goes over it in parts.
        is_length = row.kind is PermissionKind.LENGTH
        rule = PermissionRule.ON_REQUEST if is_length else PermissionRule.DENY
    return Finding(permission=row, rule=rule, at=at, value=value)


def _offence(row: Permission, at: str, cargo: Properties) -> str | None:
    """What of the cargo a row refuses or wants agreed; None where it has nothing to say."""
    if row.kind in LIMITS:
        amount = cargo.amounts.get(row.kind)
        return None if amount is None or amount <= float(row.values[0]) else f"{amount:g}"
    words = list(cargo.words.get(row.kind, ()))
    if row.kind is PermissionKind.EQUIPMENT and cargo.park and at[:2] != cargo.park:
        words.append("foreign_wagon")
    admitted = [word for word in words if word in row.values]
    if row.rule is not PermissionRule.ALLOW:
        return admitted[0] if admitted else None
    return None if admitted or not words else words[0]


def _reverse(subject: str) -> str:
    """The same link the other way; of anything else a name nothing has."""
    ends, colon, mode = subject.partition(":")
    start, dashes, end = ends.partition("--")
    return f"{end}--{start}{colon}{mode}" if dashes else ""
