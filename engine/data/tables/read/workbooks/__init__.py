"""Excel workbooks: their sheets, and the marks that cells carry."""
