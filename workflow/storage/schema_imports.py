"""Tables of files brought in from the accounting system, between the dry run and the booking. Part of
``schema``. Working papers, not history: what is booked is an event, and the papers are thrown away later."""

from sqlalchemy import CheckConstraint, Index, Table

from workflow.storage.columns import STRICT, key, metadata, reference, text, whole

import_batch = Table(
    "import_batch",
    metadata,
    key(),
    text("kind"),  # invoices, budgets
    text("filename"),
    text("digest"),  # SHA-256 of the file
    reference("person_id", "person.id"),
    text("uploaded_at"),
    **STRICT,
)
import_row = Table(
    "import_row",
    metadata,
    reference("batch_id", "import_batch.id", primary_key=True),
    whole("n", primary_key=True),  # row of the file
    text("said"),  # canonical JSON: field -> text as read
    text("fate"),
    text("reasons"),  # canonical JSON: [[kind, facts], ...]
    text("stream", null=True),  # the event that booked it
    whole("seq", null=True),
    CheckConstraint("fate IN ('books', 'booked', 'exists', 'fault')", name="fate"),
    Index("ix_import_row_fate", "batch_id", "fate", "n"),
    **STRICT,
)
