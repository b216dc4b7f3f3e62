"""HTTP: requests in, JSON out, nothing decided here."""
