"""Sharing without permission where the law demands it. Here are its records and the right they give."""
