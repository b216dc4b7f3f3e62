"""Personal data, its keys, and who is forgotten."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, ForeignKey, LargeBinary, String
from sqlalchemy.types import TypeEngine

from karvan.adapters.sql.guards import forbid_changes

revision = "0006"
down_revision = "0005"


def _word(length: int) -> TypeEngine[str]:
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "persons",
        Column("id", _word(40), primary_key=True),
        Column("created_at", _word(32), nullable=False),
        Column("sealed", LargeBinary, nullable=False),
    )
    op.create_table(
        "person_keys",
        Column("person_id", _word(40), ForeignKey("persons.id"), primary_key=True),
        Column("wrapped", LargeBinary, nullable=False),
    )
    op.create_table(
        "forgotten_persons",
        Column("person_id", _word(40), ForeignKey("persons.id"), primary_key=True),
        Column("forgotten_at", _word(32), nullable=False),
    )
    for table in ("persons", "forgotten_persons"):
        forbid_changes(op.get_bind(), table)


def downgrade() -> None:
    """Remove them, and what they hold."""
    op.drop_table("forgotten_persons")
    op.drop_table("person_keys")
    op.drop_table("persons")
