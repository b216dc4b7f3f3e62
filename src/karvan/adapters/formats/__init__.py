"""The network in formats of others: one module a format."""
