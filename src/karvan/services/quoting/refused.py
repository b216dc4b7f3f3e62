"""A rule that closes a segment to a cargo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule that closes a segment, as `RegimeAutomaton.refusal` numbers it from 1."""

    code: str
    message: str
    facts: Mapping[str, str]
