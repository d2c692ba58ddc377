"""Runs as lists show them: what they are called, reading all of a folder, and finding some again."""
