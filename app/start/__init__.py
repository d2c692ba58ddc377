"""The start page: presets, files opened lately, and ways in for one's own data."""
