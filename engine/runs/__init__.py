"""Runs: the folder that holds all of one execution; written, read, listed, compared."""
