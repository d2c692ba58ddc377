"""What the window looks like and remembers: tokens, style sheet, icons, the order of Tab, settings."""
