"""Who follows which proposal by mail. Part of ``schema``. The address stands in ``person`` alone."""

from sqlalchemy import CheckConstraint, Index, Table
from sqlalchemy import text as sql

from workflow.storage.columns import STRICT, metadata, reference, text

follow = Table(
    "follow",
    metadata,
    reference("person_id", "person.id", primary_key=True),  # of kind follower: one address, one proposal, no user
    reference("proposal_id", "proposal.id"),
    text("state"),
    text("asked_at"),  # the latest time
    text("changed_at"),
    CheckConstraint("state IN ('asked', 'confirmed', 'ended')", name="state"),
    Index("ix_follow_proposal", "proposal_id", "state"),
    Index("ix_follow_asked", "asked_at", sqlite_where=sql("state = 'asked'"), postgresql_where=sql("state = 'asked'")),
    **STRICT,
)
