"""Every page of the desk, in one place for the application to find."""

from app.desk import choosing, editing, finding, people, recording
from app.desk.pages import routes

__all__ = ["choosing", "editing", "finding", "people", "recording", "routes"]
