"""Tables of what came after a decision and of what a meeting dealt with. Part of ``schema``. They repeat what
events tell, so that a page need not read every stream; ``verify`` compares."""

from sqlalchemy import ForeignKeyConstraint, Index, Table

from workflow.storage.columns import STRICT, metadata, reference, text, whole

decision_record = Table(  # what became known of a decision after it was registered; the latest word on each
    "decision_record",
    metadata,
    text("stream", primary_key=True),  # of the decision
    whole("seq", primary_key=True),
    whole("immediately"),  # 1: adjusted at once, at the meeting
    text("posted_on", null=True),  # notice up
    text("taken_down_on", null=True),
    text("sent_on", null=True),
    reference("reported_at", "meeting.id", null=True),  # the meeting to which a delegated decision was reported
    ForeignKeyConstraint(["stream", "seq"], ["decision.stream", "decision.seq"]),
    **STRICT,
)
meeting_item = Table(  # which steps were registered at a meeting
    "meeting_item",
    metadata,
    reference("meeting_id", "meeting.id", primary_key=True),
    text("stream", primary_key=True),  # of the proposal
    whole("seq", primary_key=True),  # of the step
    ForeignKeyConstraint(["stream", "seq"], ["event.stream", "event.seq"]),
    **STRICT,
)
calendar_feed = Table(  # the private address of somebody's meetings; its secret is hashed
    "calendar_feed",
    metadata,
    text("secret_hash", primary_key=True),
    reference("person_id", "person.id"),
    text("created_at"),
    text("revoked_at", null=True),
    Index("ix_calendar_feed_person", "person_id"),
    **STRICT,
)
