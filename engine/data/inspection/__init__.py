"""Inspection: what the data page shows of data that was read."""
