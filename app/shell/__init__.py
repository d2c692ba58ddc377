"""The window around the pages: menus, header, rail, column, status, commands."""
