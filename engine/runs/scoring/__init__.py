"""Scoring: what a model is worth on the parts of its data, each target for itself, as records."""
