"""Tables by which a proposal is found. Part of ``schema``. Both follow from what the latest revision says in public,
so that they can be emptied and made anew at any time."""

from sqlalchemy import Column, Table, Text

from workflow.storage.columns import STRICT, metadata, reference

BY_BYTES = Text().with_variant(Text(collation="C"), "postgresql")  # whatever the town's alphabet, ranges are the same

search_word = Table(
    "search_word",
    metadata,
    Column("word", BY_BYTES, primary_key=True),  # folded; "where:torget", "criterion:safety", "year:2026"
    reference("proposal_id", "proposal.id", primary_key=True, index=True),
    **STRICT,
)
search_form = Table(  # what leads to a word: what it ends with, and "~" with its stem less a letter
    "search_form",
    metadata,
    Column("form", BY_BYTES, primary_key=True),
    Column("word", BY_BYTES, primary_key=True),
    **STRICT,
)
