"""Tests of browsing and comparing runs."""
