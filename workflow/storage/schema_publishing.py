"""Tables of what the public says and is shown. Part of ``schema``. The words themselves stand in ``passage``."""

from sqlalchemy import Index, Table
from sqlalchemy import text as sql

from workflow.storage.columns import STRICT, metadata, reference, text

_OPEN = sql("closed_at IS NULL")

comment = Table(
    "comment",
    metadata,
    text("number", primary_key=True),  # SP-2026-001; its stream is comment/SP-2026-001
    text("kind"),  # comment, accessibility
    text("page"),  # the address it was written on, without what follows a question mark
    reference("proposal_id", "proposal.id", null=True),
    text("received_at"),
    text("closed_at", null=True),
    text("outcome", null=True),  # noted, answered, forwarded
    Index(
        "ix_comment_open", "number", sqlite_where=sql("closed_at IS NULL"), postgresql_where=sql("closed_at IS NULL")
    ),
    Index("ix_comment_proposal", "proposal_id"),
    **STRICT,
)
