"""What became known of a decision after it was registered: adjusted at once, posted, taken down, sent, reported."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def whole(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null)


def text(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=null)


def upgrade() -> None:
    op.create_table(
        "decision_record",
        text("stream"),
        whole("seq"),
        whole("immediately"),
        text("posted_on", null=True),
        text("taken_down_on", null=True),
        text("sent_on", null=True),
        whole("reported_at", null=True),
        sa.PrimaryKeyConstraint("stream", "seq", name=op.f("pk_decision_record")),
        sa.ForeignKeyConstraint(
            ["stream", "seq"], ["decision.stream", "decision.seq"], name=op.f("fk_decision_record_stream_decision")
        ),
        sa.ForeignKeyConstraint(["reported_at"], ["meeting.id"], name=op.f("fk_decision_record_reported_at_meeting")),
        sqlite_strict=True,
    )
