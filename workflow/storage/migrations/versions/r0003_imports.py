"""Files brought in from the accounting system, between the dry run and the booking."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def whole(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null)


def text(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=null)


def upgrade() -> None:
    op.create_table(
        "import_batch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        text("kind"),
        text("filename"),
        text("digest"),
        whole("person_id"),
        text("uploaded_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_import_batch_person_id_person")),
        sqlite_strict=True,
    )
    op.create_table(
        "import_row",
        whole("batch_id"),
        whole("n"),
        text("said"),
        text("fate"),
        text("reasons"),
        text("stream", null=True),
        whole("seq", null=True),
        sa.PrimaryKeyConstraint("batch_id", "n", name=op.f("pk_import_row")),
        sa.CheckConstraint("fate IN ('books', 'booked', 'exists', 'fault')", name=op.f("ck_import_row_fate")),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_import_row_batch_id_import_batch")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_import_row_fate"), "import_row", ["batch_id", "fate", "n"])
