"""The tests of services use the database and folders of those of organisations."""

from tests.organisations.conftest import demonstration, empty, engine, folder, session

__all__ = ["demonstration", "empty", "engine", "folder", "session"]
