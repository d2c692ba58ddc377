"""History: every number a run produced, in one file of SQLite; written, read."""
