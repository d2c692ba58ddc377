"""Pictures: files decoded and resized, with their labels from folders, tables and published layouts."""
