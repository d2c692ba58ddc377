"""Cells: what one cell of a table may hold, read the same way whatever the file: numbers, dates, words."""
