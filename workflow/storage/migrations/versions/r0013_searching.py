"""What proposals are found by: their folded words, what leads to a word, and which pot pays."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

BY_BYTES = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "search_word",
        sa.Column("word", BY_BYTES, nullable=False),
        sa.Column("proposal_id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_search_word_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("word", "proposal_id", name=op.f("pk_search_word")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_search_word_proposal_id"), "search_word", ["proposal_id"])
    op.create_table(
        "search_form",
        sa.Column("form", BY_BYTES, nullable=False),
        sa.Column("word", BY_BYTES, nullable=False),
        sa.PrimaryKeyConstraint("form", "word", name=op.f("pk_search_form")),
        sqlite_strict=True,
    )
    op.create_index("ix_funding_pot", "funding", ["pot_id", "proposal_id", "revision"])
