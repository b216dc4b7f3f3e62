"""Use cases over the engines, and the ports to what lies outside."""
