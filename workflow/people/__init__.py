"""Who there is: persons, seats, rights, deputies, passwords and sessions."""
