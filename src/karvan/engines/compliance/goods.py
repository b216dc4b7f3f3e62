"""What goods bring with them: warnings by code and country, and words that documents ask for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Final

from karvan.domain.cargo import Cargo, Hazard
from karvan.engines.compliance.documents import Advice, RouteTrace
from karvan.network.in_force import in_force
from karvan.network.rules import CountryNotice, HsWarning, Rules

#: Warnings that only ask for a UN number; a number that fits answers them.
_ASKS_FOR_UN: Final = frozenset({"usually-dangerous", "ask-form"})


def words_of(cargo: Cargo, advice: Iterable[Advice]) -> frozenset[str]:
    """Words that document rules know a cargo by: danger, temperature, codes of its warnings."""
    words = {each.code for each in advice}
    if cargo.hazard is not None:
        words |= {"dangerous", f"class-{cargo.hazard.main_class}"}
    true_of = {
        "temperature": cargo.temperature_controlled,
        "returns-empty": cargo.returns_empty,
        "out-of-gauge": cargo.out_of_gauge is not None,
    }
    return frozenset(words | {word for word, holds in true_of.items() if holds})


def warnings_for(
    rules: Rules, hs: str, trace: RouteTrace, day: date, hazard: Hazard | None = None
) -> tuple[Advice, ...]:
    """Warnings by goods code (longest prefix of each kind) and by country passed.

    A UN number that fits the code answers the question for one; a number that does not, or
    that nothing in the code hints at, is told.
    """
    territories = {each for leg in trace.legs for each in leg.territories}
    hints = hints_for(rules.hs_warnings, hs, day)
    met = [row for row in hints if _met(row.territories, territories)]
    out = [_hs(row, territories) for row in met if not _answered(row, hazard)]
    if hazard is not None and hs:
        out.extend(_contradiction(hints, hs, hazard))
    countries = {country for leg in trace.legs for country in leg.countries}
    out.extend(_notice(row) for row in rules.country_notices if row.country in countries)
    return tuple(out)


def hints_for(rows: Iterable[HsWarning], hs: str, day: date) -> tuple[HsWarning, ...]:
    """What is known of a code on a day: of each kind the row with the longest beginning."""
    best: dict[str, HsWarning] = {}
    for row in rows:
        if hs.startswith(row.prefix) and in_force(row.valid_from, row.valid_to, day):
            known = best.get(row.code)
            if known is None or len(known.prefix) < len(row.prefix):
                best[row.code] = row
    return tuple(best[code] for code in sorted(best))


def _met(wanted: Collection[str], have: Collection[str]) -> bool:
    return "*" in wanted or bool(set(wanted) & set(have))


def _answered(row: HsWarning, hazard: Hazard | None) -> bool:
    return hazard is not None and row.code in _ASKS_FOR_UN


def _contradiction(rows: Collection[HsWarning], hs: str, hazard: Hazard) -> list[Advice]:
    """A UN number that is not among those goods of this code usually have."""
    usual = sorted({un for row in rows for un in row.un})
    if hazard.un in usual:
        return []
    told = "goods of this code are not usually dangerous"
    if usual:
        told = "goods of this code are usually " + ", ".join(f"UN{un}" for un in usual)
    sources = [source for row in rows if row.un for source in row.source]
    return [
        Advice(
            code="un-unusual",
            message=f"UN{hazard.un} is given for HS {hs}, and {told}: check both",
            rule="goods code and UN number",
            source=tuple(dict.fromkeys(sources)) or ("own-knowledge",),
        )
    ]


def _hs(row: HsWarning, territories: Collection[str]) -> Advice:
    where = sorted(set(row.territories) & set(territories))
    return Advice(
        code=row.code,
        message=row.warning + (f" ({', '.join(where)})" if where else ""),
        rule=row.rule,
        source=row.source,
    )


def _notice(row: CountryNotice) -> Advice:
    return Advice(
        code=row.code,
        message=f"{row.warning} ({row.country})",
        rule=row.rule,
        source=row.source,
    )
