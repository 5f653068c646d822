"""Small, likely mistakes as patches, each with the one test that must notice it."""
