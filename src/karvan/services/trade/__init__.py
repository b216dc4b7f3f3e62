"""Trade between two countries: how much, which way, and what it would load on the corridor."""
