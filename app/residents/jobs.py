"""What is done to records again and again: moves that were told beforehand are settled when their day has come."""

from app.kernel.worker import Periodic

PERIODIC = (Periodic("residents.settle_moves", "*/15 * * * *", "SELECT wall.settle_moves()"),)
