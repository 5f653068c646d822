"""Conversations with residents, anonymous ones among them, and what was noted and promised."""
