"""What is done to contacts again and again: ending those that nobody ended."""

from app.kernel.worker import Periodic

PERIODIC = (Periodic("contacts.end_stale", "*/10 * * * *", "SELECT wall.end_stale_contacts(interval '4 hours')"),)
