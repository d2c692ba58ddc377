"""Initializers: how weights start. A file for each idea, simplest first; every file here registers itself."""
