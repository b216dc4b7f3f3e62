"""Regimes, documents and warnings of a route, from dated rules."""
