"""The tests of services use the database and folders of those of organisations."""

from tests.organisations.conftest import empty, engine, folder, session

__all__ = ["empty", "engine", "folder", "session"]
