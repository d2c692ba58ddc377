"""Inference: what is done with a network that has learnt: evaluate, predict, write."""
