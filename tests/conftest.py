"""Fixtures for all tests: databases (tests/databases.py) and a browser (tests/browser.py)."""

pytest_plugins = ["tests.browser", "tests.databases"]
