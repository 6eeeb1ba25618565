"""Letters about what has happened and what is due: to whom, when, and what becomes of them."""
