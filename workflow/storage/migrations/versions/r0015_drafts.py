"""Drafts: what somebody writes before it is handed in."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def text(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=null)


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=True),
        text("secret_hash"),
        text("typed"),
        text("created_at"),
        text("changed_at"),
        text("sent_as", null=True),
        text("key_hash", null=True),
        text("answer", null=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_draft_secret_hash")),
        sqlite_strict=True,
    )
    op.create_index("ix_draft_changed", "draft", ["changed_at"])
