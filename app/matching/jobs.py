"""What is done again and again: how common names are is counted anew each night."""

from app.kernel.worker import Periodic

PERIODIC = (Periodic("matching.measure", "23 3 * * *", "SELECT wall.measure_frequencies()"),)
