"""The texts of a quote's JSON in the language of the reader; codes, figures and order stay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from karvan.services.words import SOURCE, spoken, tell_message

#: What people read of the members of a list, by the list.
_TEXTS: Final[Mapping[str, frozenset[str]]] = {
    "alternatives": frozenset(),
    "documents": frozenset({"document", "rule"}),
    "excludes": frozenset(),
    "refused": frozenset({"message"}),
    "warnings": frozenset({"message"}),
}
#: What people read of the answer itself.
_OWN: Final = frozenset({"scope"})


def told_answer(answer: Mapping[str, object]) -> Mapping[str, object]:
    """Give an answer with its texts told; in the source language it is the same object."""
    if spoken().language == SOURCE:
        return answer
    return _told(answer, _OWN)


def _told(of: Mapping[str, object], texts: frozenset[str]) -> dict[str, object]:
    return {key: _value(key, value, texts) for key, value in of.items()}


def _value(key: str, value: object, texts: frozenset[str]) -> object:
    if isinstance(value, str):
        return tell_message(value) if key in texts else value
    if not isinstance(value, list) or key not in _TEXTS:
        return value
    return [
        _told(each, _TEXTS[key])
        if isinstance(each, Mapping)
        else tell_message(each)
        if isinstance(each, str)
        else each
        for each in value
    ]
