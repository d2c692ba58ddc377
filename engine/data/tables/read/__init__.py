"""Reading of tables: a file per form, and what stands around the rows."""
