"""Tables of what is done once though asked for twice, who is to be told, and what was refused. Part of ``schema``."""

from sqlalchemy import Index, Table
from sqlalchemy import text as sql

from workflow.storage.columns import STRICT, key, metadata, text, whole

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
