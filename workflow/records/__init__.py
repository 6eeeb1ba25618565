"""What has happened, kept for good: events in chains, keys, pinned definitions, notices, refusals."""
