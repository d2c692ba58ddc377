"""Tests of the window with real engine processes behind it."""
