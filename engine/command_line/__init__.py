"""The headless command line: what a script can do with experiments and runs."""
