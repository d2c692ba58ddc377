"""Runs: browsing earlier ones, and comparing them."""
