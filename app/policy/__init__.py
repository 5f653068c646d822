"""Who may do what, on which rows and on which parts of them, and why."""
