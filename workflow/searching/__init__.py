"""How a proposal is found: the words that it says in public, how people type them, and the filters of the list."""
