"""Every table, with the invariants that the database itself keeps. Knows no query.

Personal data and free text stand in ``person`` and ``passage``; events refer to them by a random reference or a
salted digest, so that they can be erased and the chain still verifies.
"""

from sqlalchemy import CheckConstraint, Index, MetaData, Table, UniqueConstraint
from sqlalchemy import text as sql

from workflow.columns import key, reference, text, whole

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
STRICT = {"sqlite_strict": True}

mark = Table("mark", metadata, text("name", primary_key=True), text("value"), **STRICT)  # demo, seed digest

definition = Table(
    "definition",
    metadata,
    key(),
    text("process"),
    whole("version"),
    text("digest"),
    text("body"),
    text("stored_at"),
    UniqueConstraint("process", "version", name="uq_definition_process"),
    **STRICT,
)

# --- people and bodies -------------------------------------------------------------------------------------------

person = Table(
    "person",
    metadata,
    key(),
    text("ref", unique=True),  # random: what events say instead of a name
    text("kind"),  # proposer, member, clock
    text("name"),
    text("title"),
    text("email"),
    text("telephone"),
    text("created_at"),
    **STRICT,
)
account = Table(
    "account",
    metadata,
    reference("person_id", "person.id", primary_key=True),
    text("login", unique=True),
    text("password_hash"),
    text("disabled_at", null=True),
    **STRICT,
)
session = Table(
    "session",
    metadata,
    text("token_hash", primary_key=True),
    reference("person_id", "person.id"),
    reference("proposal_id", "proposal.id", null=True),  # a proposer's session is for one proposal
    text("created_at"),
    text("seen_at"),
    text("expires_at"),
    text("ended_at", null=True),
    **STRICT,
)
link = Table(
    "link",
    metadata,
    text("secret_hash", primary_key=True),
    reference("proposal_id", "proposal.id"),
    reference("person_id", "person.id"),
    text("created_at"),
    text("revoked_at", null=True),
    **STRICT,
)
body = Table(
    "body",
    metadata,
    key(),
    text("code", unique=True),
    text("kind"),  # forum, working_group, department, board, executive, council
    text("title"),
    whole("level"),  # decides after those with a lower level; 0 decides nothing
    text("ended_on", null=True),
    reference("successor_id", "body.id", null=True),
    **STRICT,
)
membership = Table(
    "membership",
    metadata,
    key(),
    reference("person_id", "person.id"),
    reference("body_id", "body.id"),
    text("role"),
    text("category"),  # municipality, property_owner, trade, business, other, elected
    text("from_on"),
    text("to_on", null=True),
    text("source"),
    Index("ix_membership_person", "person_id"),
    **STRICT,
)
decision_right = Table(
    "decision_right",
    metadata,
    key(),
    text("holder"),  # a role (budget_holder) or a body's code
    whole("level"),
    text("source"),  # kind of source: investment, operating, appropriation, outside
    whole("up_to_ore", null=True),  # NULL: no limit
    text("point", null=True),  # delegation point
    text("from_on"),
    text("to_on", null=True),
    text("basis"),
    **STRICT,
)
rate = Table(
    "rate",
    metadata,
    key(),
    text("name"),
    whole("value", null=True),  # NULL: ej angivet
    text("unit"),
    text("from_on"),
    text("to_on", null=True),
    text("source"),
    text("set_by"),
    **STRICT,
)
meeting = Table(
    "meeting",
    metadata,
    key(),
    reference("body_id", "body.id"),
    text("held_on"),
    text("papers_due_on", null=True),
    UniqueConstraint("body_id", "held_on", name="uq_meeting_body_id"),
    **STRICT,
)
quiet_period = Table(
    "quiet_period", metadata, key(), text("from_on"), text("to_on"), text("title"), **STRICT
)

# --- proposals ---------------------------------------------------------------------------------------------------

