"""Every page of this feature: at the door, of one's own account, and of other people's hats."""

from app.staff import account, doorway, people
from app.staff.blueprint import routes

__all__ = ["account", "doorway", "people", "routes"]
