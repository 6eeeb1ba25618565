"""Tables of who acts for whom, who takes no part, whose property lies where, and whose hands a task was put in.
Part of ``schema``. Each row is told by an event; reasons stand as passages beside it."""

from sqlalchemy import CheckConstraint, Index, Table, UniqueConstraint
from sqlalchemy import text as sql

from workflow.storage.columns import STRICT, key, metadata, reference, text, whole

deputy = Table(
    "deputy",
    metadata,
    key(),
    reference("principal_id", "person.id"),  # who is away
    reference("deputy_id", "person.id"),
    text("from_on"),
    text("to_on"),
    whole("seq", unique=True),  # of the event, in the stream ``deputies``
    text("ended_at", null=True),  # back before the last day
    CheckConstraint("principal_id <> deputy_id", name="another"),
    CheckConstraint("from_on <= to_on", name="period"),
    Index("ix_deputy_deputy", "deputy_id"),
    Index("ix_deputy_principal", "principal_id"),
    **STRICT,
)
interest = Table(
    "interest",
    metadata,
    key(),
    reference("proposal_id", "proposal.id"),
    reference("person_id", "person.id"),
    text("ground"),  # own, close, represents, supervises, agent, other: KL 6 kap. 28 §
    text("declared_on"),
    text("noted_by"),  # a person's ref: the person's own, or an officer's
    whole("seq"),  # of the event in the proposal's stream
    whole("withdrawn_seq", null=True),
    UniqueConstraint("proposal_id", "seq", name="uq_interest_proposal_id"),
    Index(
        "ix_interest_person",
        "person_id",
        "proposal_id",
        unique=True,
        sqlite_where=sql("withdrawn_seq IS NULL"),
        postgresql_where=sql("withdrawn_seq IS NULL"),
    ),
    **STRICT,
)
member_property = Table(
    "member_property",
    metadata,
    key(),
    reference("person_id", "person.id"),
    text("place"),  # the street or square that the property adjoins
    text("from_on"),
    text("to_on", null=True),
    text("source"),
    Index("ix_member_property_person", "person_id"),
    **STRICT,
)
handover = Table(
    "handover",
    metadata,
    key(),
    reference("duty_id", "duty.id"),
    reference("from_id", "person.id"),
    reference("to_id", "person.id"),
    text("handed_at"),
    whole("seq"),  # of the event in the proposal's stream
    whole("returned_seq", null=True),
    CheckConstraint("from_id <> to_id", name="another"),
    Index(
        "ix_handover_duty",
        "duty_id",
        unique=True,
        sqlite_where=sql("returned_seq IS NULL"),
        postgresql_where=sql("returned_seq IS NULL"),
    ),
    Index("ix_handover_to", "to_id", "duty_id"),
    Index("ix_handover_from", "from_id", "duty_id"),
    **STRICT,
)
