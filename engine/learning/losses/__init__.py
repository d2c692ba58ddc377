"""Losses: what a wrong prediction costs. A file for each sort of target, simplest loss first."""
