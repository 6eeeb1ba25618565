"""Bodies, seats, rights and days as the administrator changes them, each change an event."""
