"""Invented people for a partnership that is only shown: staff with log-ins, and residents recorded as an adviser would record
them. Nothing else depends on it, and a real installation never runs it."""
