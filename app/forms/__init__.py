"""Forms: generated from the fields of a record. Nobody writes one by hand."""
