"""Changes the policy core by one small step at a time, and asks whether a test notices."""
