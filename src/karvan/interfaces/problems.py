"""Errors as people and programs are told them: one translation for every interface."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from math import isfinite

from karvan.domain.errors import Fault, InvalidRequest, InvalidTables, KarvanError, TableFault
from karvan.services.words import tell_message

#: Members of a fault that a fact of the same name may not replace.
_OWN = ("pointer", "code", "message", "rule", "fix")


def plain(value: object) -> object:
    """Bring a fact to what JSON can hold; anything unknown becomes its text."""
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else str(value)


def readable(text: str) -> str:
    r"""Make text of any origin printable: lone surrogates and controls are escaped.

    >>> readable("Aktau\x1b[2J")
    'Aktau\\x1b[2J'
    """
    sound = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(
        c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode("ascii")
        for c in sound
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What went wrong, ready to be written; codes and facts are the same in every language.

    Attributes
    ----------
    errors
        Every fault of a request, or of the tables; empty where the error stands alone.
    """

    code: str
    title: str
    exit_status: int
    facts: Mapping[str, object]
    errors: tuple[Mapping[str, object], ...] = ()

    @classmethod
    def of(cls, error: KarvanError) -> Problem:
        """Tell one of our errors."""
        errors: tuple[Mapping[str, object], ...] = ()
        facts = {name: plain(value) for name, value in error.facts.items()}
        if isinstance(error, InvalidRequest):
            errors = tuple(fault_json(fault) for fault in error.faults)
            facts = {}
        elif isinstance(error, InvalidTables):
            errors = tuple(table_fault_json(fault) for fault in error.faults)
        return cls(
            code=error.code,
            title=error.message,
            exit_status=error.exit_status,
            facts=facts,
            errors=errors,
        )

    def members(self) -> dict[str, object]:
        """The members of a problem document but its status (RFC 9457)."""
        body: dict[str, object] = {
            "type": f"/problems/{self.code}",
            "title": tell_message(self.title),
            "code": self.code,
        }
        body.update((name, value) for name, value in self.facts.items() if name not in body)
        if self.errors:
            body["errors"] = list(self.errors)
        return body


def fault_json(fault: Fault) -> Mapping[str, object]:
    """One fault of a request; `rule` and `fix` only where there is one."""
    body: dict[str, object] = {
        "pointer": fault.pointer,
        "code": fault.code,
        "message": tell_message(fault.message),
    }
    if fault.rule:
        body["rule"] = fault.rule
    if fault.fix:
        body["fix"] = tell_message(fault.fix)
    body.update((name, plain(value)) for name, value in fault.facts.items() if name not in _OWN)
    return body


def table_fault_json(fault: TableFault) -> Mapping[str, object]:
    """One fault of a table."""
    return {
        "file": fault.file,
        "row": fault.row,
        "column": fault.column,
        "code": fault.code,
        "message": tell_message(fault.message),
    }
