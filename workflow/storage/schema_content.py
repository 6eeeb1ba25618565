"""Tables of what a proposal says and costs, revision by revision. Part of ``schema``."""

from sqlalchemy import CheckConstraint, Index, Table

from workflow.storage.columns import STRICT, metadata, reference, text, whole

revision = Table(
    "revision",
    metadata,
    reference("proposal_id", "proposal.id", primary_key=True),
    whole("n", primary_key=True),
    text("title"),
    text("content"),  # canonical JSON: what, where, why, criteria ...
    text("salt"),
    text("digest"),  # of salt, title and content
    text("recorded_at"),
    **STRICT,
)
cost_line = Table(
    "cost_line",
    metadata,
    reference("proposal_id", "proposal.id", primary_key=True),
    whole("revision", primary_key=True),
    whole("n", primary_key=True),
    text("what"),
    text("kind"),
    whole("amount_ore", null=True),  # NULL: vet inte
    whole("life_years", null=True),
    text("owner"),
    text("classification", null=True),
    text("classification_reason", null=True),
    CheckConstraint("amount_ore IS NULL OR amount_ore BETWEEN 1 AND 1000000000000", name="amount"),
    **STRICT,
)
cost_detail = Table(  # where a line is booked, what it costs to run, ...; nothing stated has no row
    "cost_detail",
    metadata,
    reference("proposal_id", "proposal.id", primary_key=True),
    whole("revision", primary_key=True),
    whole("n", primary_key=True),
    text("content"),  # canonical JSON, in the digest of the revision
    **STRICT,
)
funding = Table(
    "funding",
    metadata,
    reference("proposal_id", "proposal.id", primary_key=True),
    whole("revision", primary_key=True),
    whole("n", primary_key=True),
    whole("line"),
    text("binding"),
    reference("pot_id", "pot.id"),
    text("source"),
    whole("year"),
    whole("amount_ore"),
    CheckConstraint("amount_ore BETWEEN 1 AND 1000000000000", name="amount"),
    Index("ix_funding_pot", "pot_id", "proposal_id", "revision"),
    **STRICT,
)
