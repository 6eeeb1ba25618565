"""The decision: who may, what it moves, and what is written, in one transaction."""
