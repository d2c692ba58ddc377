"""Packed runs: a run in one file (.ravine), safe to open whoever made it; its data by choice."""
