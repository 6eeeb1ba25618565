"""Tables of what officials keep an eye on: proposals somebody follows, and rounds of opinions asked for in parallel.
Part of ``schema``. Each opinion awaited is a duty; who follows what is no history of the case."""

from sqlalchemy import PrimaryKeyConstraint, Table

from workflow.storage.columns import STRICT, metadata, reference, text, whole

watch = Table(
    "watch",
    metadata,
    reference("person_id", "person.id"),
    reference("proposal_id", "proposal.id"),
    text("since"),
    PrimaryKeyConstraint("person_id", "proposal_id"),
    **STRICT,
)
opinion_round = Table(  # one question to several at once; its duties have the same proposal and seq
    "opinion_round",
    metadata,
    reference("proposal_id", "proposal.id"),
    whole("seq"),  # of the event that asked
    text("due_on"),
    text("closed_at", null=True),
    PrimaryKeyConstraint("proposal_id", "seq"),
    **STRICT,
)
