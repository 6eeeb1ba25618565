"""The tables of the first release.

Written out and frozen: a migration imports nothing of today's schema, or it would say something else tomorrow.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def key(name: str = "id") -> sa.Column[Any]:
    return sa.Column(name, whole("").type, autoincrement=True, nullable=False)


def whole(name: str, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null)


def text(name: str, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=null)


def reference(column: str, target: str, name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=name)


# fmt: off
def upgrade() -> None:
    op.create_table(
        "body",
        key(), text("code"), text("kind"), text("title"), whole("level"), text("ended_on", null=True),
        whole("successor_id", null=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body")),
        sa.UniqueConstraint("code", name=op.f("uq_body_code")),
        reference("successor_id", "body.id", op.f("fk_body_successor_id_body")),
        sqlite_strict=True,
    )
    op.create_table(
        "decision",
        text("stream"), whole("seq"), text("instance"), text("kind"), text("outcome"), text("decided_on"),
        text("paragraph", null=True), text("delegation_point", null=True), text("registry_no", null=True),
        text("adjusted_on", null=True), text("sent_at", null=True),
        sa.PrimaryKeyConstraint("stream", "seq", name=op.f("pk_decision")),
        sqlite_strict=True,
    )
    op.create_table(
        "decision_right",
        key(), text("holder"), whole("level"), text("source"), whole("up_to_ore", null=True), text("point", null=True),
        text("from_on"), text("to_on", null=True), text("basis"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_right")),
        sqlite_strict=True,
    )
    op.create_table(
        "definition",
        key(), text("process"), whole("version"), text("digest"), text("body"), text("stored_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition")),
        sa.UniqueConstraint("process", "version", name=op.f("uq_definition_process")),
        sqlite_strict=True,
    )
    op.create_table(
        "event",
        text("stream"), whole("seq"), text("kind"), text("actor"), text("recorded_at"), text("body"), text("previous"),
        text("hash"),
        sa.PrimaryKeyConstraint("stream", "seq", name=op.f("pk_event")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_event_actor"), "event", ["actor", "recorded_at"])
    op.create_index(op.f("ix_event_recorded"), "event", ["recorded_at"])
    op.create_table(
        "mark",
        text("name"), text("value"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mark")),
        sqlite_strict=True,
    )
    op.create_table(
        "notice",
        key(), text("stream"), whole("seq"), text("kind"), text("recipient"), text("created_at"),
        text("sent_at", null=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_notice_unsent"), "notice", ["id"],
        sqlite_where=sa.text("sent_at IS NULL"), postgresql_where=sa.text("sent_at IS NULL"),
    )
    op.create_table(
        "passage",
        text("stream"), whole("seq"), text("field"), text("salt"), text("content"), text("digest"),
        sa.PrimaryKeyConstraint("stream", "seq", "field", name=op.f("pk_passage")),
        sqlite_strict=True,
    )
    op.create_table(
        "person",
        key(), text("ref"), text("kind"), text("name"), text("title"), text("email"), text("telephone"),
        text("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("ref", name=op.f("uq_person_ref")),
        sqlite_strict=True,
    )
    op.create_table(
        "quiet_period",
        key(), text("from_on"), text("to_on"), text("title"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiet_period")),
        sqlite_strict=True,
    )
    op.create_table(
        "rate",
        key(), text("name"), whole("value", null=True), text("unit"), text("from_on"), text("to_on", null=True),
        text("source"), text("set_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate")),
        sqlite_strict=True,
    )
    op.create_table(
        "refusal",
        key(), text("at"), text("actor"), text("what"), whole("kind"), text("facts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusal")),
        sqlite_strict=True,
    )
    op.create_table(
        "request",
        text("actor"), text("key"), text("digest"), text("answer"), text("recorded_at"),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("pk_request")),
        sqlite_strict=True,
    )
    op.create_table(
        "stream",
        text("name"), whole("seq"), text("head"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_stream")),
        sqlite_strict=True,
    )
    op.create_table(
        "account",
        whole("person_id"), text("login"), text("password_hash"), text("disabled_at", null=True),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_account")),
        reference("person_id", "person.id", op.f("fk_account_person_id_person")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
        sqlite_strict=True,
    )
    op.create_table(
        "meeting",
        key(), whole("body_id"), text("held_on"), text("papers_due_on", null=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("body_id", "held_on", name=op.f("uq_meeting_body_id")),
        reference("body_id", "body.id", op.f("fk_meeting_body_id_body")),
        sqlite_strict=True,
    )
    op.create_table(
        "membership",
        key(), whole("person_id"), whole("body_id"), text("role"), text("category"), text("from_on"),
        text("to_on", null=True), text("source"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        reference("person_id", "person.id", op.f("fk_membership_person_id_person")),
        reference("body_id", "body.id", op.f("fk_membership_body_id_body")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_membership_person"), "membership", ["person_id"])
    op.create_table(
        "proposal",
        key(), text("number"), whole("definition_id"), whole("proposer_id"), text("state"), text("origin"),
        text("awaits_role"), text("awaits_body"), whole("version"), whole("revision"), whole("seq"), text("head"),
        text("since"), text("due_on", null=True), text("parked_until", null=True), text("ended_at", null=True),
        text("created_at"), text("registry_no", null=True), whole("is_example"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.CheckConstraint("version >= 1 AND revision >= 1 AND seq >= 1", name=op.f("ck_proposal_counts")),
        sa.UniqueConstraint("number", name=op.f("uq_proposal_number")),
        reference("definition_id", "definition.id", op.f("fk_proposal_definition_id_definition")),
        reference("proposer_id", "person.id", op.f("fk_proposal_proposer_id_person")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_proposal_state"), "proposal", ["state", "id"])
    op.create_table(
        "cost_line",
        whole("proposal_id"), whole("revision"), whole("n"), text("what"), text("kind"), whole("amount_ore", null=True),
        whole("life_years", null=True), text("owner"), text("classification", null=True),
        text("classification_reason", null=True),
        sa.PrimaryKeyConstraint("proposal_id", "revision", "n", name=op.f("pk_cost_line")),
        sa.CheckConstraint(
            "amount_ore IS NULL OR amount_ore BETWEEN 1 AND 1000000000000",
            name=op.f("ck_cost_line_amount"),
        ),
        reference("proposal_id", "proposal.id", op.f("fk_cost_line_proposal_id_proposal")),
        sqlite_strict=True,
    )
    op.create_table(
        "duty",
        key(), whole("proposal_id"), whole("seq"), text("kind"), text("holder"), text("since"), text("due_on"),
        whole("version"), text("answered_at", null=True), text("answer", null=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
        reference("proposal_id", "proposal.id", op.f("fk_duty_proposal_id_proposal")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_duty_open"), "duty", ["holder", "due_on", "id"],
        sqlite_where=sa.text("answered_at IS NULL"), postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_index(op.f("ix_duty_proposal"), "duty", ["proposal_id", "id"])
    op.create_table(
        "link",
        text("secret_hash"), whole("proposal_id"), whole("person_id"), text("created_at"),
        text("revoked_at", null=True),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_link")),
        reference("proposal_id", "proposal.id", op.f("fk_link_proposal_id_proposal")),
        reference("person_id", "person.id", op.f("fk_link_person_id_person")),
        sqlite_strict=True,
    )
    op.create_table(
        "pot",
        key(), text("code"), text("kind"), text("title"), whole("proposal_id", null=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pot")),
        sa.UniqueConstraint("code", name=op.f("uq_pot_code")),
        reference("proposal_id", "proposal.id", op.f("fk_pot_proposal_id_proposal")),
        sqlite_strict=True,
    )
    op.create_table(
        "revision",
        whole("proposal_id"), whole("n"), text("title"), text("content"), text("salt"), text("digest"),
        text("recorded_at"),
        sa.PrimaryKeyConstraint("proposal_id", "n", name=op.f("pk_revision")),
        reference("proposal_id", "proposal.id", op.f("fk_revision_proposal_id_proposal")),
        sqlite_strict=True,
    )
    op.create_table(
        "session",
        text("token_hash"), whole("person_id"), whole("proposal_id", null=True), text("created_at"), text("seen_at"),
        text("expires_at"), text("ended_at", null=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_session")),
        reference("person_id", "person.id", op.f("fk_session_person_id_person")),
        reference("proposal_id", "proposal.id", op.f("fk_session_proposal_id_proposal")),
        sqlite_strict=True,
    )
    op.create_table(
        "funding",
        whole("proposal_id"), whole("revision"), whole("n"), whole("line"), text("binding"), whole("pot_id"),
        text("source"), whole("year"), whole("amount_ore"),
        sa.PrimaryKeyConstraint("proposal_id", "revision", "n", name=op.f("pk_funding")),
        sa.CheckConstraint("amount_ore BETWEEN 1 AND 1000000000000", name=op.f("ck_funding_amount")),
        reference("proposal_id", "proposal.id", op.f("fk_funding_proposal_id_proposal")),
        reference("pot_id", "pot.id", op.f("fk_funding_pot_id_pot")),
        sqlite_strict=True,
    )
    op.create_table(
        "pot_year",
        key(), whole("pot_id"), whole("year"), whole("budget_ore"), whole("overrun_ore"), whole("available_ore"),
        whole("reserved_ore"), whole("committed_ore"), whole("ordered_ore"), whole("spent_ore"), whole("decided"),
        text("closed_on", null=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pot_year")),
        sa.UniqueConstraint("pot_id", "year", name=op.f("uq_pot_year_pot_id")),
        sa.CheckConstraint(
            "budget_ore + overrun_ore = available_ore + reserved_ore + committed_ore + ordered_ore + spent_ore",
            name=op.f("ck_pot_year_sum"),
        ),
        sa.CheckConstraint(
            "budget_ore >= 0 AND overrun_ore >= 0 AND available_ore >= 0 AND reserved_ore >= 0 AND committed_ore "
            ">= 0 AND ordered_ore >= 0 AND spent_ore >= 0",
            name=op.f("ck_pot_year_not_negative"),
        ),
        reference("pot_id", "pot.id", op.f("fk_pot_year_pot_id_pot")),
        sqlite_strict=True,
    )
    op.create_table(
        "holding",
        whole("proposal_id"), text("binding"), whole("funding"), whole("pot_year_id"), whole("reserved_ore"),
        whole("committed_ore"), whole("ordered_ore"), whole("spent_ore"),
        sa.PrimaryKeyConstraint("proposal_id", "binding", "funding", "pot_year_id", name=op.f("pk_holding")),
        sa.CheckConstraint(
            "reserved_ore >= 0 AND committed_ore >= 0 AND ordered_ore >= 0 AND spent_ore >= 0",
            name=op.f("ck_holding_not_negative"),
        ),
        reference("proposal_id", "proposal.id", op.f("fk_holding_proposal_id_proposal")),
        reference("pot_year_id", "pot_year.id", op.f("fk_holding_pot_year_id_pot_year")),
        sqlite_strict=True,
    )
    op.create_table(
        "ledger_entry",
        text("stream"), whole("seq"), whole("n"), whole("pot_year_id"), text("kind"), text("from_bucket"),
        text("to_bucket"), whole("amount_ore"), text("binding"), whole("funding"), whole("year"), text("accounting_on"),
        text("supplier", null=True), text("voucher", null=True),
        sa.PrimaryKeyConstraint("stream", "seq", "n", name=op.f("pk_ledger_entry")),
        sa.CheckConstraint("amount_ore BETWEEN 1 AND 1000000000000", name=op.f("ck_ledger_entry_amount")),
        sa.CheckConstraint("from_bucket <> to_bucket", name=op.f("ck_ledger_entry_moves")),
        reference("pot_year_id", "pot_year.id", op.f("fk_ledger_entry_pot_year_id_pot_year")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_ledger_entry_pot_year"), "ledger_entry", ["pot_year_id", "stream", "seq", "n"])
