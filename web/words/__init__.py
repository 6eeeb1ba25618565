"""What things are called, in the user's language: states, fields, refusals, figures."""
