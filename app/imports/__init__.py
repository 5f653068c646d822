"""Bringing residents in from a file: read, checked row by row, recorded by the same rules as at a desk, and taken back whole."""
