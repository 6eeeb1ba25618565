"""Fixtures for all tests: databases, a browser and the command line, each in a file of its own."""

pytest_plugins = ["tests.browser", "tests.databases", "tests.web.commands", "tests.web.site"]
