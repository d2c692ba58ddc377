"""The self-test: everything this installation needs is tried once, on small data that comes with it."""
