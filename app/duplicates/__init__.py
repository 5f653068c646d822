"""Records that may be one person's: finding them, saying that they are not, joining them and parting them again."""
