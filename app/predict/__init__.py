"""Test and Predict: what a trained network is worth, and what it says."""
