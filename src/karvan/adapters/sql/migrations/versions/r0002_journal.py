"""The journal."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, String, Text
from sqlalchemy.types import TypeEngine

from karvan.adapters.sql.guards import forbid_changes

revision = "0002"
down_revision = "0001"


def _word(length: int) -> TypeEngine[str]:
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "journal",
        Column("seq", BigInteger, primary_key=True, autoincrement=False),
        Column("at", _word(32), nullable=False),
        Column("actor", _word(200), nullable=False),
        Column("reason", Text, nullable=False),
        Column("kind", _word(40), nullable=False),
        Column("subject", _word(200), nullable=False),
        Column("body", Text, nullable=False),
        Column("previous", _word(64), nullable=False),
        Column("hash", _word(64), nullable=False, unique=True),
    )
    forbid_changes(op.get_bind(), "journal")


def downgrade() -> None:
    """Remove it, and what it holds."""
    op.drop_table("journal")