proposal = Table(
    "proposal",
    metadata,
    key(),
    text("number", unique=True),  # CG-2026-014
    reference("definition_id", "definition.id"),
    reference("proposer_id", "person.id"),
    text("state"),
    text("origin"),  # "" in a main state
    text("awaits_role"),  # whose move it is, resolved on entry: a role or a body, "" for neither
    text("awaits_body"),
    whole("version"),  # moves and revisions; what a decider saw
    whole("revision"),
    whole("seq"),  # events
    text("head"),  # hash of the latest event
    text("since"),
    text("due_on", null=True),
    text("parked_until", null=True),
    text("ended_at", null=True),
    text("created_at"),
    text("registry_no", null=True),
    whole("is_example"),
    CheckConstraint("version >= 1 AND revision >= 1 AND seq >= 1", name="counts"),
    Index("ix_proposal_state", "state", "id"),
    **STRICT,
)
revision = Table(
    "revision",
    metadata,
    reference("proposal_id", "proposal.id", primary_key=True),
    whole("n", primary_key=True),
    text("title"),
    text("content"),  # canonical JSON: what, where, why, criteria ...
    text("salt"),
    text("digest"),  # of salt, title and content
    text("recorded_at"),
    **STRICT,
)
cost_line = Table(
    "cost_line",
    metadata,
    reference("proposal_id", "proposal.id", primary_key=True),
    whole("revision", primary_key=True),
    whole("n", primary_key=True),
    text("what"),
    text("kind"),
    whole("amount_ore", null=True),  # NULL: vet inte
    whole("life_years", null=True),
    text("owner"),
    text("classification", null=True),
    text("classification_reason", null=True),
    CheckConstraint("amount_ore IS NULL OR amount_ore BETWEEN 1 AND 1000000000000", name="amount"),
    **STRICT,
)
funding = Table(
    "funding",
    metadata,
    reference("proposal_id", "proposal.id", primary_key=True),
    whole("revision", primary_key=True),
    whole("n", primary_key=True),
    whole("line"),
    text("binding"),
    reference("pot_id", "pot.id"),
    text("source"),
    whole("year"),
    whole("amount_ore"),
    CheckConstraint("amount_ore BETWEEN 1 AND 1000000000000", name="amount"),
    **STRICT,
)
duty = Table(
    "duty",
    metadata,
    key(),
    reference("proposal_id", "proposal.id"),
    whole("seq"),  # of the event that opened it
    text("kind"),  # step, classify, ...
    text("holder"),  # officer, registrar:ks
    text("since"),
    text("due_on"),  # 9999-12-31: nobody is late
    whole("version"),
    text("answered_at", null=True),
    text("answer", null=True),
    Index("ix_duty_open", "holder", "due_on", "id", sqlite_where=sql("answered_at IS NULL"),
          postgresql_where=sql("answered_at IS NULL")),
    Index("ix_duty_proposal", "proposal_id", "id"),
    **STRICT,
)

# --- history -----------------------------------------------------------------------------------------------------

stream = Table(  # heads of the streams that are not proposals: pots, bodies, the configuration
    "stream", metadata, text("name", primary_key=True), whole("seq"), text("head"), **STRICT
)
event = Table(
    "event",
    metadata,
    text("stream", primary_key=True),  # "CG-2026-014", "pot/investment/2026", "configuration"
    whole("seq", primary_key=True),
    text("kind"),
    text("actor"),  # a person's ref
    text("recorded_at"),
    text("body"),  # canonical JSON: everything that the hash covers
    text("previous"),
    text("hash"),
    Index("ix_event_recorded", "recorded_at"),
    Index("ix_event_actor", "actor", "recorded_at"),
    **STRICT,
)
passage = Table(  # free text of an event, referenced from its body by salted digest
    "passage",
    metadata,
    text("stream", primary_key=True),
    whole("seq", primary_key=True),
    text("field", primary_key=True),
    text("salt"),
    text("content"),
    text("digest"),
    **STRICT,
)
decision = Table(
    "decision",
    metadata,
    text("stream", primary_key=True),
    whole("seq", primary_key=True),
    text("instance"),  # a body's code or a role
    text("kind"),  # board, delegated, execution
    text("outcome"),
    text("decided_on"),
    text("paragraph", null=True),
    text("delegation_point", null=True),
    text("registry_no", null=True),
    text("adjusted_on", null=True),
    text("sent_at", null=True),
    **STRICT,
)

