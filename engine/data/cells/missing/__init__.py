"""Numbers that may mean missing, so that a person is asked."""
