"""Tables of what somebody writes before it is handed in. Part of ``schema``. The sender's own space: not received, no
history, and read by nobody but who holds the link."""

from sqlalchemy import Index, Table

from workflow.storage.columns import STRICT, key, metadata, text

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
