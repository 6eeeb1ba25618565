"""Groups that vote."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "vote_rule",
        sa.Column("id", WHOLE, nullable=False, autoincrement=True),
        sa.Column("body_id", WHOLE, nullable=False),
        sa.Column("share", WHOLE, nullable=False),
        sa.Column("from_on", sa.Text(), nullable=False),
        sa.Column("to_on", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote_rule")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_vote_rule_body_id_body")),
        sqlite_strict=True,
    )
