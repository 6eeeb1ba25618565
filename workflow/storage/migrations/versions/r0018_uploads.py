"""Pictures and documents of drafts and proposals."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def whole(name: str, *, null: bool = False, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null, **options)


def text(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=null)


def refers(column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_upload_{column}_{to}"))


def upgrade() -> None:
    op.create_table(
        "upload",
        whole("id", autoincrement=True),
        text("name"),
        whole("draft_id", null=True),
        whole("proposal_id", null=True),
        whole("seq", null=True),
        text("kind"),
        text("title"),
        text("alt"),
        text("phase"),
        whole("size"),
        text("digest"),
        whole("width"),
        whole("height"),
        text("standing"),
        whole("by_person", null=True),
        whole("looked_seq", null=True),
        text("added_at"),
        text("erased_at", null=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.CheckConstraint("(draft_id IS NULL) <> (proposal_id IS NULL)", name=op.f("ck_upload_owner")),
        sa.CheckConstraint("standing IN ('waiting', 'shown', 'hidden')", name=op.f("ck_upload_standing")),
        sa.CheckConstraint("kind IN ('picture', 'document')", name=op.f("ck_upload_kind")),
        sa.CheckConstraint("phase IN ('', 'before', 'after')", name=op.f("ck_upload_phase")),
        sa.UniqueConstraint("name", name=op.f("uq_upload_name")),
        refers("draft_id", "draft"),
        refers("proposal_id", "proposal"),
        refers("by_person", "person"),
        sqlite_strict=True,
    )
    op.create_index("ix_upload_draft", "upload", ["draft_id"])
    op.create_index("ix_upload_proposal", "upload", ["proposal_id", "id"])
