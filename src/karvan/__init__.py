"""Karvan: the open digital corridor for the Trans-Caspian route."""

__version__ = "0.1.0"
