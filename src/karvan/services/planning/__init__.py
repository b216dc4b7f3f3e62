"""Studies: scenarios as data, the corridor made into planning problems, answers told by month."""
