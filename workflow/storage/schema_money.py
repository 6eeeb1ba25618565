"""Tables of pots and of every amount that moved in them. Part of ``schema``."""

from sqlalchemy import CheckConstraint, Index, Table, UniqueConstraint
from sqlalchemy import text as sql

from workflow.storage.columns import STRICT, key, metadata, reference, text, whole

pot = Table(
    "pot",
    metadata,
    key(),
    text("code", unique=True),
    text("kind"),
    text("title"),
    reference("proposal_id", "proposal.id", null=True),  # an appropriation or a financier of one proposal
    **STRICT,
)
pot_year = Table(
    "pot_year",
    metadata,
    key(),
    reference("pot_id", "pot.id"),
    whole("year"),
    whole("budget_ore"),
    whole("overrun_ore"),
    whole("available_ore"),
    whole("reserved_ore"),
    whole("committed_ore"),
    whole("ordered_ore"),
    whole("spent_ore"),
    whole("decided"),  # 0: the budget is not decided
    text("closed_on", null=True),
    UniqueConstraint("pot_id", "year", name="uq_pot_year_pot_id"),
    CheckConstraint(
        "budget_ore + overrun_ore = available_ore + reserved_ore + committed_ore + ordered_ore + spent_ore",
        name="sum",
    ),
    CheckConstraint(
        "budget_ore >= 0 AND overrun_ore >= 0 AND available_ore >= 0 AND reserved_ore >= 0"
        " AND committed_ore >= 0 AND ordered_ore >= 0 AND spent_ore >= 0",
        name="not_negative",
    ),
    **STRICT,
)
ledger_entry = Table(
    "ledger_entry",
    metadata,
    text("stream", primary_key=True),
    whole("seq", primary_key=True),
    whole("n", primary_key=True),
    reference("pot_year_id", "pot_year.id"),
    text("kind"),
    text("from_bucket"),  # budget and overrun are where money comes from; the rest is where it stands
    text("to_bucket"),
    whole("amount_ore"),
    text("binding"),  # "" where no proposal is concerned
    whole("funding"),  # n of the funding row; 0 where none
    whole("year"),
    text("accounting_on"),
    text("supplier", null=True),
    text("voucher", null=True),
    CheckConstraint("amount_ore BETWEEN 1 AND 1000000000000", name="amount"),
    CheckConstraint("from_bucket <> to_bucket", name="moves"),
    Index("ix_ledger_entry_pot_year", "pot_year_id", "stream", "seq", "n"),
    **STRICT,
)
holding = Table(  # what each funding row has open and spent: a sum of ledger entries, checked by verify
    "holding",
    metadata,
    reference("proposal_id", "proposal.id", primary_key=True),
    text("binding", primary_key=True),
    whole("funding", primary_key=True),
    reference("pot_year_id", "pot_year.id", primary_key=True),
    whole("reserved_ore"),
    whole("committed_ore"),
    whole("ordered_ore"),
    whole("spent_ore"),
    CheckConstraint(
        "reserved_ore >= 0 AND committed_ore >= 0 AND ordered_ore >= 0 AND spent_ore >= 0", name="not_negative"
    ),
    Index(
        "ix_holding_reserved",
        "pot_year_id",
        "proposal_id",
        sqlite_where=sql("reserved_ore > 0"),
        postgresql_where=sql("reserved_ore > 0"),
    ),
    **STRICT,
)
