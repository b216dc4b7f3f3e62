"""Jobs: work that is done once, later, by whichever worker is free."""
