"""Which groups vote, from when. Part of ``schema``; a vote itself is an event and its members' duties."""

from sqlalchemy import Table

from workflow.storage.columns import STRICT, key, metadata, reference, text, whole

vote_rule = Table(
    "vote_rule",
    metadata,
    key(),
    reference("body_id", "body.id"),
    whole("share"),  # basis points of those asked: a vote is carried by more
    text("from_on"),
    text("to_on", null=True),
    text("source"),
    **STRICT,
)
