"""What the database holds: its tables, the triggers that guard them, the connections, the migrations."""
