"""How a proposal comes in."""
