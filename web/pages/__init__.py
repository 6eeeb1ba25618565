"""Pages: each loads, permits, calls the engine and answers. No rule is held here."""
