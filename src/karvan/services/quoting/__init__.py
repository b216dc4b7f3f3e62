"""The quote: from a request to several ways with legs, price lines, days and CO2e."""
