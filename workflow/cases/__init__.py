"""One proposal as it is shown: its timeline, its case page, its file; and what people note about it."""
