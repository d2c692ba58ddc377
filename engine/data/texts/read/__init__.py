"""Reading of texts: files, folders, tables, marked lines, tagged words and pairs."""
