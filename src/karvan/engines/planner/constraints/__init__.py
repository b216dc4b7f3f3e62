"""The families of constraints, one a module, each with its mathematics."""