# --- money -------------------------------------------------------------------------------------------------------

pot = Table(
    "pot",
    metadata,
    key(),
    text("code", unique=True),
    text("kind"),
    text("title"),
    reference("proposal_id", "proposal.id", null=True),  # an appropriation or a financier of one proposal
    **STRICT,
)
pot_year = Table(
    "pot_year",
    metadata,
    key(),
    reference("pot_id", "pot.id"),
    whole("year"),
    whole("budget_ore"),
    whole("overrun_ore"),
    whole("available_ore"),
    whole("reserved_ore"),
    whole("committed_ore"),
    whole("ordered_ore"),
    whole("spent_ore"),
    whole("decided"),  # 0: the budget is not decided
    text("closed_on", null=True),
    UniqueConstraint("pot_id", "year", name="uq_pot_year_pot_id"),
    CheckConstraint(
        "budget_ore + overrun_ore = available_ore + reserved_ore + committed_ore + ordered_ore + spent_ore",
        name="sum",
    ),
    CheckConstraint(
        "budget_ore >= 0 AND overrun_ore >= 0 AND available_ore >= 0 AND reserved_ore >= 0"
        " AND committed_ore >= 0 AND ordered_ore >= 0 AND spent_ore >= 0",
        name="not_negative",
    ),
    **STRICT,
)
ledger_entry = Table(
    "ledger_entry",
    metadata,
    text("stream", primary_key=True),
    whole("seq", primary_key=True),
    whole("n", primary_key=True),
    reference("pot_year_id", "pot_year.id"),
    text("kind"),
    text("from_bucket"),  # budget and overrun are where money comes from; the rest is where it stands
    text("to_bucket"),
    whole("amount_ore"),
    text("binding"),  # "" where no proposal is concerned
    whole("funding"),  # n of the funding row; 0 where none
    whole("year"),
    text("accounting_on"),
    text("supplier", null=True),
    text("voucher", null=True),
    CheckConstraint("amount_ore BETWEEN 1 AND 1000000000000", name="amount"),
    CheckConstraint("from_bucket <> to_bucket", name="moves"),
    Index("ix_ledger_entry_pot_year", "pot_year_id", "stream", "seq", "n"),
    **STRICT,
)
holding = Table(  # what each funding row has open and spent: a sum of ledger entries, checked by verify
    "holding",
    metadata,
    reference("proposal_id", "proposal.id", primary_key=True),
    text("binding", primary_key=True),
    whole("funding", primary_key=True),
    reference("pot_year_id", "pot_year.id", primary_key=True),
    whole("reserved_ore"),
    whole("committed_ore"),
    whole("ordered_ore"),
    whole("spent_ore"),
    CheckConstraint("reserved_ore >= 0 AND committed_ore >= 0 AND ordered_ore >= 0 AND spent_ore >= 0",
                    name="not_negative"),
    **STRICT,
)

# --- once, notices, refusals -------------------------------------------------------------------------------------

request = Table(  # idempotency: claimed in the same transaction as what it did
    "request",
    metadata,
    text("actor", primary_key=True),
    text("key", primary_key=True),
    text("digest"),
    text("answer"),
    text("recorded_at"),
    **STRICT,
)
notice = Table(
    "notice",
    metadata,
    key(),
    text("stream"),
    whole("seq"),
    text("kind"),
    text("recipient"),  # a holder key, or a person's ref
    text("created_at"),
    text("sent_at", null=True),
    Index("ix_notice_unsent", "id", sqlite_where=sql("sent_at IS NULL"), postgresql_where=sql("sent_at IS NULL")),
    **STRICT,
)
refusal = Table(  # what was refused, logged outside the transaction that was rolled back
    "refusal",
    metadata,
    key(),
    text("at"),
    text("actor"),
    text("what"),
    whole("kind"),
    text("facts"),
    **STRICT,
)

APPEND_ONLY = ("event", "ledger_entry", "definition", "revision")
