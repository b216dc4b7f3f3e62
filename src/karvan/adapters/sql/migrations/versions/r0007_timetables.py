"""Carriers' lists of departures."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, String, Text
from sqlalchemy.types import TypeEngine

from karvan.adapters.sql.guards import forbid_changes

revision = "0007"
down_revision = "0006"


def _word(length: int) -> TypeEngine[str]:
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "timetables",
        Column("seq", BigInteger, primary_key=True, autoincrement=False),
        Column("recorded_at", _word(32), nullable=False),
        Column("actor", _word(200), nullable=False),
        Column("carrier", _word(160), nullable=False),
        Column("content", Text, nullable=False),
    )
    forbid_changes(op.get_bind(), "timetables")


def downgrade() -> None:
    """Remove it, and what it holds."""
    op.drop_table("timetables")
