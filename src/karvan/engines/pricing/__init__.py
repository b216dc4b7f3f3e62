"""Through prices line by line."""
