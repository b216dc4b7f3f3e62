"""Tables from files: read, checked, turned into entities."""
