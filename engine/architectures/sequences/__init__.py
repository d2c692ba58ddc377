"""Architectures for texts and series, one file each."""
