"""A validation as rows of text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from karvan.services.planning.validation import Compared, Validation

ROW_HEADS: Final = ("period", "row", "what", "observed", "planned", "error", "aim", "")


def row_of(row: Compared) -> tuple[str, ...]:
    """Cells of a compared row in the order of `ROW_HEADS`, in Mt or in pieces."""
    seen = row.observation
    return (
        seen.period,
        str(seen.id),
        f"{seen.subject}: {seen.quantity}",
        _amount(row.observed_kt),
        _amount(row.planned_kt),
        f"{row.error:+.1%}",
        f"{row.aim:.0%}",
        "near" if row.is_near else "misses",
    )


def summary(found: Validation) -> Iterator[str]:
    """How many rows count, and how many come near enough."""
    large, of_large = found.hits(large=True)
    small, of_small = found.hits(large=False)
    middle = f"{found.median_error:.1%}"
    yield f"{len(found.compared)} rows count; half of the errors are below {middle}."
    yield f"Routes above 1 Mt a year, within 10 %: {large} of {of_large}."
    yield f"Smaller ones, within 25 %: {small} of {of_small}."
    yield f"{len(found.left)} rows of goods do not count."


def validation_json(found: Validation) -> Mapping[str, object]:
    """Everything that is compared, and everything that is not, with why."""
    return {
        "rows": [
            {
                "observation": str(row.observation.id),
                "fact": list(row.observation.fact),
                "subject": row.observation.subject,
                "quantity": row.observation.quantity,
                "period": row.observation.period,
                "plan": row.comparison.plan,
                "links": list(row.comparison.plus),
                "less_links": list(row.comparison.minus),
                "commodity": row.comparison.commodity,
                "unit": "kt",
                "observed": round(row.observed_kt, 3),
                "planned": round(row.planned_kt, 3),
                "error": round(row.error, 4),
                "aim": row.aim,
                "near": row.is_near,
                "what_the_plan_lacks": "" if row.is_near else row.comparison.reason,
            }
            for row in found.compared
        ],
        "large": _hits(found, large=True),
        "small": _hits(found, large=False),
        "median_error": round(found.median_error, 4),
        "not_counted": [
            {"observation": str(left.observation.id), "reason": left.reason} for left in found.left
        ],
    }


def _hits(found: Validation, *, large: bool) -> Mapping[str, int]:
    near, rows = found.hits(large=large)
    return {"near": near, "rows": rows}


def _amount(kt: float) -> str:
    return f"{kt / 1000:,.3f}"
