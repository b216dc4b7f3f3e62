"""Engines: pure computations, independent of one another."""
