"""Stores in a database, through SQLAlchemy Core."""
