"""Closures."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, String, Text, UniqueConstraint
from sqlalchemy.types import TypeEngine

from karvan.adapters.sql.guards import forbid_changes

revision = "0005"
down_revision = "0004"


def _word(length: int) -> TypeEngine[str]:
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "closures",
        Column("seq", BigInteger, primary_key=True, autoincrement=False),
        Column("closure_id", _word(200), nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("deed", _word(20), nullable=False),
        Column("recorded_at", _word(32), nullable=False),
        Column("actor", _word(200), nullable=False),
        Column("target", _word(160), nullable=False),
        Column("kind", _word(20), nullable=False),
        Column("cause", _word(40), nullable=False),
        Column("since", _word(32), nullable=False),
        Column("reopens_low", _word(32)),
        Column("reopens_likely", _word(32)),
        Column("reopens_high", _word(32)),
        Column("share_lost_pct", Integer, nullable=False),
        Column("note", Text, nullable=False),
        Column("source", Text, nullable=False),
        UniqueConstraint("closure_id", "version"),
    )
    forbid_changes(op.get_bind(), "closures")


def downgrade() -> None:
    """Remove it, and what it holds."""
    op.drop_table("closures")
