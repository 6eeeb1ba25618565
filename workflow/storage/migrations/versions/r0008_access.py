"""Guesses of passwords are counted, people are invited to choose one, and a session is known by its browser."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def upgrade() -> None:
    op.create_index("ix_session_person", "session", ["person_id"])
    op.create_table(
        "attempt",
        text("counter"), whole("tries"), text("counted_at"), text("free_at"),
        sa.PrimaryKeyConstraint("counter", name=op.f("pk_attempt")),
        sqlite_strict=True,
    )  # fmt: skip
    op.create_index("ix_attempt_counted", "attempt", ["counted_at"])
    op.create_table(
        "invitation",
        text("secret_hash"), whole("person_id"), text("created_at"), text("expires_at"), text("used_at", null=True),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_invitation")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_person_id_person")),
        sqlite_strict=True,
    )  # fmt: skip
    op.create_index("ix_invitation_person", "invitation", ["person_id"])
    op.create_table(
        "session_browser",
        text("token_hash"), text("agent"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_session_browser")),
        sa.ForeignKeyConstraint(
            ["token_hash"], ["session.token_hash"], name=op.f("fk_session_browser_token_hash_session")
        ),
        sqlite_strict=True,
    )  # fmt: skip
