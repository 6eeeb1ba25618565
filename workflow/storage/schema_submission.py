"""Tables of what somebody writes before it is handed in, and of the files that come with it. Part of ``schema``.
A draft is its sender's own space: no history, and read by nobody but who holds the link."""

from sqlalchemy import CheckConstraint, Index, Table
from sqlalchemy import text as sql

from workflow.storage.columns import STRICT, key, metadata, reference, text, whole

_WAITS = sql("standing = 'waiting' AND erased_at IS NULL")
draft = Table(
    "draft",
    metadata,
    key(),
    text("secret_hash", unique=True),
    text("typed"),  # canonical JSON: field -> as typed; {} once it is sent
    text("created_at"),
    text("changed_at"),
    text("sent_as", null=True),  # the number that it became
    text("key_hash", null=True),  # of the form that sent it, so that a second click gets the same receipt
    text("answer", null=True),
    Index("ix_draft_changed", "changed_at"),
    **STRICT,
)
upload = Table(
    "upload",
    metadata,
    key(),
    text("name", unique=True),  # random: what the file lies under
    reference("draft_id", "draft.id", null=True),
    reference("proposal_id", "proposal.id", null=True),
    whole("seq", null=True),  # of the event that it came with
    text("kind"),  # picture, document
    text("title"),
    text("alt"),
    text("phase"),  # before, after, or nothing
    whole("size"),
    text("digest"),  # SHA-256 of what is kept
    whole("width"),
    whole("height"),
    text("standing"),
    reference("by_person", "person.id", null=True),  # an official; NULL: whoever handed it in
    whole("looked_seq", null=True),  # of the event by which an official last looked at it
    text("added_at"),
    text("erased_at", null=True),
    CheckConstraint("(draft_id IS NULL) <> (proposal_id IS NULL)", name="owner"),
    CheckConstraint("standing IN ('waiting', 'shown', 'hidden')", name="standing"),
    CheckConstraint("kind IN ('picture', 'document')", name="kind"),
    CheckConstraint("phase IN ('', 'before', 'after')", name="phase"),
    Index("ix_upload_draft", "draft_id"),
    Index("ix_upload_proposal", "proposal_id", "id"),
    Index("ix_upload_waiting", "proposal_id", sqlite_where=_WAITS, postgresql_where=_WAITS),
    **STRICT,
)
