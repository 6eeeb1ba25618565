"""Meetings of bodies: agenda, registration, minutes, and what is told of a decision afterwards."""
