"""The command line: text in, text out, nothing decided here."""
