"""What everybody reads instead of what is written, what waits to be published, and what was erased."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def whole(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null)


def text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "public_face",
        sa.Column(
            "proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False
        ),
        *(text(name) for name in ("state", "found", "title", "content")),
        whole("reviewed_seq", null=True),
        whole("hidden_seq", null=True),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_public_face")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_public_face_proposal_id_proposal")),
        sqlite_strict=True,
    )
    _index("ix_public_face_masked", "public_face", ["proposal_id"], "state = 'masked'")
    op.create_table(
        "public_wording",
        text("stream"),
        whole("about"),
        text("field"),
        whole("seq"),
        sa.PrimaryKeyConstraint("stream", "about", "field", name=op.f("pk_public_wording")),
        sqlite_strict=True,
    )
    op.create_table(
        "held_decision",
        text("stream"),
        whole("about"),
        whole("held_seq"),
        whole("published_seq", null=True),
        sa.PrimaryKeyConstraint("stream", "about", name=op.f("pk_held_decision")),
        sqlite_strict=True,
    )
    _index("ix_held_decision_waiting", "held_decision", ["stream", "about"], "published_seq IS NULL")
    op.create_table(
        "erasure",
        text("stream"),
        text("scope"),
        whole("seq"),
        sa.PrimaryKeyConstraint("stream", "scope", name=op.f("pk_erasure")),
        sqlite_strict=True,
    )


def _index(name: str, table: str, columns: list[str], which: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(which), postgresql_where=sa.text(which))
