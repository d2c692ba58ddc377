"""The data of a run: as it was when the run began, where it lies now, and what of it did not come along."""
