"""Whether a dated row holds on a day."""

from __future__ import annotations

from datetime import date


def in_force(valid_from: date, valid_to: date | None, day: date) -> bool:
    """Say whether a dated row holds on a day; both ends count."""
    return valid_from <= day and (valid_to is None or day <= valid_to)
