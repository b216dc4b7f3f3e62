"""Words and rules of the trade; the standard library and python-stdnum only."""
