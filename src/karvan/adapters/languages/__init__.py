"""Languages: message catalogues, and the ways in which numbers and days are written."""
