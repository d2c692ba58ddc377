"""Tests of Test and Predict."""
