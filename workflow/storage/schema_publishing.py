"""Tables of what the public says and is shown. Part of ``schema``. The words themselves stand in ``passage``."""

from sqlalchemy import Index, PrimaryKeyConstraint, Table
from sqlalchemy import text as sql

from workflow.storage.columns import STRICT, metadata, reference, text, whole

_OPEN = sql("closed_at IS NULL")
_MASKED = sql("state = 'masked'")
_WAITS = sql("published_seq IS NULL")

comment = Table(
    "comment",
    metadata,
    text("number", primary_key=True),  # SP-2026-001; its stream is comment/SP-2026-001
    text("kind"),  # comment, accessibility
    text("page"),  # the address it was written on, without what follows a question mark
    reference("proposal_id", "proposal.id", null=True),
    text("received_at"),
    text("closed_at", null=True),
    text("outcome", null=True),  # noted, answered, forwarded, junk
    Index(
        "ix_comment_open", "number", sqlite_where=sql("closed_at IS NULL"), postgresql_where=sql("closed_at IS NULL")
    ),
    Index("ix_comment_proposal", "proposal_id"),
    **STRICT,
)
public_face = Table(  # what everybody reads of a proposal, where that is not what is written
    "public_face",
    metadata,
    reference("proposal_id", "proposal.id", primary_key=True, autoincrement=False),
    text("state"),  # as_written, masked (nobody has looked), kept (masked), shown, corrected
    text("found"),  # the kinds of details found: email,telephone
    text("title"),  # "": as written
    text("content"),
    whole("reviewed_seq", null=True),  # of the event by which an official looked at it
    whole("hidden_seq", null=True),  # of the event that took it out of sight (avpublicera)
    Index("ix_public_face_masked", "proposal_id", sqlite_where=_MASKED, postgresql_where=_MASKED),
    **STRICT,
)
public_wording = Table(  # other words for everybody than an event's own; they stand in the passage of (stream, seq)
    "public_wording",
    metadata,
    text("stream"),
    whole("about"),  # the event's seq
    text("field"),
    whole("seq"),
    PrimaryKeyConstraint("stream", "about", "field"),
    **STRICT,
)
held_decision = Table(  # a decision whose words everybody waits for until an officer publishes them
    "held_decision",
    metadata,
    text("stream"),
    whole("about"),  # the decision's seq
    whole("held_seq"),
    whole("published_seq", null=True),
    PrimaryKeyConstraint("stream", "about"),
    Index("ix_held_decision_waiting", "stream", "about", sqlite_where=_WAITS, postgresql_where=_WAITS),
    **STRICT,
)
erasure = Table(  # gallring: what was erased, by which event; also kept outside, for when a backup is restored
    "erasure",
    metadata,
    text("stream"),
    text("scope"),  # contact, everything
    whole("seq"),
    PrimaryKeyConstraint("stream", "scope"),
    **STRICT,
)
