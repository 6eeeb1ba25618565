"""The post: mail waiting to be sent, how people want it, which reminders have gone out."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

PERSON, DUTY = (["person_id"], ["person.id"]), (["duty_id"], ["duty.id"])


def whole(name: str, *, null: bool = False, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null, **options)


def text(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=null)


def refers(to: tuple[list[str], list[str]], name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(*to, name=op.f(name))


def upgrade() -> None:
    op.create_table(
        "mail",
        whole("id", autoincrement=True),
        text("message_id"),
        whole("person_id"),
        text("kind"),
        text("stream"),
        whole("seq"),
        whole("duty_id", null=True),
        text("state"),
        whole("attempts"),
        text("next_at"),
        text("leased_until", null=True),
        text("leased_by", null=True),
        text("error"),
        text("created_at"),
        text("ended_at", null=True),
        whole("digest_id", null=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.CheckConstraint("state IN ('waiting', 'kept', 'sent', 'dead', 'lapsed')", name=op.f("ck_mail_state")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mail_message_id")),
        refers(PERSON, "fk_mail_person_id_person"),
        refers(DUTY, "fk_mail_duty_id_duty"),
        refers((["digest_id"], ["mail.id"]), "fk_mail_digest_id_mail"),
        sqlite_strict=True,
    )
    for state, columns in {"waiting": ["next_at", "id"], "kept": ["person_id", "id"], "dead": ["id"]}.items():
        such = sa.text(f"state = '{state}'")
        op.create_index(op.f(f"ix_mail_{state}"), "mail", columns, sqlite_where=such, postgresql_where=such)
    op.create_index(op.f("ix_mail_digest_id"), "mail", ["digest_id"])
    op.create_table(
        "mail_choice",
        whole("person_id"),
        text("pace"),
        text("language"),
        text("changed_at"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_mail_choice")),
        sa.CheckConstraint("pace IN ('each', 'weekly', 'none')", name=op.f("ck_mail_choice_pace")),
        refers(PERSON, "fk_mail_choice_person_id_person"),
        sqlite_strict=True,
    )
    op.create_table(
        "reminder",
        whole("duty_id"),
        text("due_on"),
        whole("stage"),
        text("made_at"),
        sa.PrimaryKeyConstraint("duty_id", "due_on", "stage", name=op.f("pk_reminder")),
        refers(DUTY, "fk_reminder_duty_id_duty"),
        sqlite_strict=True,
    )
