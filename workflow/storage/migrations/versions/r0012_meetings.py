"""What meetings dealt with, whose decision a decision was, and the private addresses of calendars."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def whole(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def text(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=null)


def upgrade() -> None:
    op.create_table(
        "meeting_item",
        whole("meeting_id"),
        text("stream"),
        whole("seq"),
        sa.PrimaryKeyConstraint("meeting_id", "stream", "seq", name=op.f("pk_meeting_item")),
        sa.ForeignKeyConstraint(
            ["stream", "seq"], ["event.stream", "event.seq"], name=op.f("fk_meeting_item_stream_event")
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_item_meeting_id_meeting")),
        sqlite_strict=True,
    )
    op.create_table(
        "calendar_feed",
        text("secret_hash"),
        whole("person_id"),
        text("created_at"),
        text("revoked_at", null=True),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_calendar_feed")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id_person")),
        sqlite_strict=True,
    )
    op.create_index("ix_calendar_feed_person", "calendar_feed", ["person_id"])
    op.create_index("ix_decision_instance", "decision", ["instance", "decided_on"])
