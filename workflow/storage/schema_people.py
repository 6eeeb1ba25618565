"""Tables of people, the bodies they sit in, what those may decide, and when they meet. Part of ``schema``."""

from sqlalchemy import Index, Table, UniqueConstraint

from workflow.storage.columns import STRICT, key, metadata, reference, text, whole

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
    Index("ix_session_person", "person_id"),
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
    text("substitute", null=True),  # the role that may decide while its holder is away; NULL: ej angivet, nobody
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
quiet_period = Table("quiet_period", metadata, key(), text("from_on"), text("to_on"), text("title"), **STRICT)
