"""Jobs."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, String, Text
from sqlalchemy.types import TypeEngine

revision = "0004"
down_revision = "0003"


def _word(length: int) -> TypeEngine[str]:
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "jobs",
        Column("id", _word(40), primary_key=True),
        Column("kind", _word(40), nullable=False),
        Column("state", _word(16), nullable=False),
        Column("created_at", _word(32), nullable=False),
        Column("changed_at", _word(32), nullable=False),
        Column("due_at", _word(32), nullable=False),
        Column("actor", _word(200), nullable=False),
        Column("parameters", Text, nullable=False),
        Column("parameters_sha256", _word(64), nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("fence", BigInteger, nullable=False),
        Column("worker", _word(200), nullable=False),
        Column("done", Integer, nullable=False),
        Column("total", Integer, nullable=False),
        Column("reason_code", _word(40)),
        Column("reason", Text),
        Column("result", LargeBinary),
        Column("result_sha256", _word(64)),
    )
    op.create_index("jobs_by_due", "jobs", ["state", "due_at"])
    op.create_index("jobs_by_time", "jobs", ["created_at", "id"])
    op.create_table(
        "job_parts",
        Column("job_id", _word(40), ForeignKey("jobs.id"), primary_key=True),
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("content", Text, nullable=False),
    )


def downgrade() -> None:
    """Remove them, and what they hold."""
    op.drop_table("job_parts")
    op.drop_table("jobs")
