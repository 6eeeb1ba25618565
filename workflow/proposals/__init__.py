"""Finds proposals and says where they stand; what it is to enter a state."""
