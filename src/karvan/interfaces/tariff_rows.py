"""A row of the tariff book as JSON, as `karvan tariff show --json` and HTTP give it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from karvan.services.rate_sheets import SheetRow


def row_json(each: SheetRow) -> Mapping[str, object]:
    """A row of the book on a day."""
    row = each.row
    return {
        "id": row.id,
        "kind": each.kind.value,
        "carrier": row.carrier,
        "scope": row.scope.value,
        "from_places": list(row.from_places),
        "to_places": list(row.to_places),
        "both_ways": row.both_ways,
        "unit": row.unit.value if row.unit else None,
        "equipment": list(row.equipment),
        "conditions": [str(condition) for condition in row.conditions],
        "figure": figure_text(each.figure),
        "low": figure_text(each.low),
        "high": figure_text(each.high),
        "in": each.unit,
        "valid_from": row.valid_from.isoformat() if row.valid_from else None,
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "state": each.state.value,
        "age_months": each.age_months,
        "estimate": row.estimate,
        "rule": row.rule,
        "fact": list(row.fact),
        "source": list(row.source),
        "note": row.note,
    }


def figure_text(value: Decimal | None) -> str | None:
    """A figure in as many digits as it has, None where there is none."""
    if value is None:
        return None
    # Ends that age by the month have more digits than anybody reads.
    text = f"{min(value, round(value, 4), key=lambda each: len(str(each))):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
