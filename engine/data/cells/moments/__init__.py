"""Days and times in cells: words and numbers that write them, in the forms and eras of everywhere."""
