"""Studies as pages that need nothing but themselves."""
