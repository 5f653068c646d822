"""Whether the matcher finds who is who: measured on public sets of invented people and on a world of our own."""
