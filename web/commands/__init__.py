"""The command line beside serving: people, sheets, staffing, the worker."""
