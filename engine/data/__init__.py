"""Data: sources, splits, preprocessing fitted on the training part only, and batches. Needs no torch."""
