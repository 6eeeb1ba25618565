"""What officials keep an eye on: proposals that somebody follows, rounds of opinions, and indexes by which a queue is
read however long it is."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

OPEN = sa.text("ended_at IS NULL")
PARKED = sa.text("parked_until IS NOT NULL")
RESERVED = sa.text("reserved_ore > 0")


def whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "watch",
        whole("person_id"),
        whole("proposal_id"),
        sa.Column("since", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_watch_person_id_person")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_watch_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("person_id", "proposal_id", name=op.f("pk_watch")),
        sqlite_strict=True,
    )
    op.create_table(
        "opinion_round",
        whole("proposal_id"),
        whole("seq"),
        sa.Column("due_on", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_opinion_round_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("proposal_id", "seq", name=op.f("pk_opinion_round")),
        sqlite_strict=True,
    )
    op.drop_index("ix_proposal_awaits", "proposal")
    by_body: list[str | sa.TextClause] = ["awaits_body", sa.text("coalesce(due_on, '9999-12-31')"), "id"]
    op.create_index("ix_proposal_awaits", "proposal", by_body, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index(
        "ix_proposal_parked", "proposal", ["parked_until", "id"], sqlite_where=PARKED, postgresql_where=PARKED
    )
    op.create_index(
        "ix_holding_reserved",
        "holding",
        ["pot_year_id", "proposal_id"],
        sqlite_where=RESERVED,
        postgresql_where=RESERVED,
    )
    op.drop_index("ix_event_actor", "event")
    op.create_index("ix_event_actor", "event", ["actor", "recorded_at", "stream", "seq", "kind"])
