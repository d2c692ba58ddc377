"""Baselines: what is reached without a network, on the same split and by the same metrics."""
