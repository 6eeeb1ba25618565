"""The examples of a demonstration, played through the engine."""
