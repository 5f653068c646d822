"""What it costs: the same questions through the whole road of policy and as bare SQL, side by side, at stated sizes."""
