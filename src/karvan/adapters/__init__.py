"""Adapters: what lies outside the program, behind the ports of `services`."""
