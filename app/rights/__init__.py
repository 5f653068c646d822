"""What an information governance officer answers for: who looked at whose record, and why one may or may not see it."""
