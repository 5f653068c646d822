"""Requests: where they go and why, who carries them out, and what each of them may see of the resident."""
