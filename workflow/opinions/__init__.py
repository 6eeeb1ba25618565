"""What others think: opinions asked for, and votes of a group."""
