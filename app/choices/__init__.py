"""What residents said about sharing and passing on, and their objections: append-only, with the wording read out."""
