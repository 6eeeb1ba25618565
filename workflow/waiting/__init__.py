"""Att göra: what waits, for whom, since when."""
