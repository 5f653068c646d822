"""Postcodes, addresses and areas: which councils cover a place on a date. Who lives there is told by ``residents``."""
