"""Quotes, and the tables they were made from."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, String, Text
from sqlalchemy.types import TypeEngine

from karvan.adapters.sql.guards import forbid_changes

revision = "0001"
down_revision = None


def _word(length: int) -> TypeEngine[str]:
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "table_sets",
        Column("content_hash", _word(64), primary_key=True),
        Column("archive", LargeBinary, nullable=False),
    )
    op.create_table(
        "quotes",
        Column("id", _word(40), primary_key=True),
        Column("created_at", _word(32), nullable=False),
        Column("expires_at", _word(32), nullable=False),
        Column("request", Text, nullable=False),
        Column("seed", BigInteger),
        Column("network_hash", _word(64), nullable=False),
        Column("tariff_version", _word(64), nullable=False),
        Column("timetable_hash", _word(64), nullable=False),
        Column("engine_version", _word(64), nullable=False),
        Column("tables_hash", _word(64), ForeignKey("table_sets.content_hash"), nullable=False),
        Column("answer", LargeBinary, nullable=False),
        Column("answer_sha256", _word(64), nullable=False),
    )
    op.create_index("quotes_by_time", "quotes", ["created_at", "id"])
    for table in ("table_sets", "quotes"):
        forbid_changes(op.get_bind(), table)


def downgrade() -> None:
    """Remove them, and what they hold."""
    op.drop_table("quotes")
    op.drop_table("table_sets")
