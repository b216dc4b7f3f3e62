"""Interfaces: command line and HTTP, which translate and nothing else."""
