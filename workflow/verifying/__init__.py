"""Recomputes everything that is stored from the events and says where it differs."""
