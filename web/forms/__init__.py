"""Fields and forms, built from what the engine says is asked."""
