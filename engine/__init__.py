"""Ravine's engine: data, networks, learning and runs. Knows no window; usable from a script and headless."""

__version__ = "0.1.0"
