"""Rules of law and practice as dated rows: regimes, documents, warnings, container types.

No rule is an `if` in the program: whether Georgia is in the common transit convention is a
row with a first day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from karvan.network.unit_types import UnitTypes


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimeRule:
    """Goods in transit in `territory` are under `regime`, opened by `procedure`.

    An empty regime means that goods transhipped there stay under the one they had.
    """

    territory: str
    regime: str
    procedure: str
    valid_from: date
    valid_to: date | None
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRule:
    """A document a route needs.

    Attributes
    ----------
    applies
        `always`; `export` (goods leave their territory); `rail` and `leg` (a leg of one of
        `modes` touching one of `territories`); `opens` (a regime is opened in one of
        `territories`); `enters_by_sea`; `end` (the last place).
    goods
        What the cargo must be, by words of `engines.compliance.goods`; `*` for any.
    where_made
        `origin`, `start of the leg` or `entry`.
    """

    document: str
    applies: str
    goods: tuple[str, ...] = ("*",)
    modes: tuple[str, ...]
    territories: tuple[str, ...]
    where_made: str
    rule: str
    valid_from: date
    valid_to: date | None
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HsWarning:
    """What goods under an HS code (or its beginning) usually bring with them.

    Attributes
    ----------
    un
        UN numbers such goods usually have; empty where none is usual.
    territories
        Customs territories it is about; `*` for all.
    """

    prefix: str
    code: str
    warning: str
    rule: str
    valid_from: date
    source: tuple[str, ...]
    un: tuple[str, ...] = ()
    territories: tuple[str, ...] = ("*",)
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryNotice:
    """What to tell about a route that passes a country."""

    country: str
    code: str
    warning: str
    rule: str
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureCause:
    """Why something may be closed; `cause` is the word, `name` what people call it."""

    cause: str
    name: str
    what: str
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerRating:
    """Typical tare and maximum gross mass of a container type, in kg."""

    code: str
    length_ft: int
    tare_kg: int
    max_gross_kg: int
    source: tuple[str, ...]

    @property
    def payload_kg(self) -> int:
        """Most the goods may weigh."""
        return self.max_gross_kg - self.tare_kg


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Every rule table; `hs` maps each code of the Harmonized System to its description."""

    regimes: tuple[RegimeRule, ...]
    documents: tuple[DocumentRule, ...]
    hs_warnings: tuple[HsWarning, ...]
    country_notices: tuple[CountryNotice, ...]
    containers: Mapping[str, ContainerRating]
    hs: Mapping[str, str]
    units: UnitTypes = field(default_factory=UnitTypes)
    causes: Mapping[str, ClosureCause] = field(default_factory=dict)
