"""Reading of series and courses over time: their files, and when each row was."""
