"""Keys of those who may write, and answers given once."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, String, Text
from sqlalchemy.types import TypeEngine

from karvan.adapters.sql.guards import forbid_changes

revision = "0003"
down_revision = "0002"


def _word(length: int) -> TypeEngine[str]:
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "access_keys",
        Column("id", _word(40), primary_key=True),
        Column("name", _word(64), nullable=False),
        Column("scopes", _word(200), nullable=False),
        Column("created_at", _word(32), nullable=False),
        Column("until", _word(32), nullable=False),
        Column("secret_sha256", _word(64), nullable=False),
    )
    op.create_table(
        "revoked_keys",
        Column("key_id", _word(40), ForeignKey("access_keys.id"), primary_key=True),
        Column("revoked_at", _word(32), nullable=False),
    )
    op.create_table(
        "answers_once",
        Column("caller", _word(200), primary_key=True),
        Column("key", _word(64), primary_key=True),
        Column("fingerprint", _word(64), nullable=False),
        Column("claimed_at", _word(32), nullable=False),
        Column("token", _word(64), nullable=False),
        Column("status", BigInteger),
        Column("headers", Text),
        Column("body", LargeBinary),
    )
    op.create_index("answers_once_by_time", "answers_once", ["claimed_at"])
    for table in ("access_keys", "revoked_keys"):
        forbid_changes(op.get_bind(), table)


def downgrade() -> None:
    """Remove them, and what they hold."""
    op.drop_table("answers_once")
    op.drop_table("revoked_keys")
    op.drop_table("access_keys")
