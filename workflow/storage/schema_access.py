"""Tables of how somebody gets in: attempts that are counted, and invitations to choose a password. Part of
``workflow.storage.schema``."""

from sqlalchemy import ForeignKey, Index, Table

from workflow.storage.columns import STRICT, metadata, reference, text, whole

attempt = Table(  # guesses of a password, by account and by network; forgotten when they have leaked away
    "attempt",
    metadata,
    text("counter", primary_key=True),  # "account/<digest>", "browser/<digest>", "network/192.0.2.0/24"
    whole("tries"),
    text("counted_at"),  # since when tries leak away
    text("free_at"),  # when the next may be made
    Index("ix_attempt_counted", "counted_at"),
    **STRICT,
)
invitation = Table(  # to choose a password, once
    "invitation",
    metadata,
    text("secret_hash", primary_key=True),
    reference("person_id", "person.id"),
    text("created_at"),
    text("expires_at"),
    text("used_at", null=True),
    Index("ix_invitation_person", "person_id"),
    **STRICT,
)
session_browser = Table(  # by which its owner knows a session again
    "session_browser",
    metadata,
    text("token_hash", ForeignKey("session.token_hash"), primary_key=True),
    text("agent"),  # what the browser calls itself
    **STRICT,
)
