"""Files and folders: what they are by their names and beginnings, and what folders mean."""
