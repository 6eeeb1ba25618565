"""Who follows a proposal by mail."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

ASKED = sa.text("state = 'asked'")


def whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "follow",
        whole("person_id"),
        whole("proposal_id"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('asked', 'confirmed', 'ended')", name=op.f("ck_follow_state")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_follow_person_id_person")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_follow_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_follow")),
        sqlite_strict=True,
    )
    op.create_index("ix_follow_proposal", "follow", ["proposal_id", "state"])
    op.create_index("ix_follow_asked", "follow", ["asked_at"], sqlite_where=ASKED, postgresql_where=ASKED)
